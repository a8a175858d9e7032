import { defineEntity, p } from '@mikro-orm/core'
import type { DealEventBody, VisitCause } from '../../shared/domain/events.ts'
import { Contact, Counterparty } from './counterparty.ts'
import { Department, Employee } from './organization.ts'
import { DealType, ProcessTemplateVersion, Stage, Status } from './process.ts'

/** Code of a custom field -> its value: text, number, day, flag, codes of a choice; money in minor units; people, clients, files by id. */
export type FieldValues = Readonly<Record<string, string | number | boolean | readonly string[] | null>>

/** One piece of business with one counterparty. `version` grows with every change that people may conflict over. */
const DealSchema = defineEntity({
  name: 'Deal',
  tableName: 'deal',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    number: p.bigint('number').unique().defaultRaw(`nextval('deal_number_seq')`),
    title: p.string().length(300),
    description: p.text().default(''),
    type: () => p.manyToOne(DealType).index(),
    counterparty: () => p.manyToOne(Counterparty).nullable().index(),
    contact: () => p.manyToOne(Contact).nullable(),
    owner: () => p.manyToOne(Employee).index(),
    department: () => p.manyToOne(Department).index(),
    amountMinor: p.bigint('number'),
    currency: p.string().length(3).index(),
    /** In the organisation's currency, null where no rate is known. Triggers alone write it; it does not raise `version`. */
    baseAmountMinor: p.bigint('number').nullable().lazy(),
    status: () => p.manyToOne(Status).index(),
    /** When the open visit began. */
    statusSince: p.datetime(),
    /** Set by hand and held: rules leave it alone. */
    statusHeld: p.boolean().default(false),
    /** By hand, null = the status's default. */
    probabilityPct: p.integer().nullable(),
    expectedCloseOn: p.date().nullable(),
    lostReason: p.string().length(1000).nullable(),
    /** Custom fields by code. */
    fields: p.json<FieldValues>().defaultRaw(`'{}'`),
    tags: p.array<string>().defaultRaw(`'{}'`),
    /** The deal that a rule made this one from. */
    parent: () => p.manyToOne(Deal).nullable().index(),
    externalId: p.string().nullable().unique(),
    importBatchId: p.integer().nullable().index(),
    createdAt: p.datetime(),
    changedAt: p.datetime().index(),
    /** An import undone as a whole takes its deals out of every list and figure. */
    withdrawnAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class Deal extends DealSchema.class {}
DealSchema.setClass(Deal)

/** Takes part in a deal without owning it, and so sees it. */
const DealParticipantSchema = defineEntity({
  name: 'DealParticipant',
  tableName: 'deal_participant',
  properties: {
    deal: () => p.manyToOne(Deal).primary(),
    employee: () => p.manyToOne(Employee).primary().index(),
  },
})
export class DealParticipant extends DealParticipantSchema.class {}
DealParticipantSchema.setClass(DealParticipant)

/** One execution of a template version on a deal; exactly one main run per deal. */
const ProcessRunSchema = defineEntity({
  name: 'ProcessRun',
  tableName: 'process_run',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deal: () => p.manyToOne(Deal).index(),
    templateVersion: () => p.manyToOne(ProcessTemplateVersion).index(),
    isMain: p.boolean(),
    stage: () => p.manyToOne(Stage),
    stageSince: p.datetime(),
    state: p.string().$type<'running' | 'finished' | 'cancelled'>(),
    startedAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
})
export class ProcessRun extends ProcessRunSchema.class {}
ProcessRunSchema.setClass(ProcessRun)

/**
 * One stay of a deal in a status. Append-only: a trigger lets only `left_at` and the voiding columns change.
 * Owner, department and amount are as they were at entry.
 */
const StatusVisitSchema = defineEntity({
  name: 'StatusVisit',
  tableName: 'status_visit',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deal: () => p.manyToOne(Deal).index(),
    status: () => p.manyToOne(Status),
    enteredAt: p.datetime(),
    leftAt: p.datetime().nullable(),
    recordedAt: p.datetime(),
    owner: () => p.manyToOne(Employee),
    department: () => p.manyToOne(Department),
    amountMinor: p.bigint('number'),
    currency: p.string().length(3),
    cause: p.json<VisitCause>(),
    actor: () => p.manyToOne(Employee).nullable(),
    stage: () => p.manyToOne(Stage).nullable(),
    voidedAt: p.datetime().nullable(),
    voidedBy: () => p.manyToOne(Employee).nullable().fieldName('voided_by_id'),
  },
})
export class StatusVisit extends StatusVisitSchema.class {}
StatusVisitSchema.setClass(StatusVisit)

/** What must be put back if the event is undone; kept beside the event, never shown. */
export type UndoState = {
  readonly versionAfter: number
  /** Visits that the change opened, rules included, and the one that was open before. */
  readonly openedVisitIds: readonly number[]
  readonly closedVisitId: number | null
  /** What rules did beside: facts, tasks and processes. */
  readonly companionIds: readonly number[]
  readonly taskIds: readonly number[]
  /** Tasks that the change cancelled: they are open again. */
  readonly cancelledTaskIds?: readonly number[]
  readonly runIds: readonly number[]
  readonly deal: Readonly<Record<string, unknown>>
  readonly run: {
    readonly id: number
    readonly stageId: number
    readonly stageSince: string
    readonly state: string
    readonly endedAt: string | null
  } | null
}

/** A typed fact in a deal's life, shown in its history. Undone ones keep their row with `voidedAt`. */
const DealEventSchema = defineEntity({
  name: 'DealEvent',
  tableName: 'deal_event',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deal: () => p.manyToOne(Deal),
    kind: p.string().length(40),
    body: p.json<DealEventBody>(),
    occurredAt: p.datetime(),
    recordedAt: p.datetime(),
    actor: () => p.manyToOne(Employee).nullable(),
    door: p.string().$type<'web' | 'bot' | 'api' | 'import' | 'system'>(),
    undoState: p.json<UndoState>().nullable().hidden(),
    voidedAt: p.datetime().nullable(),
  },
  indexes: [
    { name: 'deal_event_deal_idx', properties: ['deal', 'id'] },
    { name: 'deal_event_recorded_idx', properties: ['recordedAt'] },
  ],
})
export class DealEvent extends DealEventSchema.class {}
DealEventSchema.setClass(DealEvent)
