import { selectCohort } from '../../../../db/queries/funnel.ts'
import { areBelow, type CubeQuestion, readCube, selectTopDepartments } from '../../../../db/queries/funnel-cube.ts'
import { selectSummedClasses } from '../../../../db/queries/funnel-deals.ts'
import { seesEveryDeal } from '../../../../db/queries/visibility.ts'
import type { DealClass, FunnelStatus } from '../../../../shared/domain/funnel.ts'
import { sumsOfPacks } from '../../../../shared/domain/funnel-cells.ts'
import { addSums, type CohortSums, sumClasses } from '../../../../shared/domain/funnel-sums.ts'
import { coverPeriod, grains } from '../../../../shared/domain/period-cover.ts'
import { type Day, type Period, precedingYear } from '../../../../shared/domain/periods.ts'
import type { Session } from '../../../session.ts'
import { type Asked, readPaths, toDealClass } from '../ask.ts'
import { fingerprintIn } from './fingerprint.ts'
import { resolveClass } from './resolve-class.ts'

/** What a cohort's figures are computed from: the question's own period, and the twelve months before it. */
export type AskedSums = { readonly own: CohortSums; readonly before: CohortSums }

/** Where the answer comes from; all three give the very same. */
export const routes = ['cells', 'summaries', 'visits'] as const
export type Route = (typeof routes)[number]

/** Instants this close to now count as now: what was written since the question came in is part of the answer. */
const nowMs = 60_000
const firstEmployeeNode = 1_000_000_000

/**
 * The sums of a cohort question, by the quickest way that can answer it: cells, whose cost does not depend on the number of deals, summaries of the deals
 * of the slice, or the visits themselves, which can always.
 */
export async function readSums(session: Session, asked: Asked): Promise<AskedSums> {
  for (const route of routes) {
    const sums = await readSumsBy(route, session, asked)
    if (sums) return sums
  }
  throw new Error('the visits always answer')
}

/** The same by one way alone; null when it cannot answer. */
export function readSumsBy(route: Route, session: Session, asked: Asked): Promise<AskedSums | null> {
  switch (route) {
    case 'cells':
      return readCells(session, asked)
    case 'summaries':
      return readSummaries(session, asked)
    case 'visits':
      return readVisits(session, asked)
  }
}

/** Up to when something may have happened and still belong to the answer. */
export function latestOf({ query, span }: Asked): Date {
  return query.asOf === undefined ? new Date(span.asOf.getTime() + nowMs) : span.asOf
}

async function readVisits(session: Session, asked: Asked): Promise<AskedSums> {
  const { slice, span, bits } = asked
  const rows = await selectCohort(session.em, session.actor, slice, span, bits)
  const classes = rows.map((row) => ({ baseline: row.baseline, ...toDealClass(row, bits) }))
  return sumHalves(session, asked, classes)
}

async function readSummaries(session: Session, asked: Asked): Promise<AskedSums | null> {
  const span = { ...asked.span, asOf: latestOf(asked) }
  const rows = await selectSummedClasses(session.em, session.actor, asked.slice, span, asked.bits)
  if (!rows) return null
  return sumHalves(
    session,
    asked,
    rows.map((row) => resolveClass(row, asked.statuses)),
  )
}

async function sumHalves(
  session: Session,
  asked: Asked,
  classes: readonly (DealClass & { readonly baseline: boolean })[],
): Promise<AskedSums> {
  const input = { statuses: asked.funnelStatuses, paths: await readPaths(session, asked), strict: asked.query.strict }
  const half = (baseline: boolean) => sumClasses({ ...input, classes: classes.filter((one) => one.baseline === baseline) })
  return { own: half(false), before: half(true) }
}

async function readCells(session: Session, asked: Asked): Promise<AskedSums | null> {
  const nodes = await nodesOf(session, asked)
  if (!nodes) return null
  const { treeVersion, ...chosen } = nodes
  const answer = await readCube(session.em, { ...chosen, ...daysOf(asked, chosen.owners !== null), ...wordsOf(session, asked) })
  if (!answer || (treeVersion !== null && treeVersion !== answer.treeVersion)) return null
  const { classes } = answer
  const { funnelStatuses: statuses, query } = asked
  if (classes.own.length + classes.before.length === 0) return unpack(answer.sums, statuses, query.strict)
  const paths = await readPaths(session, asked)
  const half = (which: 'own' | 'before') => {
    const kept = sumsOfPacks(answer.sums[which], statuses, query.strict)
    const unfolded = classes[which].map((one) => resolveClass(one, asked.statuses))
    return addSums(statuses, kept, sumClasses({ statuses, paths, classes: unfolded, strict: query.strict }))
  }
  return { own: half('own'), before: half('before') }
}

type Packs = { readonly own: string; readonly before: string }
const unpacked = new WeakMap<readonly FunnelStatus[], Map<string, AskedSums>>()
const mostUnpacked = 500

/** The same packs are the same sums: while nothing has changed they are one object, and what follows from them is worked out once. */
function unpack({ own, before }: Packs, statuses: readonly FunnelStatus[], strict: boolean): AskedSums {
  const known = unpacked.get(statuses) ?? new Map<string, AskedSums>()
  unpacked.set(statuses, known)
  const key = `${own};${before};${strict}`
  const sums = known.get(key) ?? { own: sumsOfPacks(own, statuses, strict), before: sumsOfPacks(before, statuses, strict) }
  if (known.size >= mostUnpacked) known.clear()
  known.set(key, sums)
  return sums
}

export type Nodes = Pick<CubeQuestion, 'nodes' | 'departments' | 'owners'> & {
  /** Of the departments by which the nodes were chosen; null: they were not chosen by it. */
  readonly treeVersion: number | null
}

/** The nodes whose cells hold exactly the deals of the slice that the actor sees, or null when there are none such. */
export async function nodesOf({ em, actor }: Session, { slice }: Pick<Asked, 'slice'>): Promise<Nodes | null> {
  const { departments, employees, counterparties, others, attribution } = slice
  if (counterparties.length > 0 || others.length > 0 || (departments.length > 0 && employees.length > 0)) return null
  const isCut = departments.length + employees.length > 0
  if (attribution === 'event' && isCut) return null
  const seesAll =
    seesEveryDeal(actor) ||
    (employees.length > 0 && employees.every((id) => id === actor.id)) ||
    (actor.role === 'head' && departments.length > 0 && (await areBelow(em, actor.departmentId, departments)))
  if (!seesAll) return null
  if (!isCut) return { nodes: [0], departments: null, owners: null, treeVersion: null }
  if (employees.length > 0) {
    const owners = [...new Set(employees)]
    return { nodes: owners.map((id) => firstEmployeeNode + id), departments: null, owners, treeVersion: null }
  }
  const asked = [...new Set(departments)]
  if (asked.length === 1) return { nodes: asked, departments: asked, owners: null, treeVersion: null }
  const top = await selectTopDepartments(em, asked)
  return top && { nodes: top.ids, departments: top.ids, owners: null, treeVersion: top.treeVersion }
}

function wordsOf({ organization }: Session, asked: Asked): Pick<CubeQuestion, 'fingerprint' | 'asOf' | 'types'> {
  return {
    fingerprint: fingerprintIn(organization.timeZone, asked.statuses),
    asOf: latestOf(asked),
    types: [...new Set(asked.slice.types)],
  }
}

function daysOf(asked: Asked, ofEmployees: boolean): Pick<CubeQuestion, 'buckets' | 'rest' | 'baselineFrom' | 'from' | 'to'> {
  const { period, span } = asked
  const baselineFrom = precedingYear(period).from
  // Nothing has happened behind the last day: a whole year is one bucket also while it lasts.
  const to = span.to > latestOf(asked) ? yearEnd(period.to) : period.to
  const cover = (baseline: boolean, days: Period) => {
    const { buckets, rest } = coverOf(days, ofEmployees ? 'month' : 'day')
    return {
      buckets: buckets.map(({ grain, ...between }) => ({ baseline, ...between, grain: grains[grain] })),
      rest: rest.map((between) => ({ baseline, ...between })),
    }
  }
  const [own, before] = [cover(false, { from: period.from, to }), cover(true, { from: baselineFrom, to: period.from })]
  return {
    buckets: [...own.buckets, ...before.buckets],
    rest: [...own.rest, ...before.rest],
    baselineFrom,
    from: period.from,
    to,
  }
}

const covers = new Map<string, ReturnType<typeof coverPeriod>>()
const mostCovers = 2_000

/** The same periods are asked for again and again. */
function coverOf(days: Period, finest: 'day' | 'month'): ReturnType<typeof coverPeriod> {
  const key = `${days.from} ${days.to} ${finest}`
  const cover = covers.get(key) ?? coverPeriod(days, finest)
  if (covers.size >= mostCovers) covers.clear()
  covers.set(key, cover)
  return cover
}

/** First day of a year that is not before the day. */
function yearEnd(day: Day): Day {
  return day.endsWith('-01-01') ? day : `${String(Number(day.slice(0, 4)) + 1).padStart(4, '0')}-01-01`
}
