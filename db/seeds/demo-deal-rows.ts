import type { PlayedDeal } from './demo-played.ts'
import type { Columns, Row } from './insert-rows.ts'

export type TableRows = { readonly table: string; readonly columns: Columns; readonly rows: readonly Row[] }

const firstNumber = 1001
const instant = 'timestamptz'
const dealColumns = {
  id: 'bigint',
  number: 'bigint',
  title: 'text',
  description: 'text',
  type_id: 'int',
  counterparty_id: 'int',
  contact_id: 'int',
  owner_id: 'int',
  department_id: 'int',
  amount_minor: 'bigint',
  currency: 'text',
  status_id: 'int',
  status_since: instant,
  status_held: 'boolean',
  probability_pct: 'int',
  expected_close_on: 'date',
  lost_reason: 'text',
  created_at: instant,
  changed_at: instant,
  version: 'int',
}
const runColumns = {
  id: 'bigint',
  deal_id: 'bigint',
  template_version_id: 'int',
  is_main: 'boolean',
  stage_id: 'int',
  stage_since: instant,
  state: 'text',
  started_at: instant,
  ended_at: instant,
}
const visitColumns = {
  id: 'bigint',
  deal_id: 'bigint',
  status_id: 'int',
  entered_at: instant,
  left_at: instant,
  recorded_at: instant,
  owner_id: 'int',
  department_id: 'int',
  amount_minor: 'bigint',
  currency: 'text',
  cause: 'jsonb',
  actor_id: 'int',
  stage_id: 'int',
  voided_at: instant,
  voided_by_id: 'int',
}
const eventColumns = {
  id: 'bigint',
  deal_id: 'bigint',
  kind: 'text',
  body: 'jsonb',
  occurred_at: instant,
  recorded_at: instant,
  actor_id: 'int',
  door: 'text',
  voided_at: instant,
}

/** The rows of played deals, table by table in an order that foreign keys allow. Visits and events are numbered as they happened. */
export function dealTables(deals: readonly PlayedDeal[], currency: string): readonly TableRows[] {
  const visits = deals.flatMap((deal) =>
    deal.visits.map((visit) => ({ at: visit.enteredAt, row: visitRow(deal.id, visit, currency) })),
  )
  return [
    { table: 'deal', columns: dealColumns, rows: deals.map((deal) => dealRow(deal, currency)) },
    { table: 'process_run', columns: runColumns, rows: deals.map(runRow) },
    { table: 'status_visit', columns: visitColumns, rows: inOrder(visits) },
    { table: 'deal_event', columns: eventColumns, rows: eventRows(deals) },
    {
      table: 'deal_participant',
      columns: { deal_id: 'bigint', employee_id: 'int' },
      rows: deals.flatMap(({ id, participants }) => participants.map((employeeId) => ({ deal_id: id, employee_id: employeeId }))),
    },
  ]
}

/** The sort is stable: what happened to one deal in one second keeps its order. */
function inOrder(timed: readonly { readonly at: Date; readonly row: Row }[]): Row[] {
  return timed.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map(({ row }, index) => ({ id: index + 1, ...row }))
}

function dealRow({ id, type, deal }: PlayedDeal, currency: string): Row {
  return {
    id,
    number: firstNumber - 1 + id,
    title: deal.title,
    description: deal.description,
    type_id: type.id,
    counterparty_id: deal.counterpartyId,
    contact_id: deal.contactId,
    owner_id: deal.ownerId,
    department_id: deal.departmentId,
    amount_minor: deal.amountMinor,
    currency,
    status_id: deal.statusId,
    status_since: deal.statusSince,
    status_held: deal.statusHeld,
    probability_pct: deal.probabilityPct,
    expected_close_on: deal.expectedCloseOn,
    lost_reason: deal.lostReason,
    created_at: deal.createdAt,
    changed_at: deal.changedAt,
    version: deal.version,
  }
}

function runRow({ id, type, run }: PlayedDeal): Row {
  return {
    id,
    deal_id: id,
    template_version_id: type.version.id,
    is_main: true,
    stage_id: run.stageId,
    stage_since: run.stageSince,
    state: run.state,
    started_at: run.startedAt,
    ended_at: run.endedAt,
  }
}

function visitRow(dealId: number, visit: PlayedDeal['visits'][number], currency: string): Row {
  return {
    deal_id: dealId,
    status_id: visit.statusId,
    entered_at: visit.enteredAt,
    left_at: visit.leftAt,
    recorded_at: visit.enteredAt,
    owner_id: visit.ownerId,
    department_id: visit.departmentId,
    amount_minor: visit.amountMinor,
    currency,
    cause: visit.cause,
    actor_id: visit.actorId,
    stage_id: visit.stageId,
    voided_at: visit.voidedAt,
    voided_by_id: visit.voidedById,
  }
}

/** Events in order; those that undo others name them by id. */
function eventRows(deals: readonly PlayedDeal[]): Row[] {
  const events = deals
    .flatMap((deal) => deal.events.map((event) => ({ deal, event })))
    .toSorted((a, b) => a.event.at.getTime() - b.event.at.getTime())
  const ids = new Map(events.map(({ event }, index) => [event, index + 1]))
  return events.map(({ deal, event }) => {
    const { at, actorId, door, voidedAt } = event
    const body =
      event.body.kind === 'change_undone' ? { ...event.body, eventId: ids.get(deal.events[event.body.eventId]!) } : event.body
    return {
      id: ids.get(event),
      deal_id: deal.id,
      kind: body.kind,
      body,
      occurred_at: at,
      recorded_at: at,
      actor_id: actorId,
      door,
      voided_at: voidedAt,
    }
  })
}
