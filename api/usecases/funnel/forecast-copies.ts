import type { Em } from '../../../db/orm.ts'
import { selectDepartments } from '../../../db/queries/dictionaries.ts'
import {
  type CopyRow,
  hasCopies,
  insertCopies,
  lockForecasts,
  replaceLearned,
  selectLearned,
  selectLearnedOn,
} from '../../../db/queries/forecasts.ts'
import { selectForecast } from '../../../db/queries/outcomes.ts'
import { forecastOf, type OutcomeClass, type ProbabilityBook } from '../../../shared/domain/forecast.ts'
import { type ForecastPeriodKind, type ForecastSliceKind, frozenPeriods } from '../../../shared/domain/forecast-history.ts'
import { mondayOf, type Period } from '../../../shared/domain/periods.ts'
import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import { type Session, transact } from '../../session.ts'
import { systemSession } from '../rules/system-session.ts'
import { ask, endsOf } from './ask.ts'
import { outcomeScope, spanOf, todayOf } from './outcome-scope.ts'
import { probabilityBook } from './show-forecast.ts'

/**
 * Once a day learns the probabilities, once a week takes the frozen copies: on its Monday, or as soon after as the program runs. However often
 * and by however many processes it is called.
 * @returns how many copies were taken
 */
export async function keepForecasts(em: Em, now: Date): Promise<number> {
  const session = await systemSession(em, now)
  if (!session) return 0
  const today = todayOf(session)
  const week = mondayOf(today)
  if ((await selectLearnedOn(em)) === today && (await hasCopies(em, week))) return 0
  return transact(session, async (inside) => {
    await lockForecasts(inside.em)
    if ((await selectLearnedOn(inside.em)) !== today) await learn(inside, today)
    if (await hasCopies(inside.em, week)) return 0
    const rows = await copiesOf(inside, week, await standingNow(inside))
    await insertCopies(inside.em, now, rows)
    return rows.length
  })
}

async function learn(session: Session, day: string): Promise<void> {
  const { statuses } = await ask(session, ShowFunnel.parse({}))
  await replaceLearned(session.em, { ...endsOf(statuses), day })
}

type ClassesIn = (period: Period) => readonly OutcomeClass[] | Promise<readonly OutcomeClass[]>

async function standingNow(session: Session): Promise<ClassesIn> {
  const scope = await outcomeScope(session, await ask(session, ShowFunnel.parse({})))
  return (period) => selectForecast(session.em, scope, spanOf(session, period))
}

/** The copies of a week. @param session at a moment of it; @param classesIn what became of the deals in a period, as of that moment */
export async function copiesOf(session: Session, week: string, classesIn: ClassesIn): Promise<CopyRow[]> {
  const asked = await ask(session, ShowFunnel.parse({}))
  const [learned, departments] = await Promise.all([selectLearned(session.em), selectDepartments(session.em)])
  const book = probabilityBook(learned, asked.statuses)
  const aboveOf = branchesOf(departments)
  const rows: CopyRow[] = []
  for (const { kind, period } of frozenPeriods(todayOf(session))) {
    const classes = await classesIn(period)
    for (const { slice, sliceId, own } of slicesOf(classes, aboveOf))
      rows.push(copyRow({ week, slice, sliceId, kind, period }, own, book))
  }
  return rows
}

type Slice = { readonly slice: ForecastSliceKind; readonly sliceId: number; readonly own: readonly OutcomeClass[] }

/** The company, each type, and each department with all below it. */
function slicesOf(classes: readonly OutcomeClass[], aboveOf: (departmentId: number) => readonly number[]): Slice[] {
  const types = Map.groupBy(classes, (one) => one.typeId)
  const departments = new Map<number, OutcomeClass[]>()
  for (const one of classes)
    for (const id of aboveOf(one.departmentId)) departments.set(id, [...(departments.get(id) ?? []), one])
  return [
    { slice: 'company', sliceId: 0, own: classes },
    ...[...types].map(([sliceId, own]) => ({ slice: 'type' as const, sliceId, own })),
    ...[...departments].map(([sliceId, own]) => ({ slice: 'department' as const, sliceId, own })),
  ]
}

/** A department and all above it. */
function branchesOf(
  departments: readonly { readonly id: number; readonly parentId: number | null }[],
): (departmentId: number) => readonly number[] {
  const parents = new Map(departments.map(({ id, parentId }) => [id, parentId]))
  return (departmentId) => {
    const branch: number[] = []
    for (let id: number | null = departmentId; id !== null && !branch.includes(id); id = parents.get(id) ?? null) branch.push(id)
    return branch
  }
}

type CopyKey = {
  readonly week: string
  readonly slice: ForecastSliceKind
  readonly sliceId: number
  readonly kind: ForecastPeriodKind
  readonly period: Period
}

function copyRow(
  { week, slice, sliceId, kind, period }: CopyKey,
  classes: readonly OutcomeClass[],
  book: ProbabilityBook,
): CopyRow {
  const { won, expected, overdue, undated } = forecastOf(classes, book).buckets
  return {
    week,
    slice,
    sliceId,
    period: kind,
    periodFrom: period.from,
    periodTo: period.to,
    wonDeals: won.deals,
    wonMinor: won.amountMinor,
    expectedDeals: expected.deals,
    expectedMinor: expected.amountMinor,
    weightedMinor: expected.weightedMinor,
    overdueDeals: overdue.deals,
    overdueMinor: overdue.amountMinor,
    undatedDeals: undated.deals,
    undatedMinor: undated.amountMinor,
    withoutRate: won.withoutRate + expected.withoutRate,
  }
}
