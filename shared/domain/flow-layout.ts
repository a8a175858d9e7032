/** A place on the drawing of a flow; x to the right, y downwards, in units that are pixels at full size. */
export type Point = { readonly x: number; readonly y: number }
export type FlowNode = { readonly key: string; readonly width: number; readonly height: number }
export type PlacedNode = FlowNode & Point & { readonly column: number; readonly row: number }
export type FlowLink = { readonly from: string; readonly to: string }
export type DrawnLink = FlowLink & { readonly kind: 'forward' | 'back'; readonly points: readonly Point[] }

const gap = { x: 96, y: 40, lane: 16, margin: 24 } as const
/** How far above and below the middle of a side the long links leave it. */
const aside = 10

/**
 * Draws a flow from left to right: a node stands in the column to which the longest way forward leads, links bend at right angles, long ones
 * forward go above all nodes and ways back below. No two nodes overlap, and no link runs through one.
 * @param nodes in their order: a link to a later one is a way forward. @param links at most one from a node to another; those to nowhere are refused
 * @throws Error for a link whose end is no node
 */
export function layOutFlow(
  nodes: readonly FlowNode[],
  links: readonly FlowLink[],
): { readonly nodes: readonly PlacedNode[]; readonly links: readonly DrawnLink[] } {
  const order = new Map(nodes.map((node, index) => [node.key, index]))
  const directed = links.map((link) => {
    const [from, to] = [order.get(link.from), order.get(link.to)]
    if (from === undefined || to === undefined) throw new Error(`a link from ${link.from} to ${link.to} has no end`)
    return { ...link, kind: to > from ? ('forward' as const) : ('back' as const) }
  })
  const placed = placeNodes(nodes, cellsOf(nodes, directed))
  return shift(placed, drawLinks(placed, directed))
}

type Cell = { readonly column: number; readonly row: number }
type Directed = FlowLink & { readonly kind: 'forward' | 'back' }

/** A node stands in the row of the one before it where that is free, else below. */
function cellsOf(nodes: readonly FlowNode[], links: readonly Directed[]): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>()
  const taken = new Set<string>()
  for (const { key } of nodes) {
    const before = links.filter(({ to, kind }) => to === key && kind === 'forward').flatMap(({ from }) => cells.get(from) ?? [])
    const column = before.length === 0 ? 0 : 1 + Math.max(...before.map((cell) => cell.column))
    const nearest = before.filter((cell) => cell.column === column - 1).map((cell) => cell.row)
    let row = nearest.length === 0 ? 0 : Math.min(...nearest)
    while (taken.has(`${column}/${row}`)) row++
    taken.add(`${column}/${row}`)
    cells.set(key, { column, row })
  }
  return cells
}

function placeNodes(nodes: readonly FlowNode[], cells: ReadonlyMap<string, Cell>): readonly PlacedNode[] {
  const cellOf = (key: string): Cell => cells.get(key) ?? { column: 0, row: 0 }
  const height = Math.max(0, ...nodes.map((node) => node.height)) + gap.y
  const widths: number[] = []
  for (const { key, width } of nodes) widths[cellOf(key).column] = Math.max(widths[cellOf(key).column] ?? 0, width)
  return nodes.map((node) => {
    const { column, row } = cellOf(node.key)
    const left = widths.slice(0, column).reduce((sum, width) => sum + width + gap.x, 0)
    const x = left + ((widths[column] ?? 0) - node.width) / 2
    return { ...node, column, row, x, y: row * height + (height - gap.y - node.height) / 2 }
  })
}

type Side = 'left' | 'right'

function drawLinks(nodes: readonly PlacedNode[], links: readonly Directed[]): readonly DrawnLink[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]))
  const bottom = Math.max(0, ...nodes.map((node) => node.y + node.height))
  const lanes = { forward: 0, back: 0 }
  const upright = uprights(nodes)
  return links.flatMap((link) => {
    const [from, to] = [byKey.get(link.from), byKey.get(link.to)]
    if (!from || !to) return []
    const [start, end] = [from.y + from.height / 2, to.y + to.height / 2]
    const isForward = link.kind === 'forward'
    if (isForward && to.column === from.column + 1) {
      const [a, b] = [
        { x: from.x + from.width, y: start },
        { x: to.x, y: end },
      ]
      if (start === end) return [{ ...link, points: [a, b] }]
      const x = upright(from.column, 'right')
      return [{ ...link, points: [a, { x, y: start }, { x, y: end }, b] }]
    }
    const lane = isForward ? -gap.y / 2 - gap.lane * lanes.forward++ : bottom + gap.y / 2 + gap.lane * lanes.back++
    const dy = isForward ? -aside : aside
    const a = { x: isForward ? from.x + from.width : from.x, y: start + dy }
    const b = { x: isForward ? to.x : to.x + to.width, y: end + dy }
    const [out, back] = [upright(from.column, isForward ? 'right' : 'left'), upright(to.column, isForward ? 'left' : 'right')]
    return [{ ...link, points: [a, { x: out, y: a.y }, { x: out, y: lane }, { x: back, y: lane }, { x: back, y: b.y }, b] }]
  })
}

/** Where upright lines stand in the gaps: beside one another, those of a column near it. */
function uprights(nodes: readonly PlacedNode[]): (column: number, side: Side) => number {
  const used = new Map<string, number>()
  return (column, side) => {
    const count = used.get(`${column} ${side}`) ?? 0
    used.set(`${column} ${side}`, count + 1)
    const away = 12 + (count % 4) * 9
    const inside = nodes.filter((node) => node.column === column)
    return side === 'right'
      ? Math.max(...inside.map((node) => node.x + node.width)) + away
      : Math.min(...inside.map((node) => node.x)) - away
  }
}

/** Moves everything to begin at the margin. */
function shift(nodes: readonly PlacedNode[], links: readonly DrawnLink[]) {
  const points: readonly Point[] = [...links.flatMap((link) => link.points), ...nodes]
  const left = Math.min(...points.map(({ x }) => x)) - gap.margin
  const top = Math.min(...points.map(({ y }) => y)) - gap.margin
  return {
    nodes: nodes.map((node) => ({ ...node, x: node.x - left, y: node.y - top })),
    links: links.map((link) => ({ ...link, points: link.points.map(({ x, y }) => ({ x: x - left, y: y - top })) })),
  }
}
