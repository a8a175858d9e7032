import type { DocumentState } from '../domain/facts.ts'
import type { Assignee, RuleAction, RuleTrigger } from '../domain/status-rules.ts'
import type { RuleBody } from '../schemas/process.ts'
import type { Locale } from '../views/common.ts'
import { describeCondition, joinWords, nameFactInside, quote, type RuleWords, ruleTranslators } from './describe-condition.ts'
import { formatAge } from './format.ts'

/** What a sentence is made of; a draft may lack anything but its trigger. */
export type RuleSaid = Pick<RuleBody, 'dealTypes' | 'trigger' | 'condition' | 'forwardOnly' | 'actions'>

/**
 * A whole rule as one sentence: `Когда документ «Счёт» оплачен полностью, если сумма не меньше 100 000 ₽, статус становится «Оплата».`
 * What is not chosen yet stands as an ellipsis.
 */
export function describeRule(rule: RuleSaid, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  const condition = describeCondition(rule.condition, locale, words)
  const actions = rule.actions.map((action) => describeAction(action, locale, words, rule.forwardOnly))
  const values = {
    when: describeTrigger(rule.trigger, locale, words),
    condition,
    actions: joinWords(actions, t('and')) || t('do.nothing'),
  }
  const sentence = t(condition === '' ? 'rule.whole' : 'rule.whole.if', values).replace(/…\.$/, '…')
  if (rule.dealTypes.length === 0) return sentence
  const types = joinWords(
    rule.dealTypes.map((code) => quote(words.dealType(code), locale)),
    t('and'),
  )
  const inside = sentence.charAt(0).toLowerCase() + sentence.slice(1)
  return t('rule.types', { count: rule.dealTypes.length, types, rule: inside })
}

/** What a rule waits for, as it stands after "when": `документ «Счёт» оплачен полностью`. */
export function describeTrigger(trigger: RuleTrigger, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  switch (trigger.kind) {
    case 'deal_created':
    case 'lead_received':
    case 'deadline_passed':
      return t(`when.${trigger.kind}`)
    case 'stage_entered':
    case 'stage_completed':
      return t(`when.${trigger.kind}`, { stage: nameStage(trigger, locale, words) })
    case 'process_started':
    case 'process_finished':
    case 'process_cancelled': {
      const template =
        trigger.template === undefined
          ? t('part.template.any')
          : t('part.template', { template: quote(words.template(trigger.template), locale) })
      return t(`when.${trigger.kind}`, { template })
    }
    case 'document_changed':
      return t(trigger.state === undefined ? 'when.document_changed' : whenState(trigger.state), {
        document: nameDocument(trigger, locale, words),
      })
    case 'payment_received':
      return t(trigger.isFull ? 'when.payment_received.full' : 'when.payment_received', {
        document: nameDocument(trigger, locale, words),
      })
    case 'field_changed':
      return trigger.fact === undefined
        ? t('when.field_changed')
        : t('when.field_changed.fact', nameFactInside(trigger.fact, locale, words))
    case 'status_changed':
      return trigger.status === undefined
        ? t('when.status_changed')
        : t('when.status_changed.status', { status: quote(words.status(trigger.status), locale) })
    case 'deal_idle':
      return trigger.days === undefined ? t('when.deal_idle.any') : t('when.deal_idle', { days: trigger.days })
    case 'period_began':
      return t(trigger.onWorkingDay ? 'when.period_began.working' : 'when.period_began', { every: trigger.every ?? 'other' })
    case 'date_near':
      return describeDateNear(trigger, locale, words)
  }
}

function describeDateNear({ fact = 'field.', daysBefore = 0 }: RuleTrigger, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  const isField = fact.startsWith('field.')
  const values = { name: isField ? quote(words.fact(fact)?.name || t('unnamed'), locale) : '', days: Math.abs(daysBefore) }
  if (daysBefore === 0) return t(isField ? 'when.date_near.today' : 'when.date_near.today.close', values)
  const date = t(isField ? 'part.date' : 'part.date.close', values)
  return t(daysBefore > 0 ? 'when.date_near.before' : 'when.date_near.after', { ...values, date })
}

/** One action as it stands at the end of a sentence: `менеджеру ставится задача «Позвонить» на 2 дня`. */
export function describeAction(action: RuleAction, locale: Locale, words: RuleWords, forwardOnly = false): string {
  const t = ruleTranslators[locale]
  switch (action.kind) {
    case 'set_status':
      return t(forwardOnly ? 'do.set_status.forward' : 'do.set_status', { status: quote(words.status(action.status), locale) })
    case 'create_task': {
      const task = t(action.assignee.kind === 'employee' ? 'do.create_task.person' : 'do.create_task', {
        whom: nameReceiver(action.assignee, locale, words),
        title: quote(action.title[locale] || t('unnamed'), locale),
      })
      return action.dueInHours === null ? task : t('do.due', { task, age: formatSpan(action.dueInHours, locale) })
    }
    case 'notify':
      return t(action.to.kind === 'employee' ? 'do.notify.person' : 'do.notify', {
        whom: nameReceiver(action.to, locale, words),
        text: quote(action.text[locale] || t('unnamed'), locale),
      })
    case 'assign':
      return t('do.assign', { whom: nameAssignee(action.to, locale, words) })
    case 'start_process':
      return t('do.start_process', { template: quote(words.template(action.template), locale) })
    case 'create_deal':
      return t('do.create_deal', {
        title: quote(action.title[locale] || t('unnamed'), locale),
        type: quote(words.dealType(action.dealType), locale),
      })
    case 'call_webhook':
      return t('do.call_webhook', { host: /^https?:\/\/([^/?#]+)/.exec(action.url)?.[1] ?? t('unnamed') })
  }
}

function nameStage({ template, stage }: RuleTrigger, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  const values = {
    template: template === undefined ? '' : quote(words.template(template), locale),
    stage: stage === undefined ? '' : quote(words.stage(template, stage), locale),
  }
  if (stage === undefined) return t(template === undefined ? 'part.stage.any' : 'part.stage.anyOf', values)
  return t(template === undefined ? 'part.stage' : 'part.stage.template', values)
}

function nameDocument({ documentType }: RuleTrigger, locale: Locale, words: RuleWords): string {
  const t = ruleTranslators[locale]
  return documentType === undefined
    ? t('part.document.any')
    : t('part.document', { document: quote(words.documentType(documentType), locale) })
}

function whenState(state: DocumentState): `when.document.${DocumentState}` {
  return `when.document.${state}`
}

/** Whom something is given to; a person's name is not declined. */
function nameReceiver(assignee: Assignee, locale: Locale, words: RuleWords): string {
  if (assignee.kind === 'employee') return words.employee(assignee.employeeId)
  return ruleTranslators[locale](assignee.kind === 'role' ? `to.role.${assignee.role}` : `to.${assignee.kind}`)
}

function nameAssignee(assignee: Assignee, locale: Locale, words: RuleWords): string {
  if (assignee.kind === 'employee') return words.employee(assignee.employeeId)
  return ruleTranslators[locale](assignee.kind === 'role' ? `who.role.${assignee.role}` : `who.${assignee.kind}`)
}

/** Whole days where they are whole, else hours: 36 hours are not one day. */
function formatSpan(hours: number, locale: Locale): string {
  if (hours % 24 === 0 || hours < 24) return formatAge(hours, locale)
  return `${formatAge(Math.floor(hours / 24) * 24, locale)} ${formatAge(hours % 24, locale)}`
}
