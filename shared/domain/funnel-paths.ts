import { type FunnelStatus, ladderOf, type Paths } from './funnel.ts'
import { wayKey } from './process-ways.ts'

/**
 * The ways that deals really took from status to status. A stay after a stay in the same status is no way. Every deal comes in once, each stay is
 * left by a way on or lasts still: so for each status the entries are the departures and those that stand there.
 */
export type WayRow = {
  /** 0: the beginning. */
  readonly from: number
  /** 0: nothing further; the deal stands there. */
  readonly to: number
  /** Process version of the deals; 0: none. */
  readonly path: number
  readonly deals: number
  /** How often; a deal may take a way again. */
  readonly times: number
  /** Deals that took it more than once. */
  readonly again: number
  readonly amountMinor: number
  /** From entering to leaving, over all deals; null where nothing is left. */
  readonly medianHours: number | null
}

export type WayKind = 'entry' | 'stands' | 'forward' | 'back' | 'lost' | 'reopened' | 'paused' | 'resumed'
export type Way = {
  readonly from: number | null
  readonly to: number | null
  readonly kind: WayKind
  readonly deals: number
  readonly times: number
  readonly again: number
  readonly amountMinor: number
  readonly medianHours: number | null
  /** Deals that went past a status of their own process. */
  readonly skipping: number
  /** Deals whose process has no such way. To lose, to pause and to take up again is free everywhere. */
  readonly outside: number
}
/** Parts of the deals of a way: they went past a status of their own process, it is no way of their process, they took it more than once. */
export const wayParts = ['skipping', 'outside', 'again'] as const
export type WayPart = (typeof wayParts)[number]
export type PathNode = {
  readonly statusId: number
  /** Entries, returns too; as many as the departures and those that stand. */
  readonly entries: number
  readonly standing: number
}
export type FunnelPaths = {
  readonly nodes: readonly PathNode[]
  /** The most travelled first. */
  readonly ways: readonly Way[]
  /** Ways that the process of some of these deals offers and none of them took. */
  readonly untaken: readonly { readonly from: number; readonly to: number }[]
}

export type PathsInput = {
  readonly statuses: readonly FunnelStatus[]
  readonly paths: Paths
  /** Process version -> the ways it offers, as `statusWaysOf` names them. */
  readonly offered: ReadonlyMap<number, ReadonlySet<string>>
  readonly rows: readonly WayRow[]
}

type Step = Pick<WayRow, 'from' | 'to'>
type Processes = Omit<PathsInput, 'rows'>

/** Puts the ways together over all processes; nodes in the order of the funnel, lost statuses last. */
export function funnelPaths(input: PathsInput): FunnelPaths {
  const ways = new Map<string, Way>()
  for (const row of input.rows) {
    const key = wayKey(row.from, row.to)
    const sum = ways.get(key)
    const { deals } = row
    ways.set(key, {
      from: row.from || null,
      to: row.to || null,
      kind: kindOf(row, input),
      medianHours: row.medianHours,
      deals: deals + (sum?.deals ?? 0),
      times: row.times + (sum?.times ?? 0),
      again: row.again + (sum?.again ?? 0),
      amountMinor: row.amountMinor + (sum?.amountMinor ?? 0),
      skipping: (isSkipping(row, input) ? deals : 0) + (sum?.skipping ?? 0),
      outside: (isOutside(row, input) ? deals : 0) + (sum?.outside ?? 0),
    })
  }
  const all = [...ways.values()]
  return {
    nodes: nodesOf(all, input.statuses),
    ways: all.sort((a, b) => b.deals - a.deals || (a.from ?? 0) - (b.from ?? 0) || (a.to ?? 0) - (b.to ?? 0)),
    untaken: untakenOf(input, ways),
  }
}

function kindOf({ from, to }: Step, { statuses }: Processes): WayKind {
  const { places, lost } = ladderOf(statuses)
  if (from === 0) return 'entry'
  if (to === 0) return 'stands'
  if (lost.has(to)) return 'lost'
  if (lost.has(from)) return 'reopened'
  if (isPause(to, statuses)) return 'paused'
  if (isPause(from, statuses)) return 'resumed'
  return (places.get(to) ?? 0) < (places.get(from) ?? 0) ? 'back' : 'forward'
}

/** Process versions whose deals, where they took the way, are such; null: those of any. */
export function versionsOf(part: WayPart, way: Step, input: Processes): readonly number[] | null {
  if (part === 'again') return null
  const isSuch = part === 'skipping' ? isSkipping : isOutside
  return [...input.paths.keys()].filter((path) => isSuch({ ...way, path }, input))
}

function isSkipping(row: Step & Pick<WayRow, 'path'>, input: Processes): boolean {
  if (kindOf(row, input) !== 'forward') return false
  const { places } = ladderOf(input.statuses)
  const [low, high] = [places.get(row.from) ?? 0, places.get(row.to) ?? 0]
  const shown = new Set(ladderOf(input.statuses).layers.map((layer) => layer.id))
  return (input.paths.get(row.path) ?? []).some(
    (id) => shown.has(id) && (places.get(id) ?? -1) > low && (places.get(id) ?? -1) < high,
  )
}

function isOutside(row: Step & Pick<WayRow, 'path'>, input: Processes): boolean {
  if (!boundKinds.has(kindOf(row, input))) return false
  const offered = input.offered.get(row.path)
  // Without a process nothing can be told.
  return offered !== undefined && offered.size > 0 && !offered.has(wayKey(row.from, row.to))
}

/** Ways that a process has to offer. */
const boundKinds: ReadonlySet<WayKind> = new Set(['entry', 'forward', 'back'])

function isPause(statusId: number, statuses: readonly FunnelStatus[]): boolean {
  return statuses.some(({ id, category }) => id === statusId && category === 'paused')
}

function nodesOf(ways: readonly Way[], statuses: readonly FunnelStatus[]): PathNode[] {
  const { places } = ladderOf(statuses)
  const placeOf = (id: number) => places.get(id) ?? Number.POSITIVE_INFINITY
  const met = new Set(ways.flatMap(({ from, to }) => [from, to]).filter((id) => id !== null))
  const times = (chosen: readonly Way[]) => chosen.reduce((sum, way) => sum + way.times, 0)
  return [...met]
    .sort((a, b) => (placeOf(a) === placeOf(b) ? a - b : placeOf(a) - placeOf(b)))
    .map((statusId) => ({
      statusId,
      entries: times(ways.filter(({ to }) => to === statusId)),
      standing: times(ways.filter(({ from, to }) => from === statusId && to === null)),
    }))
}

function untakenOf({ rows, offered }: PathsInput, taken: ReadonlyMap<string, Way>): FunnelPaths['untaken'] {
  const used = new Set(rows.map((row) => row.path))
  const keys = new Set([...used].flatMap((path) => [...(offered.get(path) ?? [])]))
  return [...keys]
    .filter((key) => !taken.has(key) && !key.startsWith('0>'))
    .map((key) => key.split('>').map(Number) as [number, number])
    .map(([from, to]) => ({ from, to }))
}
