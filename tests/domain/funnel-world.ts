import fc from 'fast-check'
import type { DealClass, FunnelStatus, Paths } from '../../shared/domain/funnel.ts'

/** Deals as the database knows them, and their classes: for examples, properties and the oracle. */
export type Visit = { readonly status: number; readonly voided: boolean }
export type Deal = { readonly path: number; readonly visits: readonly Visit[]; readonly amountMinor: number }
export type World = { readonly statuses: readonly FunnelStatus[]; readonly paths: Paths; readonly deals: readonly Deal[] }

export function statusOf(id: number, rank: number, more: Partial<FunnelStatus> = {}): FunnelStatus {
  return {
    id,
    code: `s${id}`,
    rank,
    phase: 'sale',
    category: 'open',
    isWon: false,
    shownInFunnel: true,
    targetConversionPct: null,
    timeLimitHours: null,
    ...more,
  }
}

export function currentOf(deal: Deal): number {
  return deal.visits.filter((visit) => !visit.voided).at(-1)!.status
}

/** One class for each deal, as the query would give it with everything told apart. */
export function classOf(deal: Deal): DealClass {
  const visited = [...new Set(deal.visits.filter((visit) => !visit.voided).map((visit) => visit.status))].sort((a, b) => a - b)
  return { path: deal.path, visited, current: currentOf(deal), count: 1, amountMinor: deal.amountMinor }
}

/** Deals that stand alike put together, as the query's GROUP BY does. */
export function groupClasses(classes: readonly DealClass[]): readonly DealClass[] {
  const groups = Map.groupBy(classes, ({ path, visited, current }) => JSON.stringify([path, visited, current]))
  return [...groups.values()].map((alike) => ({
    ...alike[0]!,
    count: alike.reduce((sum, one) => sum + one.count, 0),
    amountMinor: alike.reduce((sum, one) => sum + one.amountMinor, 0),
  }))
}

const statusShape = fc.record({
  phase: fc.constantFrom('presale' as const, 'sale' as const, 'sale' as const, 'delivery' as const),
  category: fc.constantFrom('open' as const, 'open' as const, 'open' as const, 'paused' as const, 'lost' as const),
  isWon: fc.boolean(),
  shownInFunnel: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
})

const ladderArbitrary = fc
  .array(statusShape, { minLength: 2, maxLength: 9 })
  .chain((shapes) => fc.shuffledSubarray([...shapes.keys()], { minLength: shapes.length }).map((ranks) => ({ shapes, ranks })))
  .map(({ shapes, ranks }) => shapes.map((shape, index) => statusOf(index + 1, ranks[index]! * 10, shape)))

/** Any ladder of 2 to 9 statuses, up to three template paths and path 0 (unknown), up to 40 deals with up to 6 visits. */
export const worldArbitrary: fc.Arbitrary<World> = ladderArbitrary.chain((statuses) => {
  const ids = statuses.map((status) => status.id)
  const visit = fc.record({
    status: fc.constantFrom(...ids),
    voided: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()),
  })
  const deal = fc
    .record({
      path: fc.integer({ min: 0, max: 3 }),
      visits: fc.array(visit, { minLength: 1, maxLength: 6 }),
      amountMinor: fc.nat(1_000_000),
    })
    .filter(({ visits }) => visits.some((one) => !one.voided))
  return fc
    .record({ paths: fc.array(fc.subarray(ids), { maxLength: 3 }), deals: fc.array(deal, { maxLength: 40 }) })
    .map(({ paths, deals }) => ({ statuses, deals, paths: new Map(paths.map((path, index) => [index + 1, path])) }))
})
