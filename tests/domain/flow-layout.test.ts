import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { layOutFlow, type PlacedNode, type Point } from '../../shared/domain/flow-layout.ts'

const anyFlow = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.record({
    nodes: fc.tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc
          .constantFrom({ width: 36, height: 36 }, { width: 160, height: 80 }, { width: 50, height: 50 })
          .map((size) => ({ key: `n${index}`, ...size })),
      ),
    ),
    links: fc
      .uniqueArray(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 20, selector: (pair) => pair.join() })
      .map((pairs) => pairs.filter(([from, to]) => from !== to).map(([from, to]) => ({ from: `n${from}`, to: `n${to}` }))),
  }),
)

test('no two nodes overlap, no line runs through one, lines begin and end at their nodes, all in view', () => {
  fc.assert(
    fc.property(anyFlow, ({ nodes, links }) => {
      const drawn = layOutFlow(nodes, links)
      assert.equal(drawn.nodes.length, nodes.length)
      for (const [index, node] of drawn.nodes.entries()) {
        assert.ok(node.x > 0 && node.y > 0)
        for (const other of drawn.nodes.slice(index + 1)) assert.ok(!overlap(node, other), `${node.key} lies on ${other.key}`)
      }
      assert.deepEqual(
        drawn.links.map(({ from, to }) => ({ from, to })),
        links,
      )
      for (const link of drawn.links) {
        const [from, to] = [drawn.nodes.find(({ key }) => key === link.from)!, drawn.nodes.find(({ key }) => key === link.to)!]
        assert.ok(isOnEdge(from, link.points[0]!) && isOnEdge(to, link.points.at(-1)!))
        for (const [index, point] of link.points.slice(1).entries()) {
          const before = link.points[index]!
          assert.ok(before.x === point.x || before.y === point.y, 'a slanting line')
          assert.ok(point.x > 0 && point.y > 0)
          for (const node of drawn.nodes)
            assert.ok(!runsThrough(before, point, node), `${link.from}-${link.to} runs through ${node.key}`)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a straight flow stands in one row from left to right, a return below it', () => {
  const nodes = ['a', 'b', 'c'].map((key) => ({ key, width: 100, height: 50 }))
  const drawn = layOutFlow(nodes, [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'c', to: 'a' },
  ])
  assert.deepEqual(
    drawn.nodes.map(({ column, row }) => [column, row]),
    [
      [0, 0],
      [1, 0],
      [2, 0],
    ],
  )
  assert.deepEqual(
    drawn.links.map(({ kind, points }) => [kind, points.length]),
    [
      ['forward', 2],
      ['forward', 2],
      ['back', 6],
    ],
  )
  assert.ok(Math.max(...drawn.links[2]!.points.map(({ y }) => y)) > drawn.nodes[0]!.y + 50)
})

function overlap(a: PlacedNode, b: PlacedNode): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function isOnEdge(node: PlacedNode, { x, y }: Point): boolean {
  return (x === node.x || x === node.x + node.width) && y >= node.y && y <= node.y + node.height
}

function runsThrough(a: Point, b: Point, node: PlacedNode): boolean {
  const within = (from: number, to: number, start: number, end: number) => Math.max(from, start) < Math.min(to, end)
  const [left, right, top, bottom] = [Math.min(a.x, b.x), Math.max(a.x, b.x), Math.min(a.y, b.y), Math.max(a.y, b.y)]
  if (left === right) return left > node.x && left < node.x + node.width && within(top, bottom, node.y, node.y + node.height)
  return top > node.y && top < node.y + node.height && within(left, right, node.x, node.x + node.width)
}
