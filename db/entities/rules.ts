import { defineEntity, p } from '@mikro-orm/core'
import type { Condition, Facts } from '../../shared/domain/conditions.ts'
import type { RuleAction, RuleActionKind, RuleEvent, RuleTrigger, Words } from '../../shared/domain/status-rules.ts'
import { Deal, DealEvent } from './deal.ts'

const StatusRuleSchema = defineEntity({
  name: 'StatusRule',
  tableName: 'status_rule',
  properties: {
    id: p.integer().primary().autoincrement(),
    code: p.string().length(60).unique(),
    nameRu: p.string(),
    nameEn: p.string(),
    position: p.integer(),
    /** Codes; empty for all types. */
    dealTypes: p.json<readonly string[]>().defaultRaw(`'[]'`),
    triggerKind: p.string().length(40),
    trigger: p.json<RuleTrigger>(),
    condition: p.json<Condition>(),
    forwardOnly: p.boolean().default(false),
    actions: p.json<readonly RuleAction[]>(),
    isActive: p.boolean().default(true),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class StatusRuleEntity extends StatusRuleSchema.class {}
StatusRuleSchema.setClass(StatusRuleEntity)

export type ActionOutcome = {
  readonly action: RuleActionKind
  /** `held`: the status is held by hand; `skipped`: there was nothing to do; `waiting`: done in the background. */
  readonly outcome: 'done' | 'held' | 'skipped' | 'waiting' | 'failed'
  /** Of a failed one: an error code of `messages/errors.ts`, or what the other side said. `fields_empty`: done, with `fields` left to fill in. */
  readonly problem?: string
  readonly fields?: readonly Words[]
}

/** One firing of a rule: what it heard, what it saw, what became of its actions. */
const RuleFiringSchema = defineEntity({
  name: 'RuleFiring',
  tableName: 'rule_firing',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    rule: () => p.manyToOne(StatusRuleEntity),
    ruleName: p.json<Words>(),
    deal: () => p.manyToOne(Deal).index(),
    dealEvent: () => p.manyToOne(DealEvent).nullable(),
    event: p.json<RuleEvent>(),
    seen: p.json<Facts>(),
    outcomes: p.json<readonly ActionOutcome[]>(),
    hasFailed: p.boolean().default(false),
    attempts: p.integer().default(1),
    retryAt: p.datetime().nullable(),
    firedAt: p.datetime(),
  },
})
export class RuleFiring extends RuleFiringSchema.class {}
RuleFiringSchema.setClass(RuleFiring)

/** How far something that comes by the calendar has been told to the deals; kept by SQL alone. */
const CalendarRoundSchema = defineEntity({
  name: 'CalendarRound',
  tableName: 'calendar_round',
  properties: {
    topic: p.string().length(120).primary(),
    beganOn: p.date(),
    toldUpTo: p.date(),
    afterDealId: p.bigint('number').defaultRaw('0'),
    finishedAt: p.datetime().nullable(),
  },
})
export class CalendarRound extends CalendarRoundSchema.class {}
CalendarRoundSchema.setClass(CalendarRound)

/** The last of it that a deal has heard: one row holds one deal to one telling. */
const CalendarToldSchema = defineEntity({
  name: 'CalendarTold',
  tableName: 'calendar_told',
  properties: {
    deal: () => p.manyToOne(Deal).primary(),
    topic: p.string().length(120).primary(),
    toldOn: p.date(),
  },
})
export class CalendarTold extends CalendarToldSchema.class {}
CalendarToldSchema.setClass(CalendarTold)
