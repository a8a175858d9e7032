import type {
  Assignee,
  RuleAction,
  RuleActionKind,
  RuleEventKind,
  RuleTrigger,
  Words,
} from '../../../../shared/domain/status-rules.ts'
import { triggerParts } from '../../../../shared/domain/status-rules.ts'
import type { AppRulesKey } from '../../../../shared/messages/ru/app-rules.ts'
import { ruleExampleWords } from '../../../../shared/messages/rule-examples.ts'
import type { RuleBody } from '../../../../shared/schemas/process.ts'
import type { Role } from '../../../../shared/views/common.ts'
import { isAssigneeComplete, isConditionComplete } from '../process/condition-edit.ts'

/** What the editor does to a rule. Pure: each step gives a new rule; a code not chosen yet is empty. */
export const eventGroups = [
  { group: 'deal', kinds: ['deal_created', 'lead_received', 'status_changed', 'field_changed'] },
  { group: 'process', kinds: ['stage_entered', 'stage_completed', 'process_started', 'process_finished', 'process_cancelled'] },
  { group: 'document', kinds: ['document_changed', 'payment_received'] },
  { group: 'time', kinds: ['deadline_passed', 'deal_idle', 'period_began', 'date_near'] },
] as const satisfies readonly { group: string; kinds: readonly RuleEventKind[] }[]

export const actionKinds: readonly RuleActionKind[] = [
  'set_status',
  'create_task',
  'notify',
  'assign',
  'start_process',
  'create_deal',
  'call_webhook',
]

const noWords: Words = { ru: '', en: '' }
const owner: Assignee = { kind: 'owner' }

/** A rule to begin with: it already has the form of one. */
export const blankRule: RuleBody = {
  names: noWords,
  dealTypes: [],
  trigger: { kind: 'deal_created' },
  condition: { all: [] },
  forwardOnly: false,
  actions: [{ kind: 'set_status', status: '' }],
  isActive: true,
}

export function blankAction(kind: RuleActionKind): RuleAction {
  switch (kind) {
    case 'set_status':
      return { kind, status: '' }
    case 'create_task':
      return { kind, title: noWords, assignee: owner, dueInHours: 24 }
    case 'notify':
      return { kind, to: owner, text: noWords }
    case 'assign':
      return { kind, to: { kind: 'department_head' } }
    case 'start_process':
      return { kind, template: '' }
    case 'create_deal':
      return { kind, dealType: '', title: noWords }
    case 'call_webhook':
      return { kind, url: '' }
  }
}

/** What an event needs to be one at all. */
const begunWith: Partial<Record<RuleEventKind, Omit<RuleTrigger, 'kind'>>> = {
  deal_idle: { days: 14 },
  period_began: { every: 'month' },
  date_near: { daysBefore: 30 },
}

/** Another event; what narrowed the former one stays where it narrows this one too. */
export function withEvent(trigger: RuleTrigger, kind: RuleEventKind): RuleTrigger {
  const isDate = kind === 'date_near' || trigger.kind === 'date_near'
  // A field that may change is no date to wait for, nor the other way round.
  const kept = triggerParts[kind]
    .filter((part) => part !== 'fact' || !isDate)
    .flatMap((part) => (trigger[part] === undefined ? [] : [[part, trigger[part]] as const]))
  return { ...begunWith[kind], ...Object.fromEntries(kept), kind }
}

/** Narrows the trigger; without a value it is wide again. Another process has other stages. */
export function withPart(
  trigger: RuleTrigger,
  part: Exclude<keyof RuleTrigger, 'kind'>,
  value: RuleTrigger[typeof part],
): RuleTrigger {
  const { [part]: _old, ...rest } = trigger
  const wide: RuleTrigger = value === undefined ? rest : { ...rest, [part]: value }
  if (part !== 'template') return wide
  const { stage: _stage, ...template } = wide
  return template
}

export function setsStatus(rule: RuleBody): boolean {
  return rule.actions.some(({ kind }) => kind === 'set_status')
}

/** Rules that many companies want, filled in as far as the company's own words allow. */
export function exampleRules(words: {
  readonly payable: string | undefined
  readonly template: string | undefined
}): Readonly<Record<'paid' | 'idle' | 'month' | 'won' | 'big', RuleBody>> {
  const head: Role = 'head'
  return {
    paid: {
      ...blankRule,
      trigger: {
        kind: 'payment_received',
        ...(words.payable === undefined ? {} : { documentType: words.payable }),
        isFull: true,
      },
      forwardOnly: true,
      actions: [
        { kind: 'set_status', status: '' },
        { kind: 'create_task', title: ruleExampleWords.thank, assignee: owner, dueInHours: 24 },
      ],
    },
    idle: {
      ...blankRule,
      trigger: { kind: 'deal_idle', days: 14 },
      actions: [{ kind: 'create_task', title: ruleExampleWords.idle, assignee: owner, dueInHours: 24 }],
    },
    month: {
      ...blankRule,
      trigger: { kind: 'period_began', every: 'month' },
      actions: [{ kind: 'start_process', template: '' }],
    },
    won: {
      ...blankRule,
      trigger: { kind: 'process_finished', ...(words.template === undefined ? {} : { template: words.template }) },
      actions: [{ kind: 'create_deal', dealType: '', title: ruleExampleWords.support }],
    },
    big: {
      ...blankRule,
      condition: { all: [{ fact: 'amount', is: 'atLeast', value: 1_000_000_00 }] },
      actions: [{ kind: 'notify', to: { kind: 'role', role: head }, text: ruleExampleWords.big }],
    },
  }
}

/** What still keeps a rule from being saved: where (as the server names places) and which sentence says so. */
export type Need = { readonly at: string; readonly key: AppRulesKey }

export function needsOf(rule: RuleBody): readonly Need[] {
  const { trigger, condition, actions } = rule
  const { kind, fact, daysBefore } = trigger
  const isDays = trigger.days !== undefined && Number.isInteger(trigger.days) && trigger.days >= 1 && trigger.days <= 3650
  return [
    ...(kind === 'deal_idle' && !isDays ? [{ at: 'trigger.days', key: 'need.days' } as const] : []),
    ...(kind === 'date_near' && (fact === undefined || fact === '') ? [{ at: 'trigger.fact', key: 'need.date' } as const] : []),
    ...(kind === 'date_near' && (daysBefore === undefined || Math.abs(daysBefore) > 3650)
      ? [{ at: 'trigger.daysBefore', key: 'need.daysBefore' } as const]
      : []),
    ...(isConditionComplete(condition) ? [] : [{ at: 'condition', key: 'need.condition' } as const]),
    ...(actions.length === 0 ? [{ at: 'actions', key: 'need.action' } as const] : []),
    ...actions.flatMap((action, index) => needsOfAction(action).map(([part, key]) => ({ at: `actions.${index}.${part}`, key }))),
  ]
}

function needsOfAction(action: RuleAction): (readonly [part: string, key: AppRulesKey])[] {
  const isBlank = ({ ru, en }: Words): boolean => ru.trim() === '' || en.trim() === ''
  switch (action.kind) {
    case 'set_status':
      return action.status === '' ? [['status', 'need.status']] : []
    case 'create_task':
      return [
        ...(isBlank(action.title) ? [['title', 'need.title'] as const] : []),
        ...(isAssigneeComplete(action.assignee) ? [] : [['assignee', 'need.assignee'] as const]),
      ]
    case 'notify':
      return [
        ...(isBlank(action.text) ? [['text', 'need.text'] as const] : []),
        ...(isAssigneeComplete(action.to) ? [] : [['assignee', 'need.assignee'] as const]),
      ]
    case 'assign':
      return isAssigneeComplete(action.to) ? [] : [['assignee', 'need.assignee']]
    case 'start_process':
      return action.template === '' ? [['template', 'need.template']] : []
    case 'create_deal':
      return [
        ...(action.dealType === '' ? [['dealType', 'need.dealType'] as const] : []),
        ...(isBlank(action.title) ? [['title', 'need.title'] as const] : []),
      ]
    case 'call_webhook':
      return URL.canParse(action.url) && /^https?:\/\//.test(action.url) ? [] : [['url', 'need.url']]
  }
}

/** The name as it is saved: one given in no language is the one proposed, one given in a single language stands for both. */
export function nameOr(names: Words, proposed: Words): Words {
  const [ru, en] = [names.ru.trim(), names.en.trim()]
  return { ru: (ru || en || proposed.ru).slice(0, 255), en: (en || ru || proposed.en).slice(0, 255) }
}
