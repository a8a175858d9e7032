import { type ProcessVersionRow, selectCurrentVersion } from '../../../db/queries/dictionaries.ts'
import { insertRows, type Row } from '../../../db/seeds/insert-rows.ts'
import { mergeFields } from '../../../shared/domain/custom-fields.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import { refOf } from '../dictionary.ts'
import { dealColumns, eventColumns, runColumns, visitColumns } from './deal-columns.ts'
import { takeIds } from './directory.ts'
import type { DealDraft, ImportScope } from './draft.ts'
import { type KnownDeal, selectKnownDeals } from './known-deals.ts'
import { type DatedStep, planVisits } from './plan-visits.ts'
import { updateDeals } from './update-deals.ts'

export type Outcome =
  | { readonly kind: 'created' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'updated'; readonly appended: number }
  | { readonly kind: 'refused'; readonly code: 'dates_reversed' | 'history_differs' | 'changed_by_people' }

/** Where a main run stands. */
export type RunState = {
  readonly stageId: number
  readonly stageSince: number
  readonly state: 'running' | 'finished' | 'cancelled'
  readonly endedAt: number | null
}

/**
 * Writes deals with their visits: new ones whole, known ones (by external id) as far as they differ.
 * @returns what became of each draft, in the same order
 */
export async function writeDrafts(scope: ImportScope, drafts: readonly DealDraft[]): Promise<Outcome[]> {
  if (drafts.length === 0) return []
  const known = await selectKnownDeals(
    scope.session.em,
    drafts.map(({ externalId }) => externalId),
  )
  const outcomes = new Map<DealDraft, Outcome>()
  const fresh: (readonly [DealDraft, readonly DatedStep[]])[] = []
  const changed: (readonly [DealDraft, KnownDeal])[] = []
  for (const draft of drafts) {
    const deal = known.get(draft.externalId)
    if (deal) {
      changed.push([draft, deal])
      continue
    }
    const plan = planVisits([], draft.steps, scope.undatedAt)
    if (plan.ok) fresh.push([draft, plan.append])
    outcomes.set(draft, plan.ok ? { kind: 'created' } : { kind: 'refused', code: plan.reason })
  }
  await insertDeals(scope, fresh)
  for (const [draft, outcome] of await updateDeals(scope, changed)) outcomes.set(draft, outcome)
  return drafts.map((draft) => outcomes.get(draft)!)
}

async function insertDeals(scope: ImportScope, drafts: readonly (readonly [DealDraft, readonly DatedStep[]])[]): Promise<void> {
  const { session, report } = scope
  const ids = await takeIds(session, 'deal', drafts.length)
  const [deals, runs, visits, events]: [Row[], Row[], Row[], Row[]] = [[], [], [], []]
  for (const [index, [draft, steps]] of drafts.entries()) {
    const id = ids[index]!
    const version = draft.templateId === null ? null : await currentVersion(scope, draft.templateId)
    const first = steps[0]!
    const last = steps.at(-1)!
    deals.push(dealRow(scope, draft, id, first, last))
    if (version) {
      const run = runAfter(scope, version, steps, null)
      runs.push({ deal_id: id, template_version_id: version.id, is_main: true, started_at: iso(first.at), ...runRow(run) })
    }
    visits.push(...visitRows(scope, id, steps, version))
    const status = refOf(scope.statuses.dictionary.byId(last.statusId))
    events.push(eventRow(scope, id, { kind: 'deal_imported', batchId: scope.batchId, status }, last.at))
  }
  await insertRows(session.em, 'deal', dealColumns, deals)
  await insertRows(session.em, 'process_run', runColumns, runs)
  await insertRows(session.em, 'status_visit', visitColumns, visits)
  await insertRows(session.em, 'deal_event', eventColumns, events)
  report.created('deals', ids)
}

function dealRow(
  { baseCurrency, batchId, statuses }: ImportScope,
  draft: DealDraft,
  id: number,
  first: DatedStep,
  last: DatedStep,
): Row {
  const isLost = statuses.dictionary.byId(last.statusId).category === 'lost'
  return {
    id,
    title: draft.title ?? draft.externalId,
    description: draft.description ?? '',
    type_id: draft.typeId,
    counterparty_id: draft.counterpartyId ?? null,
    owner_id: draft.ownerId ?? draft.fallback.ownerId,
    department_id: draft.departmentId ?? draft.fallback.departmentId,
    amount_minor: draft.amountMinor ?? 0,
    currency: draft.currency ?? baseCurrency,
    status_id: last.statusId,
    status_since: iso(last.at),
    expected_close_on: draft.expectedCloseOn ?? null,
    lost_reason: isLost ? (draft.lostReason ?? null) : null,
    fields: mergeFields({}, draft.custom ?? {}),
    external_id: draft.externalId,
    import_batch_id: batchId,
    created_at: iso(Math.min(draft.createdAt ?? first.at, first.at)),
    changed_at: iso(last.at),
  }
}

/** Visits one after the other; the last is open. */
export function visitRows(
  scope: ImportScope,
  dealId: number,
  steps: readonly DatedStep[],
  version: ProcessVersionRow | null,
): Row[] {
  return steps.map((step, index) => {
    const next = steps[index + 1]
    return {
      deal_id: dealId,
      status_id: step.statusId,
      entered_at: iso(step.at),
      left_at: next ? iso(next.at) : null,
      recorded_at: iso(scope.now.getTime()),
      owner_id: step.ownerId,
      department_id: step.departmentId,
      amount_minor: step.amountMinor,
      currency: step.currency,
      cause: { kind: 'import', batchId: scope.batchId },
      actor_id: step.actorId,
      stage_id: version?.stages.find((stage) => (stage.statusId ?? version.statusId) === step.statusId)?.id ?? null,
    }
  })
}

export function eventRow(
  { batchId, now, session }: ImportScope,
  dealId: number,
  body: Row,
  at: number,
  undoState: Row | null = null,
): Row {
  return {
    deal_id: dealId,
    kind: body['kind'],
    body,
    occurred_at: iso(at),
    recorded_at: iso(now.getTime()),
    actor_id: session.actor.id > 0 ? session.actor.id : null,
    door: 'import',
    undo_state: undoState === null ? null : { ...undoState, batchId },
  }
}

/**
 * Where the main run stands after some visits: in the stage of the last status that has one, stopped when the deal is lost.
 * @param before where it stood; null for a new deal, which begins at the first stage
 */
export function runAfter(
  { statuses }: ImportScope,
  version: ProcessVersionRow,
  steps: readonly DatedStep[],
  before: RunState | null,
): RunState {
  const stageOf = (step: DatedStep) => version.stages.find((stage) => (stage.statusId ?? version.statusId) === step.statusId)
  const isLost = (step: DatedStep) => statuses.dictionary.byId(step.statusId).category === 'lost'
  const staged = steps.findLast((step) => !isLost(step) && stageOf(step) !== undefined)
  const stageId = staged ? stageOf(staged)!.id : (before?.stageId ?? version.stages[0]!.id)
  const stageSince = staged?.at ?? before?.stageSince ?? steps[0]!.at
  const last = steps.at(-1)!
  if (isLost(last)) return { stageId, stageSince, state: 'cancelled', endedAt: last.at }
  return isLastStage(version, stageId)
    ? { stageId, stageSince, state: 'finished', endedAt: stageSince }
    : { stageId, stageSince, state: 'running', endedAt: null }
}

export function runRow({ stageId, stageSince, state, endedAt }: RunState): Row {
  return { stage_id: stageId, stage_since: iso(stageSince), state, ended_at: endedAt === null ? null : iso(endedAt) }
}

async function currentVersion({ versions, session }: ImportScope, templateId: number): Promise<ProcessVersionRow | null> {
  const known = versions.get(templateId)
  if (known !== undefined) return known
  const found = await selectCurrentVersion(session.em, templateId)
  const version = found && found.stages.length > 0 ? found : null
  versions.set(templateId, version)
  return version
}

export function iso(at: number): string {
  return new Date(at).toISOString()
}
