import type { DealTypeRow, StatusRow } from '../../../db/queries/dictionaries.ts'
import { formatDateTime } from '../../../shared/messages/format.ts'
import type { ImportKey } from '../../../shared/messages/ru/import.ts'
import { openTable } from '../../imports/read-table.ts'
import type { TableRow } from '../../imports/table-header.ts'
import type { Persons } from './directory.ts'
import { type DealDraft, type ImportScope, placeOfStatus } from './draft.ts'
import { type Step, sortSteps } from './plan-visits.ts'
import { RowRefused } from './row-values.ts'
import { readingOptions } from './survey.ts'
import { type Outcome, writeDrafts } from './write-drafts.ts'

const rowsAtOnce = 1_000

/** When deals without a date are said to have begun, as people write it. */
function momentText({ session, undatedAt }: ImportScope): string {
  return formatDateTime(new Date(undatedAt), session.organization.timeZone, session.locale)
}

/** A row whose cells are understood; its names have no ids yet. */
type ReadRow = Persons & {
  readonly row: TableRow
  readonly externalId: string
  readonly counterparty: string
  readonly type: DealTypeRow
  readonly texts: Pick<
    DealDraft,
    'title' | 'description' | 'expectedCloseOn' | 'lostReason' | 'amountMinor' | 'currency' | 'createdAt' | 'custom'
  >
  readonly steps: readonly { readonly status: StatusRow; readonly at: number | null }[]
}

/** Imports a table of deals, a thousand rows at a time. */
export async function importDealRows(scope: ImportScope): Promise<void> {
  const table = await openTable(scope.path, readingOptions(scope.mapping))
  const seen = new Set<string>()
  let batch: ReadRow[] = []
  let count = 0
  for await (const row of table.rows) {
    await scope.step(++count)
    scope.report.total(1)
    try {
      const read = readRow(scope, row)
      if (seen.has(read.externalId))
        throw new RowRefused('external_id_repeated', scope.values.title('externalId'), { value: read.externalId })
      seen.add(read.externalId)
      batch.push(read)
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error
      scope.report.refuse(row, error.refusal)
    }
    if (batch.length >= rowsAtOnce) {
      await writeRows(scope, batch)
      batch = []
    }
  }
  await writeRows(scope, batch)
}

/** @throws RowRefused */
function readRow(scope: ImportScope, row: TableRow): ReadRow {
  const { values, statuses, types, mapping, report } = scope
  const { cells, problem } = row
  if (problem) throw new RowRefused(problem.code as ImportKey, null, problem.details)
  const text = (field: Parameters<typeof values.text>[0], max = 255) => values.text(field, cells, max)
  const externalId = text('externalId')
  if (externalId === '') throw new RowRefused('external_id_empty', values.title('externalId'))
  const match = statuses.match(text('status', 300))
  if (!match.ok) throw new RowRefused(match.refusal.code, match.refusal.column, match.refusal.values)
  const typeWord = text('type')
  const type = types.match(typeWord)
  if (!type) throw new RowRefused('type_unknown', values.title('type'), { value: typeWord })
  const createdAt = values.instant(mapping.columns.createdAt, cells)
  const steps = match.status === null ? [] : stepsOf(scope, match.status, createdAt, cells)
  const counterparty = text('counterparty')
  if (counterparty === '' && values.isMapped('counterparty'))
    report.warn('column_empty', values.title('counterparty'), { column: values.title('counterparty') })
  const money = values.isMapped('amount') ? values.amount(cells) : undefined
  const title = text('title', 300) || [externalId, counterparty].filter(Boolean).join(' · ').slice(0, 300)
  return {
    row,
    externalId,
    counterparty,
    type,
    owner: text('owner'),
    department: text('department'),
    manager: text('manager'),
    texts: {
      title,
      description: values.isMapped('description') ? text('description', 20_000) : undefined,
      amountMinor: money?.amountMinor,
      currency: money?.currency,
      expectedCloseOn: values.isMapped('expectedCloseOn') ? values.day(mapping.columns.expectedCloseOn, cells) : undefined,
      lostReason: values.isMapped('lostReason') ? text('lostReason', 1000) || null : undefined,
      createdAt,
      custom: scope.custom.read(type.id, cells),
    },
    steps,
  }
}

/**
 * The statuses of a row in order: those with a date of their own, then the present one, which began at `statusAt`, else with the last
 * date known. Where only the creation is known, the deal has been in its status ever since.
 */
function stepsOf(scope: ImportScope, present: StatusRow, createdAt: number | null, cells: TableRow['cells']): ReadRow['steps'] {
  const { values, mapping, statuses, report } = scope
  const dated = mapping.visits
    .map(({ status, at }) => ({ status: statuses.byCode(status), at: values.instant(at, cells) }))
    .filter((step): step is { status: StatusRow; at: number } => step.at !== null)
  const since = values.instant(mapping.columns.statusAt, cells)
  const times = [...dated.map(({ at }) => at), createdAt].filter((at) => at !== null)
  const isThere = dated.some(({ status }) => status.id === present.id)
  const at = since ?? (times.length > 0 ? Math.max(...times) : null)
  if (isThere && since === null) return dated
  // The same file must mean the same whenever it is read, so a deal without a date is told apart from one that began now.
  if (at === null) report.warn('entered_at_unknown', null, { at: momentText(scope) })
  const last = dated.at(-1)
  if (at !== null && last !== undefined && at < last.at) throw new RowRefused('dates_reversed', values.title('statusAt'))
  return [...dated, { status: present, at }]
}

async function writeRows(scope: ImportScope, rows: readonly ReadRow[]): Promise<void> {
  if (rows.length === 0) return
  const left = rows.filter(({ steps }) => steps.length === 0)
  scope.report.unchanged(left.length)
  const kept = rows.filter(({ steps }) => steps.length > 0)
  await scope.directory.ensure(kept)
  const outcomes = await writeDrafts(
    scope,
    kept.map((row) => draftOf(scope, row)),
  )
  for (const [index, outcome] of outcomes.entries()) tell(scope, kept[index]!, outcome)
}

function draftOf({ directory, values, statuses, baseCurrency }: ImportScope, read: ReadRow): DealDraft {
  const owner = { ownerId: directory.ownerOf(read.owner), departmentId: directory.departmentOf(read) }
  const { amountMinor = 0, currency = baseCurrency } = read.texts
  const steps: Step[] = read.steps.map(({ status, at }) => ({
    statusId: status.id,
    at,
    ...owner,
    actorId: null,
    amountMinor,
    currency,
  }))
  const isDated = steps.every(({ at }) => at !== null)
  return {
    ...read.texts,
    externalId: read.externalId,
    typeId: read.type.id,
    templateId: read.type.templateId,
    counterpartyId: values.isMapped('counterparty') ? directory.counterpartyOf(read.counterparty) : undefined,
    ownerId: values.isMapped('owner') ? owner.ownerId : undefined,
    departmentId: values.isMapped('owner') || values.isMapped('department') ? owner.departmentId : undefined,
    steps: isDated ? sortSteps(steps as (Step & { at: number })[], (id) => placeOfStatus(statuses.dictionary.byId(id))) : steps,
    fallback: owner,
  }
}

function tell({ report, values }: ImportScope, { row }: ReadRow, outcome: Outcome): void {
  if (outcome.kind === 'refused')
    report.refuse(row, { code: outcome.code, column: values.title('externalId') || null, values: {} })
  else if (outcome.kind === 'unchanged') report.unchanged(1)
  else report.taken(1)
}
