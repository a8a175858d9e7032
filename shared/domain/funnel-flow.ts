import type { FlowPart, FlowPartFigures } from '../views/funnel.ts'
import { AppError } from './app-error.ts'
import { type FunnelStatus, type Ladder, ladderOf } from './funnel.ts'
import type { DrawnLayer } from './funnel-drawing.ts'

/**
 * What happened in a period (product.md, section 3, "Flow"): deals with an entry into a layer, each once, by what had become of them
 * at the period's end, or at the as-of instant when that is earlier. Counted from the last entry in the period, so that a deal that
 * came back is judged by its return.
 */
export const flowOutcomes = ['advanced', 'lost', 'movedBack', 'handedOff', 'stillThere'] as const
export type FlowOutcome = (typeof flowOutcomes)[number]

/** Deals that entered the same statuses in the same order. */
export type FlowWay = {
  /** Statuses entered in the period, in order, merged ones replaced by their successor; below zero: an entry that the question does not ask for. */
  readonly steps: readonly number[]
  /** Status at the end; null where the history has a gap. */
  readonly current: number | null
  /** The first so many entries were made before the deal's type changed; 0: it did not change. */
  readonly beforeChange: number
  readonly count: number
  /** Sum over the deals, minor units. */
  readonly amountMinor: number
}

/** Deals that entered one status and fared alike: every figure is additive, so a class counts as `count` deals. */
export type FlowClass = {
  /** Status entered, merged ones replaced by their successor. */
  readonly status: number
  /** The furthest status, not lost, entered after that entry and before the end; null when there is none. */
  readonly furthest: number | null
  /** Status at the end; null where the history has a gap. */
  readonly current: number | null
  /** The deal's type changed after that entry and before the end. */
  readonly typeChanged: boolean
  /** Entries of all these deals in the period, repeated ones too. */
  readonly entries: number
  readonly count: number
  /** Sum over the deals, minor units. */
  readonly amountMinor: number
}

export type FlowFigures = FlowPartFigures & {
  readonly status: FunnelStatus
  /** Entries in the period, repeated ones too. */
  readonly entries: number
  /** Entries per deal minus one: 0 when nobody came back; null when nobody entered. */
  readonly pingPong: number | null
  readonly amountMinor: FlowPartFigures
}
export type FlowFunnel = { readonly layers: readonly FlowFigures[] }

/** What each status that was entered on these ways makes of the deals: a class for each status and way. */
export function classesOfWays(
  statuses: readonly FunnelStatus[],
  ways: readonly FlowWay[],
): readonly (FlowClass & { readonly way: FlowWay })[] {
  const { places } = ladderOf(statuses)
  return ways.flatMap((way) => {
    const { steps, current, beforeChange, count, amountMinor } = way
    const asked = [...new Set(steps.filter((step) => step > 0))]
    return asked.map((status) => {
      const last = steps.lastIndexOf(status)
      return {
        way,
        status,
        furthest: furthestOf(steps.slice(last + 1), places),
        current,
        typeChanged: last < beforeChange,
        entries: count * steps.filter((step) => step === status).length,
        count,
        amountMinor,
      }
    })
  })
}

function furthestOf(steps: readonly number[], places: ReadonlyMap<number, number>): number | null {
  const placed = steps.map(Math.abs).filter((status) => places.has(status))
  return placed.length === 0 ? null : placed.reduce((a, b) => (places.get(b)! > places.get(a)! ? b : a))
}

/** All deals with an entry that is asked for into one of the statuses, each once. */
export function waysInto(ways: readonly FlowWay[], statusIds: readonly number[]): readonly FlowWay[] {
  const wanted = new Set(statusIds)
  return ways.filter(({ steps }) => steps.some((step) => wanted.has(step)))
}

/**
 * The first that is true: went further after the entry (also when it was lost or went back later: that belongs to the further layer);
 * is lost; stands lower; has another type; is still there.
 */
export function flowOutcomeOf({ status, furthest, current, typeChanged }: FlowClass, { places, lost }: Ladder): FlowOutcome {
  const placeOf = (id: number | null) => (id === null ? undefined : places.get(id))
  const here = placeOf(status) ?? Number.POSITIVE_INFINITY
  if ((placeOf(furthest) ?? -1) > here) return 'advanced'
  if (current !== null && lost.has(current)) return 'lost'
  if ((placeOf(current) ?? here) < here) return 'movedBack'
  return typeChanged ? 'handedOff' : 'stillThere'
}

/** Deals that entered one status and came to the same end. */
export type FlowCount = {
  readonly status: number
  readonly outcome: FlowOutcome
  /** Entries of all these deals in the period, repeated ones too. */
  readonly entries: number
  readonly count: number
  /** Sum over the deals, minor units. */
  readonly amountMinor: number
}

/** The classes by what became of their deals. */
export function countClasses(statuses: readonly FunnelStatus[], classes: readonly FlowClass[]): readonly FlowCount[] {
  const ladder = ladderOf(statuses)
  return classes.map((one) => ({ ...one, outcome: flowOutcomeOf(one, ladder) }))
}

type Mutable = { -readonly [Part in FlowPart]: number }
const noFigures = (): Mutable => ({ entered: 0, advanced: 0, lost: 0, movedBack: 0, handedOff: 0, stillThere: 0 })

/** The layers in funnel order, empty ones included; entered = advanced + lost + movedBack + handedOff + stillThere, by number and by amount. */
export function flowFunnel(statuses: readonly FunnelStatus[], counts: readonly FlowCount[]): FlowFunnel {
  const { layers } = ladderOf(statuses)
  const rows = new Map(layers.map((status) => [status.id, { status, deals: noFigures(), money: noFigures(), entries: 0 }]))
  for (const { status, outcome, entries, count, amountMinor } of counts) {
    const row = rows.get(status)
    if (!row) continue
    for (const part of ['entered', outcome] as const) {
      row.deals[part] += count
      row.money[part] += amountMinor
    }
    row.entries += entries
  }
  return {
    layers: [...rows.values()].map(({ status, deals, money, entries }) => ({
      status,
      ...deals,
      entries,
      pingPong: deals.entered === 0 ? null : entries / deals.entered - 1,
      amountMinor: money,
    })),
  }
}

/**
 * The classes whose deals make up one figure of `flowFunnel`.
 * @throws AppError not_found when the status is not a layer
 */
export function flowClassesOf<Class extends FlowClass>(
  statuses: readonly FunnelStatus[],
  classes: readonly Class[],
  layerStatusId: number,
  part: FlowPart,
): readonly Class[] {
  const ladder = ladderOf(statuses)
  if (!ladder.layers.some((layer) => layer.id === layerStatusId)) throw new AppError('not_found')
  return classes.filter((one) => one.status === layerStatusId && (part === 'entered' || flowOutcomeOf(one, ladder) === part))
}

/** Flow layers in the shape of `drawFunnel`: each bar is cut by outcome, and nothing is divided by its neighbour. */
export function flowLayersToDraw<Status>(
  layers: readonly (FlowPartFigures & { readonly status: Status; readonly amountMinor: FlowPartFigures })[],
): readonly DrawnLayer<Status>[] {
  const measureOf = ({ entered, advanced, lost, stillThere, handedOff, movedBack }: FlowPartFigures) => ({
    reached: entered,
    passed: advanced,
    finished: 0,
    open: stillThere,
    handedOff,
    movedBack,
    lost,
    through: 0,
    joined: 0,
  })
  return layers.map((layer) => ({
    status: layer.status,
    ...measureOf(layer),
    amountMinor: measureOf(layer.amountMinor),
    conversion: { resolved: null, baseline: null },
    bottleneck: null,
  }))
}
