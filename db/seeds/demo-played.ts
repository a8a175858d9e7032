import type { DealEventBody, VisitCause } from '../../shared/domain/events.ts'
import type { TypeSeed } from './demo-processes.ts'

/** What a deal's life leaves in the database, with the seeds' ids. Times are instants; visits and events are in order. */
export type PlayedDeal = {
  readonly id: number
  readonly type: TypeSeed
  readonly deal: PlayedFields
  readonly run: PlayedRun
  readonly visits: readonly PlayedVisit[]
  readonly events: readonly PlayedEvent[]
  readonly participants: readonly number[]
}
export type PlayedFields = {
  title: string
  description: string
  counterpartyId: number
  contactId: number | null
  ownerId: number
  departmentId: number
  amountMinor: number
  statusId: number
  statusSince: Date
  statusHeld: boolean
  probabilityPct: number | null
  expectedCloseOn: string | null
  lostReason: string | null
  createdAt: Date
  changedAt: Date
  version: number
}
export type PlayedRun = {
  stageId: number
  stageSince: Date
  state: 'running' | 'finished' | 'cancelled'
  startedAt: Date
  endedAt: Date | null
}
export type PlayedVisit = {
  readonly statusId: number
  readonly enteredAt: Date
  leftAt: Date | null
  readonly ownerId: number
  readonly departmentId: number
  readonly amountMinor: number
  readonly cause: VisitCause
  readonly actorId: number
  readonly stageId: number | null
  voidedAt: Date | null
  voidedById: number | null
}
export type PlayedEvent = {
  readonly at: Date
  readonly actorId: number
  readonly door: 'web' | 'bot'
  /** The `eventId` of an undoing is the place of the undone event among the deal's own. */
  readonly body: DealEventBody
  voidedAt: Date | null
}
