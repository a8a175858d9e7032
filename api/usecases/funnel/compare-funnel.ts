import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsWithIds, selectCohortMembers, selectSplitClasses } from '../../../db/queries/funnel.ts'
import { hasKey } from '../../../db/queries/slice-keys.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { SliceTotals } from '../../../shared/domain/explain-change.ts'
import { splitOf } from '../../../shared/domain/explain-split.ts'
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
import { type ComparedCounts, compareCounts, listComparedCounts } from './compare-counted.ts'
import { sidesOf } from './compare-sides.ts'
import { type ShownCohort, type ShownFunnel, showFunnel } from './show-funnel.ts'
import { leftOut } from './without-rate.ts'

export type SideSlices = { readonly totals: readonly SliceTotals[]; readonly names: ReadonlyMap<number, string | null> }
export type ComparedCohorts = {
  readonly basis: 'cohort'
  readonly query: CompareQuery
  /** What both are really cut by; null: by nothing. */
  readonly split: SplitBy | null
  readonly now: ShownCohort
  readonly before: ShownCohort
  readonly slices: { readonly now: SideSlices; readonly before: SideSlices }
}

export type ComparedFunnels = ComparedCohorts | ComparedCounts

/** Two funnels of the basis that is asked for. @throws AppError not_found, input_invalid */
export function compareFunnel(session: Session, query: CompareQuery): Promise<ComparedFunnels> {
  const { basis } = query
  return basis === 'cohort' ? compareCohorts(session, query) : compareCounts(session, { ...query, basis })
}

/** The same question asked twice, and both cohorts cut by one slice. @throws AppError not_found, input_invalid */
export async function compareCohorts(session: Session, query: CompareQuery): Promise<ComparedCohorts> {
  const sides = await sidesOf(session, { ...query, basis: 'cohort' })
  const split = splitOf(query)
  const [now, before, ownSlices, otherSlices] = await Promise.all([
    showCohort(session, sides.now),
    showCohort(session, sides.before),
    cutSide(session, sides.now, split),
    cutSide(session, sides.before, split),
  ])
  return { basis: 'cohort', query, split, now, before, slices: { now: ownSlices, before: otherSlices } }
}

async function showCohort(session: Session, query: FunnelQuery): Promise<ShownCohort> {
  const shown: ShownFunnel = await showFunnel(session, query)
  if (shown.basis !== 'cohort') throw new Error('a comparison is of cohorts')
  return shown
}

/** Deals and won deals of each value of the slice, and their money. */
async function cutSide(session: Session, query: FunnelQuery, by: SplitBy | null): Promise<SideSlices> {
  if (by === null) return { totals: [], names: new Map() }
  const asked = await ask(session, query)
  const { slice, span, bits } = asked
  const [rows, wins] = await Promise.all([
    selectSplitClasses(session.em, session.actor, slice, span, bits, by, session.locale),
    winsOf(session, asked),
  ])
  const totals = new Map<number, { -readonly [Field in keyof SliceTotals]: number }>()
  for (const row of rows) {
    const key = row.key ?? 0
    const sums = totals.get(key) ?? { key, deals: 0, amountMinor: 0, won: 0, wonAmountMinor: 0 }
    totals.set(key, sums)
    sums.deals += row.count
    sums.amountMinor += row.amountMinor
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
  if (input.basis !== 'cohort') return listComparedCounts(session, input)
  const { side, layer, part, key, withoutRate, sort, limit, cursor, ...query } = input
  const asked = leftOut(await ask(session, (await sidesOf(session, query))[side]), withoutRate)
  const slice =
    key === undefined
      ? asked.slice
      : { ...asked.slice, others: [...asked.slice.others, hasKey(asked.slice, asked.bits, splitOf(query) ?? query.split, key)] }
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

const cohortParts = ['reached', 'passed', 'lost', 'open', 'finished', 'through', 'joined'] as const
function isCohortPart(part: string): part is (typeof cohortParts)[number] {
  return (cohortParts as readonly string[]).includes(part)
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
  if (!isCohortPart(part)) throw new AppError('input_invalid', { problems: [{ path: 'part', message: part }] })
  return classesOf({ statuses, paths, strict: query.strict, classes }, layerId, part).map((one) => one.row)
}
