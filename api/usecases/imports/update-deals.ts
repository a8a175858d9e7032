import { selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { type ProcessVersionRow, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { insertRows, type Row } from '../../../db/seeds/insert-rows.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { isSameField, mergeFields } from '../../../shared/domain/custom-fields.ts'
import type { FieldChange } from '../../../shared/domain/events.ts'
import { describeFieldChanges } from '../deal-types/change-fields.ts'
import { refOf } from '../dictionary.ts'
import { eventColumns, visitColumns } from './deal-columns.ts'
import type { DealDraft, ImportScope } from './draft.ts'
import type { DealFields, KnownDeal } from './known-deals.ts'
import { type DatedStep, planVisits } from './plan-visits.ts'
import { eventRow, iso, type Outcome, type RunState, runAfter, runRow, visitRows } from './write-drafts.ts'

type Update = {
  readonly draft: DealDraft
  readonly deal: KnownDeal
  readonly fields: DealFields
  readonly changes: readonly FieldName[]
  readonly append: readonly DatedStep[]
}
type FieldName = keyof DealFields
/** The currency is told with the amount. */
type NamedField = Exclude<FieldName, 'fields' | 'currency'>

const eventNames: Readonly<Record<NamedField, string>> = {
  title: 'title',
  description: 'description',
  counterparty_id: 'counterparty',
  owner_id: 'owner',
  department_id: 'department',
  amount_minor: 'amountMinor',
  expected_close_on: 'expectedCloseOn',
  lost_reason: 'lostReason',
}

/** Brings known deals up to what the file says: changed fields and later visits. What people changed meanwhile is theirs. */
export async function updateDeals(
  scope: ImportScope,
  pairs: readonly (readonly [DealDraft, KnownDeal])[],
): Promise<Map<DealDraft, Outcome>> {
  const outcomes = new Map<DealDraft, Outcome>()
  const updates: Update[] = []
  for (const [draft, deal] of pairs) {
    const { resolve } = scope.statuses.dictionary
    const visits = deal.visits.map((visit) => ({ ...visit, statusId: resolve(visit.statusId).id }))
    const plan = planVisits(visits, draft.steps, Math.max(scope.undatedAt, deal.statusSince.getTime()))
    if (!plan.ok) {
      outcomes.set(draft, { kind: 'refused', code: plan.reason })
      continue
    }
    const isLost = scope.statuses.dictionary.byId(plan.append.at(-1)?.statusId ?? deal.statusId).category === 'lost'
    const fields = fieldsAfter(deal.fields, draft, isLost)
    const changes = (Object.keys(fields) as FieldName[]).filter((name) => fields[name] !== deal.fields[name])
    if (changes.length === 0 && plan.append.length === 0) outcomes.set(draft, { kind: 'unchanged' })
    else if (deal.touched) outcomes.set(draft, { kind: 'refused', code: 'changed_by_people' })
    else {
      updates.push({ draft, deal, fields, changes, append: plan.append })
      outcomes.set(draft, { kind: 'updated', appended: plan.append.length })
    }
  }
  if (updates.length > 0) await write(scope, updates)
  return outcomes
}

/** What the file does not say stays as it is. */
function fieldsAfter(now: DealFields, draft: DealDraft, isLost: boolean): DealFields {
  return {
    title: draft.title ?? now.title,
    description: draft.description ?? now.description,
    counterparty_id: draft.counterpartyId === undefined ? now.counterparty_id : draft.counterpartyId,
    owner_id: draft.ownerId ?? now.owner_id,
    department_id: draft.departmentId ?? now.department_id,
    amount_minor: draft.amountMinor ?? now.amount_minor,
    currency: draft.currency ?? now.currency,
    expected_close_on: draft.expectedCloseOn === undefined ? now.expected_close_on : draft.expectedCloseOn,
    lost_reason: draft.lostReason === undefined || !isLost ? now.lost_reason : draft.lostReason,
    fields: customAfter(now.fields, draft.custom ?? {}),
  }
}

/** The same object where nothing is different. */
function customAfter(now: DealFields['fields'], given: DealFields['fields']): DealFields['fields'] {
  return Object.entries(given).every(([code, value]) => isSameField(now[code] ?? null, value)) ? now : mergeFields(now, given)
}

async function write(scope: ImportScope, updates: readonly Update[]): Promise<void> {
  const { em } = scope.session
  const versionIds = [...new Set(updates.flatMap(({ deal }) => (deal.run ? [deal.run.versionId] : [])))]
  const versions = new Map((await selectProcessVersions(em, versionIds)).map((version) => [version.id, version]))
  const names = await readNames(scope, updates)
  const custom = await readCustomChanges(scope, updates)
  const runOf = ({ deal, append }: Update) => nextRun(scope, deal, append, versions)
  await closeVisits(
    scope,
    updates.filter(({ append }) => append.length > 0),
  )
  await insertRows(
    em,
    'status_visit',
    visitColumns,
    updates.flatMap(({ deal, append }) => visitRows(scope, deal.id, append, versions.get(deal.run?.versionId ?? 0) ?? null)),
  )
  await insertRows(
    em,
    'deal_event',
    eventColumns,
    updates.flatMap((update, index) => eventRows(scope, names, update, custom[index] ?? [])),
  )
  const rows = updates.map(({ deal, fields, append }) => {
    const last = append.at(-1)
    const changedAt = Math.max(deal.changedAt.getTime(), last?.at ?? scope.now.getTime())
    return {
      id: deal.id,
      ...fields,
      status_id: last?.statusId ?? deal.statusId,
      status_since: iso(last?.at ?? deal.statusSince.getTime()),
      changed_at: iso(changedAt),
    }
  })
  await selectRows(
    em,
    sql`update deal set title = given.title, description = given.description, counterparty_id = given.counterparty_id, owner_id = given.owner_id,
      department_id = given.department_id, amount_minor = given.amount_minor, currency = given.currency, expected_close_on = given.expected_close_on, lost_reason = given.lost_reason, fields = given.fields,
      status_id = given.status_id, status_since = given.status_since, status_held = false, changed_at = given.changed_at, version = version + 1
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (id bigint, title text, description text, counterparty_id int, owner_id int,
      department_id int, amount_minor bigint, currency text, expected_close_on date, lost_reason text, fields jsonb, status_id int, status_since timestamptz, changed_at timestamptz)
    where deal.id = given.id`,
  )
  const runs = updates.flatMap((update) => {
    const run = runOf(update)
    return run ? [{ id: update.deal.run!.id, ...runRow(run) }] : []
  })
  await selectRows(
    em,
    sql`update process_run set stage_id = given.stage_id, stage_since = given.stage_since, state = given.state, ended_at = given.ended_at
    from jsonb_to_recordset(${JSON.stringify(runs)}::jsonb) as given (id bigint, stage_id int, stage_since timestamptz, state text, ended_at timestamptz)
    where process_run.id = given.id`,
  )
}

function nextRun(
  scope: ImportScope,
  deal: KnownDeal,
  append: readonly DatedStep[],
  versions: ReadonlyMap<number, ProcessVersionRow>,
): RunState | null {
  const version = deal.run ? versions.get(deal.run.versionId) : undefined
  if (!deal.run || !version || append.length === 0) return null
  const { stageId, stageSince, state, endedAt } = deal.run
  const before = {
    stageId,
    stageSince: Date.parse(stageSince),
    state: state as RunState['state'],
    endedAt: endedAt === null ? null : Date.parse(endedAt),
  }
  return runAfter(scope, version, append, before)
}

async function closeVisits({ session }: ImportScope, updates: readonly Update[]): Promise<void> {
  const rows = updates.map(({ deal, append }) => ({ id: deal.visits.at(-1)!.id, left_at: iso(append[0]!.at) }))
  await selectRows(
    session.em,
    sql`update status_visit set left_at = given.left_at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (id bigint, left_at timestamptz)
      where status_visit.id = given.id`,
  )
}

type NamesById = { show(field: NamedField, value: string | number | null): string | number | null }

const referred: Readonly<Partial<Record<NamedField, 'counterparty' | 'employee' | 'department'>>> = {
  counterparty_id: 'counterparty',
  owner_id: 'employee',
  department_id: 'department',
}

/** Events name people and clients as they were called, not by their ids. */
async function readNames({ session }: ImportScope, updates: readonly Update[]): Promise<NamesById> {
  const names = new Map<string, string>()
  for (const [field, table] of Object.entries(referred) as [NamedField, string][]) {
    const changed = updates.filter(({ changes }) => changes.includes(field))
    const ids = changed.flatMap(({ deal, fields }) => [deal.fields[field], fields[field]]).filter((id) => id !== null)
    if (ids.length === 0) continue
    const rows = await selectRows<{ id: number; name: string }>(
      session.em,
      sql`select id, name from ${sql.table(table)} where id = any(${ids}::int[])`,
    )
    for (const { id, name } of rows) names.set(`${field} ${id}`, name)
  }
  return { show: (field, value) => (referred[field] ? (names.get(`${field} ${value}`) ?? null) : value) }
}

/** By update, what is different in its custom fields. */
async function readCustomChanges({ session }: ImportScope, updates: readonly Update[]): Promise<readonly FieldChange[][]> {
  if (!updates.some(({ changes }) => changes.includes('fields'))) return []
  const all = await selectCustomFields(session.em)
  return describeFieldChanges(
    session,
    updates.map(({ deal, fields }) => ({
      fields: all.filter((field) => field.typeId === deal.typeId),
      before: deal.fields.fields,
      after: fields.fields,
    })),
  )
}

/** Said of an amount unless both currencies are the organisation's. */
function currenciesOf({ baseCurrency }: ImportScope, before: DealFields, after: DealFields): Pick<FieldChange, 'currencies'> {
  if (before.currency === baseCurrency && after.currency === baseCurrency) return {}
  return { currencies: { before: before.currency, after: after.currency } }
}

/** What the deal's history says of the update; the first event carries how to take it back. */
function eventRows(
  scope: ImportScope,
  names: NamesById,
  { deal, fields, changes, append }: Update,
  custom: readonly FieldChange[],
): Row[] {
  const undo = {
    versionAfter: -1,
    dealVersionAfter: deal.version + 1,
    openedVisitIds: [],
    companionIds: [],
    taskIds: [],
    runIds: [],
    closedVisitId: append.length > 0 ? deal.visits.at(-1)!.id : null,
    deal: {
      ...deal.fields,
      status_id: deal.statusId,
      status_since: deal.statusSince,
      status_held: deal.statusHeld,
      changed_at: deal.changedAt,
    },
    run: deal.run,
  }
  const edited =
    changes.length > 0
      ? [
          {
            kind: 'deal_edited',
            changes: [
              ...(Object.keys(eventNames) as NamedField[])
                .filter((name) => changes.includes(name) || (name === 'amount_minor' && changes.includes('currency')))
                .map((name) => ({
                  field: eventNames[name],
                  before: names.show(name, deal.fields[name]),
                  after: names.show(name, fields[name]),
                  ...(name === 'amount_minor' ? currenciesOf(scope, deal.fields, fields) : {}),
                })),
              ...custom,
            ],
          },
        ]
      : []
  const { dictionary } = scope.statuses
  const moved = append.map((step, index) => ({
    kind: 'status_changed',
    from: refOf(dictionary.byId(append[index - 1]?.statusId ?? deal.statusId)),
    to: refOf(dictionary.byId(step.statusId)),
    cause: { kind: 'import', batchId: scope.batchId },
    at: step.at,
  }))
  return [...edited.map((body) => ({ body, at: scope.now.getTime() })), ...moved.map(({ at, ...body }) => ({ body, at }))].map(
    ({ body, at }, index) => eventRow(scope, deal.id, body, at, index === 0 ? undo : null),
  )
}
