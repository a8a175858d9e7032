import { insertRows } from '../../../db/seeds/insert-rows.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import type { Cell } from '../../../shared/domain/import-values.ts'
import type { ImportKey } from '../../../shared/messages/ru/import.ts'
import { openTable } from '../../imports/read-table.ts'
import type { TableRow } from '../../imports/table-header.ts'
import { type DealDraft, type ImportScope, placeOfStatus } from './draft.ts'
import { type DatedStep, sortSteps } from './plan-visits.ts'
import { RowRefused } from './row-values.ts'
import { readingOptions } from './survey.ts'
import { type Outcome, writeDrafts } from './write-drafts.ts'

const [rowsAtOnce, casesAtOnce] = [1_000, 1_000]

/** A row of the log, laid aside until all rows of its case are there. */
type EventRow = {
  readonly row_number: number
  readonly case_key: string
  readonly status_id: number
  readonly at: number
  readonly owner: string
  readonly department: string
  readonly manager: string
  readonly counterparty: string
  readonly title: string
  readonly type_id: number
  readonly template_id: number | null
  readonly amount: number
  readonly currency: string
  readonly cells: readonly Cell[]
}

const eventColumns = {
  row_number: 'int',
  case_key: 'text',
  status_id: 'int',
  at: 'bigint',
  owner: 'text',
  department: 'text',
  manager: 'text',
  counterparty: 'text',
  title: 'text',
  type_id: 'int',
  template_id: 'int',
  amount: 'bigint',
  currency: 'text',
  cells: 'jsonb',
}

/**
 * Imports a log of status changes. The rows of a case may stand anywhere in the file: they wait in a temporary table, so that memory stays
 * bounded, and are then written case by case.
 */
export async function importHistoryRows(scope: ImportScope): Promise<void> {
  const { em } = scope.session
  const columns = Object.entries(eventColumns).map(([name, type]) => `${name} ${type}`)
  await selectRows(em, sql`create temporary table import_event (${sql.raw(columns.join(', '))}) on commit drop`)
  await gatherEvents(scope)
  await selectRows(em, sql`create index on import_event (case_key, at, row_number)`)
  await selectRows(em, sql`analyze import_event`)
  let written = 0
  for (let after = ''; ; ) {
    const rows = await selectRows<EventRow>(
      em,
      sql`select * from import_event where case_key in (select distinct case_key from import_event where case_key > ${after} order by case_key limit ${casesAtOnce})
        order by case_key, at, row_number`,
    )
    if (rows.length === 0) return
    after = rows.at(-1)!.case_key
    await writeCases(scope, rows)
    written += rows.length
    await scope.step(written, 3)
  }
}

async function gatherEvents(scope: ImportScope): Promise<void> {
  const table = await openTable(scope.path, readingOptions(scope.mapping))
  let batch: EventRow[] = []
  let count = 0
  for await (const row of table.rows) {
    await scope.step(++count)
    scope.report.total(1)
    try {
      const event = readEvent(scope, row)
      if (event) batch.push(event)
      else scope.report.unchanged(1)
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      scope.report.refuse(row, error.refusal)
    }
    if (batch.length >= rowsAtOnce) {
      await insertRows(scope.session.em, 'import_event', eventColumns, batch)
      batch = []
    }
  }
  await insertRows(scope.session.em, 'import_event', eventColumns, batch)
}

/** @returns null for an activity that the mapping leaves out. @throws RowRefused */
function readEvent({ values, statuses, types, mapping }: ImportScope, { cells, problem, rowNumber }: TableRow): EventRow | null {
  if (problem) throw new RowRefused(problem.code as ImportKey, null, problem.details)
  const text = (field: Parameters<typeof values.text>[0], max = 255) => values.text(field, cells, max)
  const externalId = text('externalId')
  if (externalId === '') throw new RowRefused('external_id_empty', values.title('externalId'))
  const match = statuses.match(text('status', 300))
  if (!match.ok) throw new RowRefused(match.refusal.code, match.refusal.column, match.refusal.values)
  if (match.status === null) return null
  const at = values.instant(mapping.columns.statusAt, cells)
  if (at === null) throw new RowRefused('time_empty', values.title('statusAt'))
  const typeWord = text('type')
  const type = types.match(typeWord)
  if (!type) throw new RowRefused('type_unknown', values.title('type'), { value: typeWord })
  const { amountMinor, currency } = values.amount(cells)
  return {
    row_number: rowNumber,
    case_key: externalId,
    status_id: match.status.id,
    at,
    owner: text('owner'),
    department: text('department'),
    manager: text('manager'),
    counterparty: text('counterparty'),
    title: text('title', 300),
    type_id: type.id,
    template_id: type.templateId,
    amount: amountMinor,
    currency,
    cells,
  }
}

async function writeCases(scope: ImportScope, rows: readonly EventRow[]): Promise<void> {
  await scope.directory.ensure(rows)
  const cases = [...Map.groupBy(rows, (row) => row.case_key).values()]
  const outcomes = await writeDrafts(
    scope,
    cases.map((events) => draftOf(scope, events)),
  )
  for (const [index, outcome] of outcomes.entries()) tell(scope, cases[index]!, outcome)
}

/** A case as a deal: it belongs to whoever did the last thing known, and is worth what the log said last. */
function draftOf(scope: ImportScope, events: readonly EventRow[]): DealDraft {
  const { directory, statuses, values } = scope
  let owner = { ownerId: directory.ownerOf(''), departmentId: directory.departmentOf({ owner: '', department: '', manager: '' }) }
  const steps = events.map((event): DatedStep => {
    if (event.owner !== '') owner = { ownerId: directory.ownerOf(event.owner), departmentId: directory.departmentOf(event) }
    return {
      statusId: event.status_id,
      at: event.at,
      ...owner,
      actorId: event.owner === '' ? null : owner.ownerId,
      amountMinor: event.amount,
      currency: event.currency,
    }
  })
  const last = events.at(-1)!
  const counterparty = events.findLast((event) => event.counterparty !== '')?.counterparty ?? ''
  const title = events.findLast((event) => event.title !== '')?.title
  return {
    externalId: last.case_key,
    typeId: last.type_id,
    templateId: last.template_id,
    title: title ?? undefined,
    description: undefined,
    counterpartyId: counterparty === '' ? undefined : directory.counterpartyOf(counterparty),
    // A log says who did what, not whose the deal is: an existing deal stays with its owner.
    ownerId: undefined,
    departmentId: undefined,
    amountMinor: values.isMapped('amount') ? last.amount : undefined,
    currency: values.isMapped('amount') ? last.currency : undefined,
    expectedCloseOn: undefined,
    lostReason: undefined,
    createdAt: null,
    steps: sortSteps(steps, (id) => placeOfStatus(statuses.dictionary.byId(id))),
    fallback: owner,
  }
}

function tell({ report, values }: ImportScope, events: readonly EventRow[], outcome: Outcome): void {
  if (outcome.kind === 'created') report.taken(events.length)
  else if (outcome.kind === 'unchanged') report.unchanged(events.length)
  else if (outcome.kind === 'updated') {
    const fresh = Math.max(1, outcome.appended)
    report.taken(fresh)
    report.unchanged(events.length - fresh)
  } else {
    const refusal = { code: outcome.code, column: values.title('externalId') || null, values: {} }
    for (const { row_number, cells } of events) report.refuse({ rowNumber: row_number, cells }, refusal)
  }
}
