import { roundUnit } from './funnel-bars.ts'

/**
 * The picture of the ways of deals: statuses below one another in the order of the funnel, what goes to the next straight down, what goes past one on the right,
 * returns on the left. Pixels, origin at the top left, y downwards. Lines of one side that run beside one another never share a lane.
 */
export type DrawnWayInput = { readonly from: string; readonly to: string; readonly deals: number }
export type PathsFrame = {
  readonly width: number
  /** Of every status, or of each. */
  readonly nodeHeight: number | readonly number[]
  readonly gap: number
  readonly thickest: number
}

export type PathBox = { readonly key: string; readonly x: number; readonly y: number; readonly w: number; readonly h: number }
export type DrawnWay = DrawnWayInput & {
  readonly side: 'straight' | 'right' | 'left'
  readonly thickness: number
  /** Of an SVG path. */
  readonly line: string
  /** The tip of its arrow: a triangle. */
  readonly arrow: string
  /** Middle of its number; of a straight one its left end, clear of the arrow. */
  readonly label: { readonly x: number; readonly y: number }
}
export type PathsDrawing = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly PathBox[]
  readonly ways: readonly DrawnWay[]
}

const thinnest = 1.5
/** A number needs so much of its line for itself. */
const labelHeight = 44

/** @param keys statuses, top down. @param ways between them; one to itself or to a stranger is left out */
export function drawPaths(keys: readonly string[], ways: readonly DrawnWayInput[], frame: PathsFrame): PathsDrawing {
  const { width, nodeHeight, gap, thickest } = frame
  const margin = Math.min(190, width * 0.27)
  const heightOf = (index: number) => (typeof nodeHeight === 'number' ? nodeHeight : (nodeHeight[index] ?? 0))
  let bottom = -gap
  const nodes = keys.map((key, index): PathBox => {
    const box = { key, x: margin, y: bottom + gap, w: width - 2 * margin, h: heightOf(index) }
    bottom = box.y + box.h
    return box
  })
  const placeOf = new Map(keys.map((key, index) => [key, index]))
  const most = Math.max(1, ...ways.map((way) => way.deals))
  const known = ways.flatMap((way) => {
    const [from, to] = [placeOf.get(way.from), placeOf.get(way.to)]
    if (from === undefined || to === undefined || from === to) return []
    const side = to < from ? ('left' as const) : to === from + 1 ? ('straight' as const) : ('right' as const)
    return [{ ...way, a: from, b: to, side, thickness: roundUnit(Math.max(thinnest, (way.deals / most) * thickest)) }]
  })
  const drawn = known.map((way): DrawnWay => {
    const { from, to, deals, side, thickness } = way
    const shape =
      side === 'straight' ? drawStraight(nodes[way.a]!, nodes[way.b]!, thickness) : drawAside(way, known, nodes, margin, width)
    return { from, to, deals, side, thickness, ...shape }
  })
  return { width, height: Math.max(0, bottom), nodes, ways: spreadLabels(drawn) }
}

/** Room between an arrow and its number. */
const clear = 6

function drawStraight(from: PathBox, to: PathBox, thickness: number): Pick<DrawnWay, 'line' | 'arrow' | 'label'> {
  const x = roundUnit(from.x + from.w / 2)
  const [top, bottom] = [from.y + from.h, to.y]
  const half = Math.max(6, thickness / 2 + 3)
  return {
    line: `M${x} ${top}V${bottom - 7}`,
    // Wider than its line, however thick that is.
    arrow: `M${roundUnit(x - half)} ${bottom - 8}h${roundUnit(2 * half)}l${roundUnit(-half)} 8z`,
    label: { x: roundUnit(x + half + clear), y: (top + bottom) / 2 },
  }
}

type Known = {
  readonly a: number
  readonly b: number
  readonly side: DrawnWay['side']
  readonly from: string
  readonly to: string
}

/** Round its nodes: out at their side, along a lane of its own, and back in. */
function drawAside(
  way: Known,
  all: readonly Known[],
  nodes: readonly PathBox[],
  margin: number,
  width: number,
): Pick<DrawnWay, 'line' | 'arrow' | 'label'> {
  const ofSide = all.filter(({ side }) => side === way.side)
  const lanes = lanesOf(ofSide)
  const count = Math.max(...lanes) + 1
  const step = Math.min(18, (margin - 34) / Math.max(1, count))
  const away = 26 + step * lanes[ofSide.indexOf(way)]!
  const [from, to] = [nodes[way.a]!, nodes[way.b]!]
  const isRight = way.side === 'right'
  const edge = isRight ? from.x + from.w : from.x
  const lane = roundUnit(isRight ? Math.min(width - 6, edge + away) : Math.max(6, edge - away))
  // Out below the middle, in above it, going down; the other way round going up: so nothing crosses at a node.
  const [start, end] = isRight ? [from.y + from.h * 0.72, to.y + to.h * 0.28] : [from.y + from.h * 0.28, to.y + to.h * 0.72]
  const inward = isRight ? 8 : -8
  return {
    line: `M${edge} ${roundUnit(start)}H${lane}V${roundUnit(end)}H${edge + inward}`,
    arrow: `M${edge + inward} ${roundUnit(end - 6)}v12l${-inward} -6z`,
    label: { x: lane, y: roundUnit((start + end) / 2) },
  }
}

/** A lane for each: the shortest nearest to the nodes, none shared by two that overlap. */
function lanesOf(ways: readonly Known[]): number[] {
  const spans = ways.map(({ a, b }) => [Math.min(a, b), Math.max(a, b)] as const)
  const order = spans
    .map((_, index) => index)
    .sort((i, j) => spans[i]![1] - spans[i]![0] - (spans[j]![1] - spans[j]![0]) || i - j)
  const taken: (readonly [number, number])[][] = []
  const lanes: number[] = []
  for (const index of order) {
    const [low, high] = spans[index]!
    let lane = 0
    while (taken[lane]?.some(([from, to]) => from <= high && low <= to)) lane++
    taken[lane] = [...(taken[lane] ?? []), [low, high]]
    lanes[index] = lane
  }
  return lanes
}

/** Numbers of one side slide along their lines until none covers another. */
function spreadLabels(ways: readonly DrawnWay[]): DrawnWay[] {
  const placed: { readonly side: string; readonly y: number }[] = []
  return ways.map((way) => {
    const isFree = (y: number) => placed.every((other) => other.side !== way.side || Math.abs(other.y - y) >= labelHeight / 2)
    const [low, high] = spanOf(way)
    let y = way.label.y
    for (let away = 0; !isFree(y) && away < (high - low) / 2; away += 4)
      y = isFree(way.label.y + away) ? way.label.y + away : way.label.y - away
    placed.push({ side: way.side, y })
    return { ...way, label: { x: way.label.x, y: roundUnit(y) } }
  })
}

function spanOf({ line, label, side }: DrawnWay): readonly [number, number] {
  const ends = /^M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)/.exec(line)
  if (side === 'straight' || !ends) return [label.y, label.y]
  const [a, b] = [Number(ends[1]), Number(ends[2])]
  return [Math.min(a, b), Math.max(a, b)]
}
