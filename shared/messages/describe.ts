import type { DealEventBody, FieldChange, VisitCause } from '../domain/events.ts'
import type { Locale } from '../views/common.ts'
import type { CauseView } from '../views/deals.ts'
import { eventsEn } from './en/events.ts'
import { formatDateTime, formatDay, formatMoney, formatShare } from './format.ts'
import { type EventsKey, eventsRu } from './ru/events.ts'
import { createTranslate } from './translate.ts'

/** What the words depend on besides the language. `currency` is the organisation's; `currentYear` leaves that year out of days. */
export type DescribeOptions = { readonly timeZone: string; readonly currency: string; readonly currentYear?: number }
export type EventText = { readonly title: string; readonly detail?: string }

const translators = { ru: createTranslate<EventsKey>('ru', eventsRu), en: createTranslate<EventsKey>('en', eventsEn) }
const separator = ' · '

/** The cause without its moment: `по правилу «Счёт оплачен»`, `вручную, Анна Петрова`. */
export function nameCause(cause: Pick<CauseView, 'kind' | 'person' | 'name'>, locale: Locale): string {
  const t = translators[locale]
  const person = cause.person?.name ?? null
  switch (cause.kind) {
    case 'stage':
    case 'rule':
      return t(`cause.${cause.kind}`, { name: cause.name ?? '' })
    case 'creation':
    case 'user':
    case 'undo':
      return person ? t(`cause.${cause.kind}By`, { person }) : t(`cause.${cause.kind}`)
    case 'import':
      return t('cause.import')
  }
}

/**
 * Why a deal has its status: `по этапу «Договор», 12 ноя, 14:05`; `вручную, Анна Петрова, 10 ноя, 09:42: просили ускорить`.
 * @param currentYear year that goes without saying; left out, every day carries its year.
 */
export function describeCause(cause: CauseView, locale: Locale, timeZone: string, currentYear?: number): string {
  const moment = formatDateTime(cause.at, timeZone, locale, currentYear)
  const text = `${nameCause(cause, locale)}, ${moment}`
  return cause.reason ? `${text}: ${cause.reason}` : text
}

/** The cause as an event carries it; who did it stands on the event itself. */
function nameVisitCause(cause: VisitCause, locale: Locale): string {
  const name = cause.kind === 'stage' ? cause.stage.name[locale] : cause.kind === 'rule' ? cause.rule.name[locale] : null
  const text = nameCause({ kind: cause.kind, person: null, name }, locale)
  return cause.kind === 'user' ? `${text}: ${cause.reason}` : text
}

function sayValue(change: FieldChange, side: 'before' | 'after', locale: Locale, options: DescribeOptions): string {
  const value = change[side]
  if (value === null) return ''
  if (change.field === 'amountMinor') return formatMoney(Number(value), change.currencies?.[side] ?? options.currency, locale)
  if (change.field === 'expectedCloseOn' || change.field === 'datedOn')
    return formatDay(String(value), locale, options.currentYear)
  if (change.field === 'probabilityPct') return formatShare(Number(value) / 100, locale)
  return String(value)
}

function sayChange(change: FieldChange, locale: Locale, options: DescribeOptions): string {
  const t = translators[locale]
  const key = `field.${change.field}`
  const field = change.names?.[locale] ?? (key in eventsRu ? t(key as EventsKey) : change.field)
  const { said } = change
  const before = said ? (said.before?.[locale] ?? '') : sayValue(change, 'before', locale, options)
  const after = said ? (said.after?.[locale] ?? '') : sayValue(change, 'after', locale, options)
  // A description is too long to be quoted twice.
  if (change.field === 'description' || before === '') return after === '' ? field : t('event.fieldSet', { field, after })
  return after === '' ? t('event.fieldCleared', { field, before }) : t('event.fieldChanged', { field, before, after })
}

function withDetail(title: string, parts: readonly (string | undefined)[]): EventText {
  const detail = parts.filter((part) => part !== undefined && part !== '').join(separator)
  return detail === '' ? { title } : { title, detail }
}

/**
 * One event of a deal in words. Who and when are not in it: they stand beside every event.
 * @returns `title`, one line; `detail` where there is more to say.
 */
export function describeEvent(body: DealEventBody, locale: Locale, options: DescribeOptions): EventText {
  const t = translators[locale]
  switch (body.kind) {
    case 'deal_created':
      return { title: t('event.deal_created'), detail: t('event.inStatus', { status: body.status.name[locale] }) }
    case 'deal_imported':
      return {
        title: t('event.deal_imported'),
        detail: t('event.importBatch', { batch: String(body.batchId), status: body.status.name[locale] }),
      }
    case 'stage_entered': {
      const to = body.to.name[locale]
      const title = body.from ? t('event.stage_entered', { from: body.from.name[locale], to }) : t('event.stage_first', { to })
      const versions = body.versions && { from: String(body.versions.from), to: String(body.versions.to) }
      return withDetail(title, [versions && t('event.versions', versions), body.comment])
    }
    case 'status_changed': {
      const to = body.to.name[locale]
      const title = body.from ? t('event.status_changed', { from: body.from.name[locale], to }) : to
      return { title, detail: nameVisitCause(body.cause, locale) }
    }
    case 'status_held':
      return withDetail(t('event.status_held', { status: body.status.name[locale] }), [body.reason])
    case 'hold_lifted':
      return { title: t('event.hold_lifted', { status: body.status.name[locale] }) }
    case 'deal_lost':
    case 'deal_reopened': {
      const title = t('event.status_changed', { from: body.from.name[locale], to: body.to.name[locale] })
      return { title, detail: t(`event.${body.kind}`, { reason: body.reason }) }
    }
    case 'deal_reassigned':
      return withDetail(t('event.deal_reassigned', { from: body.from.name, to: body.to.name }), [
        t('event.department', { department: body.department.name }),
        body.comment,
      ])
    case 'participants_changed':
      return withDetail(t('event.participants_changed'), [
        body.added.length > 0 ? t('event.added', { names: body.added.map((person) => person.name).join(', ') }) : '',
        body.removed.length > 0 ? t('event.removed', { names: body.removed.map((person) => person.name).join(', ') }) : '',
      ])
    case 'deal_edited': {
      const [first, ...rest] = body.changes.map((change) => sayChange(change, locale, options))
      if (first !== undefined && rest.length === 0) return { title: first }
      return withDetail(t('event.deal_edited'), first === undefined ? [] : [first, ...rest])
    }
    case 'comment_added':
      return { title: t('event.comment_added', { text: body.text }) }
    case 'process_started':
    case 'process_finished':
      return { title: t(`event.${body.kind}`, { template: body.template.name[locale] }) }
    case 'process_cancelled':
      return withDetail(t('event.process_cancelled', { template: body.template.name[locale] }), [body.reason])
    case 'task_created':
      return { title: t('event.task_created', { title: body.title }), detail: body.assignee.name }
    case 'task_closed':
      return { title: t(`event.task_${body.state}`, { title: body.title }) }
    case 'approval_given': {
      const title = t(body.approved ? 'event.approved' : 'event.notApproved', { stage: body.stage.name[locale] })
      return withDetail(title, [body.comment])
    }
    case 'document_changed':
      return withDetail(t('event.document', { type: body.type.name[locale], number: body.number }), [
        ...(body.changes ? body.changes.map((change) => sayChange(change, locale, options)) : [t(`document.${body.state}`)]),
        body.comment,
      ])
    case 'payment_recorded': {
      const amount = formatMoney(body.amountMinor, body.currency ?? options.currency, locale)
      const title = t(body.voided ? 'event.payment_voided' : 'event.payment_recorded', { amount })
      return { title, detail: t('event.document', { type: body.type.name[locale], number: body.number }) }
    }
    case 'rule_fired':
      return withDetail(t('event.rule_fired', { name: body.rule.name[locale] }), [body.notice?.[locale]])
    case 'time_passed':
      if (body.began) return { title: t(`event.period.${body.began}`) }
      if (body.near)
        return {
          title: t('event.date', { name: body.near.names?.[locale] ?? t('field.expectedCloseOn') }),
          detail: formatDay(body.near.on, locale),
        }
      return { title: body.days === null ? t('event.deadline') : t('event.idle', { days: body.days }) }
    case 'deal_linked':
      return { title: t('event.deal_linked', { number: String(body.deal.number), title: body.deal.title }) }
    case 'change_undone':
      return { title: t('event.change_undone', { what: t(`undone.${body.undone}`) }) }
  }
}
