import type { Phase, StatusCategory } from '../views/common.ts'
import type { FunnelPart } from '../views/funnel.ts'

/**
 * Where a deal stands on the funnel (product.md, section 3, "Cohort"). Every figure, every list behind a figure and every
 * split uses this one classification, so that they cannot differ.
 */
export type FunnelStatus = {
  readonly id: number
  readonly code: string
  readonly rank: number
  readonly phase: Phase
  readonly category: StatusCategory
  readonly isWon: boolean
  readonly shownInFunnel: boolean
  readonly targetConversionPct: number | null
  readonly timeLimitHours: number | null
}

/** Deals that stand alike: every figure is additive, so a class counts as `count` deals. One deal is a class of one. */
export type DealClass = {
  /** Key into `Paths`: the process template version; 0 = none. */
  readonly path: number
  /** Distinct statuses of the non-voided visits up to the as-of instant, merged ones replaced by their successor. */
  readonly visited: readonly number[]
  /** Status at the as-of instant. */
  readonly current: number
  readonly count: number
  /** Sum over the deals of the class, minor units. */
  readonly amountMinor: number
}

/** Template version -> statuses that it can give. A missing or empty path means "not known": see `standingOf`. */
export type Paths = ReadonlyMap<number, readonly number[]>

/** Everything of a layer that has a list of deals behind it. */
export type LayerPart = FunnelPart | 'through' | 'joined' | 'skipped'
export type LayerOutcome = Exclude<FunnelPart, 'reached'>

/** The statuses in funnel order. Equal ranks are told apart by id, so that every deal has exactly one furthest status. */
export type Ladder = {
  /** Shown, not lost, in funnel order: the layers. */
  readonly layers: readonly FunnelStatus[]
  /** Place of every non-lost status, shown or not, among all of them. */
  readonly places: ReadonlyMap<number, number>
  readonly lost: ReadonlySet<number>
}

export function ladderOf(statuses: readonly FunnelStatus[]): Ladder {
  const known = ladders.get(statuses)
  if (known) return known
  const made = makeLadder(statuses)
  ladders.set(statuses, made)
  return made
}

/** Statuses stand for as long as their dictionary does, and are asked for with every figure. */
const ladders = new WeakMap<readonly FunnelStatus[], Ladder>()

function makeLadder(statuses: readonly FunnelStatus[]): Ladder {
  const climbable = statuses.filter((status) => status.category !== 'lost').sort((a, b) => a.rank - b.rank || a.id - b.id)
  return {
    layers: climbable.filter((status) => status.shownInFunnel),
    places: new Map(climbable.map((status, place) => [status.id, place])),
    lost: new Set(statuses.filter((status) => status.category === 'lost').map((status) => status.id)),
  }
}

/** How one class of deals stands against the whole ladder. */
export type Standing = {
  /** Place of the furthest non-lost status ever visited; -1 when there is none: such deals are in no layer. */
  readonly top: number
  readonly isLost: boolean
  /** Something lies above `top` on the deals' own path. */
  readonly hasFurther: boolean
  readonly visited: ReadonlySet<number>
  readonly path: ReadonlySet<number>
}

/**
 * Reads a class against the ladder. Paused and hidden statuses count for `top` like any other that is not lost.
 * A deal without a known path (imported, or a template that gives no status) could go anywhere: only what it has visited is
 * applicable, and it is finished only at the end of the whole ladder.
 */
export function standingOf(dealClass: DealClass, ladder: Ladder, paths: Paths): Standing {
  const placeOf = (id: number) => ladder.places.get(id) ?? -1
  const path = paths.get(dealClass.path) ?? []
  const top = Math.max(-1, ...dealClass.visited.map(placeOf))
  const end =
    path.length === 0 ? Math.max(-1, ...ladder.layers.map((layer) => placeOf(layer.id))) : Math.max(-1, ...path.map(placeOf))
  return {
    top,
    isLost: ladder.lost.has(dealClass.current),
    hasFurther: end > top,
    visited: new Set(dealClass.visited),
    path: new Set(path),
  }
}

/** `i in path(d), or d has really been in i`; a deal that never entered the funnel has no applicable layer. */
export function isApplicable(standing: Standing, statusId: number): boolean {
  return standing.top >= 0 && (standing.path.has(statusId) || standing.visited.has(statusId))
}

/**
 * What became of the deals in a layer, or null when they have not reached it. The four outcomes exclude one another.
 * @param strict counts only deals that really visited the layer.
 */
export function outcomeIn(standing: Standing, statusId: number, ladder: Ladder, strict: boolean): LayerOutcome | null {
  const place = ladder.places.get(statusId) ?? Number.POSITIVE_INFINITY
  if (standing.top < place || !isApplicable(standing, statusId)) return null
  if (strict && !standing.visited.has(statusId)) return null
  if (standing.top > place) return 'passed'
  if (standing.isLost) return 'lost'
  return standing.hasFurther ? 'open' : 'finished'
}
