/**
 * The drawing of a process: stages stand below one another in their order, a way to the next stage runs straight down, longer ways forward run in
 * lanes on the right, ways back in lanes on the left; short ways take the inner lanes. Pure geometry in px, y downwards.
 */
export type DiagramStage = {
  readonly code: string
  readonly ways: readonly { readonly to: string; readonly condition?: unknown }[]
}
export type DiagramNode = {
  readonly code: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export type DiagramWay = {
  readonly from: string
  readonly to: string
  readonly kind: 'next' | 'forward' | 'back'
  /** Offered only when something holds. */
  readonly isConditional: boolean
  /** Path of the line as SVG writes it; it ends at the edge of the stage it leads to. */
  readonly path: string
  /** Where the line begins and ends. */
  readonly start: Point
  readonly end: Point
}
export type Diagram = {
  readonly width: number
  readonly height: number
  readonly nodes: readonly DiagramNode[]
  readonly ways: readonly DiagramWay[]
}
type Point = { readonly x: number; readonly y: number }
/** Widths and gaps in px; a stage is as high as its words need. */
export type DiagramSizes = {
  readonly nodeWidth: number
  readonly heightOf: (index: number) => number
  readonly gap: number
  readonly lane: number
}

const corner = 8
type Link = { readonly from: number; readonly to: number; readonly isConditional: boolean }

/** @param stages in their order; ways to stages that are not there are left out. */
export function diagramOf(stages: readonly DiagramStage[], sizes: DiagramSizes): Diagram {
  const placeOf = new Map(stages.map((stage, index) => [stage.code, index]))
  const links = stages.flatMap((stage, from) =>
    stage.ways.flatMap(({ to, condition }): Link[] => {
      const target = placeOf.get(to)
      return target === undefined || target === from ? [] : [{ from, to: target, isConditional: Boolean(condition) }]
    }),
  )
  const right = lanesOf(links.filter((link) => link.to > link.from + 1))
  const left = lanesOf(links.filter((link) => link.to < link.from))
  const x = sizes.lane * (countLanes(left) + 0.5)
  const nodes: DiagramNode[] = []
  for (const [index, { code }] of stages.entries()) {
    const above = nodes.at(-1)
    const y = above ? above.y + above.height + sizes.gap : 0
    nodes.push({ code, x, y, width: sizes.nodeWidth, height: sizes.heightOf(index) })
  }
  const lowest = nodes.at(-1)
  const wayOf = (link: Link): DiagramWay => {
    const lane = right.get(link) ?? left.get(link)
    return lane === undefined
      ? straightWay(link, nodes)
      : laneWay(link, nodes, sideX(link, nodes, lane, sizes), portsOf(link, links))
  }
  return {
    width: x + sizes.nodeWidth + sizes.lane * (countLanes(right) + 0.5),
    height: lowest ? lowest.y + lowest.height : 0,
    nodes,
    ways: links.map(wayOf),
  }
}

/** A lane for each link, from 0 at the stages outwards; links in one lane do not run beside one another. */
function lanesOf(links: readonly Link[]): ReadonlyMap<Link, number> {
  const lanes: Link[][] = []
  const found = new Map<Link, number>()
  for (const link of [...links].sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from) || a.from - b.from)) {
    const free = lanes.findIndex((taken) => taken.every((other) => !overlap(link, other)))
    const lane = free === -1 ? lanes.length : free
    lanes[lane] = [...(lanes[lane] ?? []), link]
    found.set(link, lane)
  }
  return found
}

function overlap(a: Link, b: Link): boolean {
  return Math.min(a.from, a.to) < Math.max(b.from, b.to) && Math.min(b.from, b.to) < Math.max(a.from, a.to)
}

function countLanes(lanes: ReadonlyMap<Link, number>): number {
  return Math.max(0, ...[...lanes.values()].map((lane) => lane + 1))
}

function sideX(link: Link, nodes: readonly DiagramNode[], lane: number, sizes: DiagramSizes): number {
  const { x, width } = nodes[link.from]!
  return link.to > link.from ? x + width + sizes.lane * (lane + 1) : x - sizes.lane * (lane + 1)
}

/**
 * Where a link leaves and enters its stages, as shares of their height, so that no two meet: on each side what goes up stands above what goes down.
 */
function portsOf(link: Link, links: readonly Link[]): { readonly out: number; readonly in: number } {
  const isForward = link.to > link.from
  const sameSide = links.filter((other) => (isForward ? other.to > other.from + 1 : other.to < other.from))
  const share = (stage: number): number => {
    const touching = sameSide
      .filter((other) => other.from === stage || other.to === stage)
      .sort((a, b) => otherEnd(a, stage) - otherEnd(b, stage) || a.from - b.from)
    return (touching.indexOf(link) + 1) / (touching.length + 1)
  }
  return { out: share(link.from), in: share(link.to) }
}

function otherEnd(link: Link, stage: number): number {
  return link.from === stage ? link.to : link.from
}

function straightWay(link: Link, nodes: readonly DiagramNode[]): DiagramWay {
  const [from, to] = [nodes[link.from]!, nodes[link.to]!]
  const x = from.x + from.width / 2
  const [start, end] = [
    { x, y: from.y + from.height },
    { x, y: to.y },
  ]
  return {
    from: from.code,
    to: to.code,
    kind: 'next',
    isConditional: link.isConditional,
    path: `M${start.x} ${start.y}V${end.y}`,
    start,
    end,
  }
}

function laneWay(link: Link, nodes: readonly DiagramNode[], laneX: number, ports: { out: number; in: number }): DiagramWay {
  const [from, to] = [nodes[link.from]!, nodes[link.to]!]
  const isForward = link.to > link.from
  const edge = isForward ? from.x + from.width : from.x
  const start = { x: edge, y: round(from.y + from.height * ports.out) }
  const end = { x: edge, y: round(to.y + to.height * ports.in) }
  const out = isForward ? corner : -corner
  const down = isForward ? corner : -corner
  const path = `M${start.x} ${start.y}H${laneX - out}q${out} 0 ${out} ${down}V${end.y - down}q0 ${down} ${-out} ${down}H${end.x}`
  return {
    from: from.code,
    to: to.code,
    kind: isForward ? 'forward' : 'back',
    isConditional: link.isConditional,
    path,
    start,
    end,
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
