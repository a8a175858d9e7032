import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsStanding } from '../../../db/queries/funnel-standing.ts'
import { cutBy, hasKey, selectKeyTotals } from '../../../db/queries/slice-keys.ts'
import type { RawBuilder } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { CountedFigures } from '../../../shared/domain/counted-sentence.ts'
import { splitOf } from '../../../shared/domain/explain-split.ts'
import type { CompareQuery, ListComparedDealsInput } from '../../../shared/schemas/compare.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { SplitBy } from '../../../shared/views/funnel.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, shownLayers, standingQuestion, standingStatuses } from './ask.ts'
import { sidesOf } from './compare-sides.ts'
import { conditionOfFlow } from './compute-flow.ts'
import { type ShownFlow, type ShownSnapshot, showFunnel } from './show-funnel.ts'
import { leftOut } from './without-rate.ts'

type KeySums = { readonly totals: readonly CountedFigures[]; readonly names: ReadonlyMap<number, string | null> }
/** Two snapshots or two flows: both sides are of one basis. */
export type ComparedCounts = {
  readonly basis: 'snapshot' | 'flow'
  readonly query: CompareQuery
  /** What both are really cut by; null: by nothing. */
  readonly split: SplitBy | null
  readonly now: ShownSnapshot | ShownFlow
  readonly before: ShownSnapshot | ShownFlow
  readonly slices: { readonly now: KeySums; readonly before: KeySums }
}

/** The same question asked twice of where deals stand, or of what happened. @throws AppError not_found, input_invalid */
export async function compareCounts(
  session: Session,
  query: CompareQuery & { readonly basis: 'snapshot' | 'flow' },
): Promise<ComparedCounts> {
  const sides = await sidesOf(session, query)
  const split = splitOf(query)
  const [now, before, own, other] = await Promise.all([
    showCounts(session, sides.now),
    showCounts(session, sides.before),
    cutSide(session, sides.now, split),
    cutSide(session, sides.before, split),
  ])
  return { basis: query.basis, query, split, now, before, slices: { now: own, before: other } }
}

async function showCounts(session: Session, query: FunnelQuery): Promise<ShownSnapshot | ShownFlow> {
  const shown = await showFunnel(session, query)
  if (shown.basis === 'cohort') throw new Error('a cohort is compared by its own')
  return shown
}

async function cutSide(session: Session, query: FunnelQuery, split: SplitBy | null): Promise<KeySums> {
  if (split === null) return { totals: [], names: new Map() }
  const asked = await ask(session, query)
  const cut = cutBy(asked.slice, asked.bits, split, session.locale)
  const rows = await selectKeyTotals(session.em, await conditionOfAll(session, asked), cut)
  return {
    totals: rows.map(({ key, deals, amountMinor }) => ({ key: key ?? 0, deals, amountMinor })),
    names: new Map(rows.map(({ key, name }) => [key ?? 0, name])),
  }
}

/** All deals of one side, each once. */
async function conditionOfAll(session: Session, asked: Asked): Promise<RawBuilder<unknown>> {
  return asked.query.basis === 'flow'
    ? conditionOfFlow(session, asked, null)
    : conditionOfStanding(session, asked, standingIds(asked))
}

function conditionOfStanding(session: Session, asked: Asked, ids: readonly number[]): RawBuilder<unknown> {
  return dealsStanding(standingQuestion(session, asked), ids)
}

function standingIds(asked: Asked): number[] {
  return standingStatuses(asked).map(({ id }) => id)
}

/**
 * The deals behind one figure of such a comparison, by the side's own question.
 * @throws AppError not_found for a status that is no layer, input_invalid for a part of another basis
 */
export async function listComparedCounts(session: Session, input: ListComparedDealsInput): Promise<DealList> {
  const { side, layer, part, key, withoutRate, sort, limit, cursor, ...query } = input
  const whole = leftOut(await ask(session, (await sidesOf(session, query))[side]), withoutRate)
  const keyed = key === undefined ? [] : [hasKey(whole.slice, whole.bits, splitOf(query) ?? query.split, key)]
  const asked = { ...whole, slice: { ...whole.slice, others: [...whole.slice.others, ...keyed] } }
  const condition = await conditionOf(session, asked, layer, part)
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

async function conditionOf(
  session: Session,
  asked: Asked,
  layer: string | undefined,
  part: ListComparedDealsInput['part'],
): Promise<RawBuilder<unknown>> {
  if (part === 'all') return conditionOfAll(session, asked)
  const isFlow = asked.query.basis === 'flow'
  if (part === 'beside' && !isFlow) {
    const shown = new Set(shownLayers(asked).map(({ id }) => id))
    return conditionOfStanding(
      session,
      asked,
      standingIds(asked).filter((id) => !shown.has(id)),
    )
  }
  const layerId = asked.statuses.resolve(asked.statuses.find(layer ?? '').id).id
  if (isFlow) return conditionOfFlow(session, asked, { layerId, part })
  if (part !== 'standing') throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  return conditionOfStanding(session, asked, [layerId])
}
