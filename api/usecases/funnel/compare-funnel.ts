import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsWithIds, selectCohortMembers, selectSplitClasses } from '../../../db/queries/funnel.ts'
import { hasKey } from '../../../db/queries/slice-keys.ts'
import type { SliceTotals } from '../../../shared/domain/explain-change.ts'
import { ladderOf, outcomeIn, standingOf } from '../../../shared/domain/funnel.ts'
import { classesOf } from '../../../shared/domain/funnel-cohort.ts'
import { isWon, milestonesOf } from '../../../shared/domain/funnel-sums.ts'
import type { CompareQuery, ListComparedDealsInput } from '../../../shared/schemas/compare.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { SplitBy } from '../../../shared/views/funnel.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { type Asked, ask, readPaths, toDealClass } from './ask.ts'
import { sidesOf } from './compare-sides.ts'
import { type ShownCohort, type ShownFunnel, showFunnel } from './show-funnel.ts'

export type SideSlices = { readonly totals: readonly SliceTotals[]; readonly names: ReadonlyMap<number, string | null> }
export type ComparedFunnels = {
  readonly query: CompareQuery
  readonly now: ShownCohort
  readonly before: ShownCohort
  readonly slices: { readonly now: SideSlices; readonly before: SideSlices }
}

/** The same question asked twice, and both cohorts cut by one slice. @throws AppError not_found, input_invalid */
export async function compareFunnel(session: Session, query: CompareQuery): Promise<ComparedFunnels> {
  const sides = await sidesOf(session, query)
  const [now, before, ownSlices, otherSlices] = await Promise.all([
    showCohort(session, sides.now),
    showCohort(session, sides.before),
    cutSide(session, sides.now, query.split),
    cutSide(session, sides.before, query.split),
  ])
  return { query, now, before, slices: { now: ownSlices, before: otherSlices } }
}

async function showCohort(session: Session, query: FunnelQuery): Promise<ShownCohort> {
  const shown: ShownFunnel = await showFunnel(session, query)
  if (shown.basis !== 'cohort') throw new Error('a comparison is of cohorts')
  return shown
}

/** Deals, won deals and won money of each value of the slice. */
async function cutSide(session: Session, query: FunnelQuery, by: SplitBy): Promise<SideSlices> {
  const asked = await ask(session, query)
  const { slice, span, bits } = asked
  const [rows, wins] = await Promise.all([
    selectSplitClasses(session.em, session.actor, slice, span, bits, by, session.locale),
    winsOf(session, asked),
  ])
  const totals = new Map<number, { key: number; deals: number; won: number; wonAmountMinor: number }>()
  for (const row of rows) {
    const key = row.key ?? 0
    const sums = totals.get(key) ?? { key, deals: 0, won: 0, wonAmountMinor: 0 }
    totals.set(key, sums)
    sums.deals += row.count
    if (!wins(row)) continue
    sums.won += row.count
    sums.wonAmountMinor += row.amountMinor
  }
  return { totals: [...totals.values()], names: new Map(rows.map((row) => [row.key ?? 0, row.name])) }
}

type ClassRow = Parameters<typeof toDealClass>[0]

async function winsOf(session: Session, asked: Asked): Promise<(row: ClassRow) => boolean> {
  const { funnelStatuses, bits, query } = asked
  const paths = await readPaths(session, asked)
  const [ladder, milestones] = [ladderOf(funnelStatuses), milestonesOf(funnelStatuses)]
  return (row) => isWon(standingOf(toDealClass(row, bits), ladder, paths), milestones, ladder, query.strict)
}

/**
 * The deals behind one figure of a comparison: the classes that the figure is made of, of the side's own question.
 * @throws AppError not_found for a status that is no layer, input_invalid
 */
export async function listComparedDeals(session: Session, input: ListComparedDealsInput): Promise<DealList> {
  const { side, layer, part, key, sort, limit, cursor, ...query } = input
  const asked = await ask(session, (await sidesOf(session, query))[side])
  const slice =
    key === undefined
      ? asked.slice
      : { ...asked.slice, others: [...asked.slice.others, hasKey(asked.slice, asked.bits, query.split, key)] }
  const members = await selectCohortMembers(session.em, session.actor, slice, asked.span, asked.bits)
  const chosen = await chooseMembers(session, asked, members, layer, part)
  const condition = dealsWithIds(
    session.actor,
    chosen.flatMap((row) => row.dealIds),
  )
  const page = { sort, limit, cursor: decodeCursor(cursor, sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    selectDealTotals(session.em, condition),
  ])
  return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook(session, rows, true) }
}

async function chooseMembers<Row extends ClassRow>(
  session: Session,
  asked: Asked,
  members: readonly Row[],
  layer: string | undefined,
  part: ListComparedDealsInput['part'],
): Promise<readonly Row[]> {
  if (part === 'all') return members
  const wins = await winsOf(session, asked)
  if (part === 'won') return members.filter(wins)
  const { funnelStatuses: statuses, bits, query } = asked
  const paths = await readPaths(session, asked)
  if (part === 'beside') {
    const ladder = ladderOf(statuses)
    const milestone = ladder.layers.find((status) => status.isWon) ?? ladder.layers.at(-1)
    const isIn = (row: Row) =>
      milestone && outcomeIn(standingOf(toDealClass(row, bits), ladder, paths), milestone.id, ladder, query.strict) !== null
    return members.filter((row) => wins(row) && !isIn(row))
  }
  const layerId = asked.statuses.resolve(asked.statuses.find(layer ?? '').id).id
  const classes = members.map((row) => ({ ...toDealClass(row, bits), row }))
  return classesOf({ statuses, paths, strict: query.strict, classes }, layerId, part).map((one) => one.row)
}
