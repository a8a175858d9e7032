import { Status } from '../../db/entities/process.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import type { StatusRow } from '../../db/queries/dictionaries.ts'
import { lockStatuses } from '../../db/queries/status-use.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { renameStatus } from '../../shared/domain/rename-status.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import type { MergeStatusInput, PreviewStatusesInput } from '../../shared/schemas/statuses.ts'
import { type Session, transact } from '../session.ts'
import { readStatuses, type StatusDictionary, statusDictionary } from './dictionary.ts'
import { type ShownFunnel, showFunnel } from './funnel/show-funnel.ts'
import { assertSettings } from './people.ts'
import { assertNotMerged, assertSomeLeft, findStatus, idsInOrder } from './statuses.ts'

/**
 * Merges a status into another: from then on its deals and its past count as the other's, while history keeps its name. What was merged into
 * it before follows, so that a mapping is always one step long. Rules name the other from then on; processes give the other.
 * @throws AppError forbidden, not_found, version_stale, status_merge_itself, status_merged (either), status_archived (into), status_kinds_differ, status_last
 */
export function mergeStatus(session: Session, input: MergeStatusInput): Promise<StatusDictionary> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await lockStatuses(inside.em)
    const statuses = await readStatuses(inside)
    const status = await findStatus(inside, input.code)
    if (status.version !== input.version) throw new AppError('version_stale', { current: { version: status.version } })
    const [from, into] = pairOf(inside, statuses, input.code, input.into)
    status.mergedInto = inside.em.getReference(Status, into.id)
    status.archivedAt ??= inside.now
    status.shownInFunnel = false
    await inside.em.flush()
    await selectRows(
      inside.em,
      sql`update status set merged_into_id = ${into.id}, version = version + 1 where merged_into_id = ${from.id}`,
    )
    await renameInRules(inside, from.code, into.code)
    const after = await readStatuses(inside)
    assertSomeLeft(after)
    return after
  })
}

export type StatusPreview = { readonly before: ShownFunnel; readonly after: ShownFunnel }

/**
 * Today's funnel as it is, and as it would be after one change of the dictionary: the same figures by the same function. Nothing is written.
 * @throws AppError forbidden, not_found, conflict (order), and whatever a merge is refused with
 */
export async function previewStatuses(session: Session, input: PreviewStatusesInput): Promise<StatusPreview> {
  assertSettings(session)
  const statuses = await readStatuses(session)
  const changed = input.merge
    ? merged(statuses, ...pairOf(session, statuses, input.merge.code, input.merge.into))
    : reordered(statuses, idsInOrder(statuses, input.order ?? []))
  const query = ShowFunnel.parse({ basis: input.basis })
  return { before: await showFunnel(session, query, statuses), after: await showFunnel(session, query, changed) }
}

/** The two of a merger, when they may be merged. */
function pairOf(session: Session, statuses: StatusDictionary, code: string, intoCode: string): [StatusRow, StatusRow] {
  const [from, into] = [statuses.find(code), statuses.find(intoCode)]
  if (from.id === into.id) throw new AppError('status_merge_itself')
  assertNotMerged(session, statuses, from)
  assertNotMerged(session, statuses, into)
  if (into.archived) throw new AppError('status_archived', { status: into.names[session.locale] })
  if ((from.category === 'lost') !== (into.category === 'lost')) throw new AppError('status_kinds_differ')
  return [from, into]
}

function merged(statuses: StatusDictionary, from: StatusRow, into: StatusRow): StatusDictionary {
  return statusDictionary(
    statuses.all.map((status) =>
      status.id === from.id
        ? { ...status, mergedIntoId: into.id, archived: true, shownInFunnel: false }
        : status.mergedIntoId === from.id
          ? { ...status, mergedIntoId: into.id }
          : status,
    ),
  )
}

function reordered(statuses: StatusDictionary, ids: readonly number[]): StatusDictionary {
  const ranks = ids.map((id) => statuses.byId(id).rank).sort((a, b) => a - b)
  const rankOf = new Map(ids.map((id, place) => [id, ranks[place]!]))
  const all = statuses.all.map((status) => ({ ...status, rank: rankOf.get(status.id) ?? status.rank }))
  return statusDictionary(
    all.sort((a, b) => Number(a.category === 'lost') - Number(b.category === 'lost') || a.rank - b.rank || a.id - b.id),
  )
}

async function renameInRules(session: Session, from: string, into: string): Promise<void> {
  for (const rule of await session.em.find(StatusRuleEntity, { archivedAt: null })) {
    const renamed = renameStatus(rule, from, into)
    if (!renamed) continue
    rule.trigger = renamed.trigger
    rule.condition = renamed.condition
    rule.actions = renamed.actions
  }
  await session.em.flush()
}
