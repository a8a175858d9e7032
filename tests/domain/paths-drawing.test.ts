import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawPaths } from '../../shared/domain/paths-drawing.ts'

const frame = { width: 330, nodeHeight: 52, gap: 48, thickest: 14 }
const keys = ['a', 'b', 'c', 'd', 'e']
const draw = (...ways: readonly (readonly [string, string, number?])[]) =>
  drawPaths(
    keys,
    ways.map(([from, to, deals = 1]) => ({ from, to, deals })),
    frame,
  )

test('the next status is straight below, what goes past one is on the right, returns are on the left', () => {
  assert.deepEqual(
    draw(['a', 'b'], ['a', 'c'], ['d', 'b'], ['b', 'a']).ways.map(({ side }) => side),
    ['straight', 'right', 'left', 'left'],
  )
})

test('thickness is the number of deals', () => {
  assert.deepEqual(
    draw(['a', 'b', 100], ['b', 'c', 50], ['c', 'd', 1]).ways.map(({ thickness }) => thickness),
    [14, 7, 1.5],
  )
})

test('a way to nowhere, or to itself, is not drawn', () => assert.deepEqual(draw(['a', 'a'], ['a', 'x']).ways, []))

const laneOf = (line: string) => Number(/H([\d.]+)V/.exec(line)?.[1])
const spanOf = (way: { from: string; to: string }) => [way.from, way.to].map((key) => keys.indexOf(key)).sort((a, b) => a - b)

test('everything stays inside, and two lines that run beside one another have lanes of their own', () => {
  const ends = fc.tuple(fc.constantFrom(...keys), fc.constantFrom(...keys), fc.integer({ min: 1, max: 90 }))
  fc.assert(
    fc.property(fc.uniqueArray(ends, { maxLength: 12, selector: ([from, to]) => from + to }), (ways) => {
      const drawing = draw(...ways)
      const aside = drawing.ways.filter(({ side }) => side !== 'straight')
      for (const way of drawing.ways) {
        assert.ok(way.label.x >= 0 && way.label.x <= frame.width && way.label.y >= 0 && way.label.y <= drawing.height)
        for (const other of aside) {
          if (other === way || other.side !== way.side) continue
          const [[low, high], [from, to]] = [spanOf(way), spanOf(other)]
          if (from! <= high! && low! <= to!) assert.notEqual(laneOf(way.line), laneOf(other.line), `${way.line} ${other.line}`)
        }
      }
      for (const node of drawing.nodes) assert.ok(node.x > 0 && node.x + node.w < frame.width)
    }),
  )
})

test('a number stands clear of its arrow, however thick that is, and the tip is wider than the line', () => {
  for (const deals of [1, 50, 1294]) {
    const { ways, nodes } = drawPaths(
      keys,
      [
        { from: 'a', to: 'b', deals },
        { from: 'b', to: 'c', deals: 1294 },
      ],
      frame,
    )
    const { label, thickness, arrow } = ways[0]!
    const middle = nodes[0]!.x + nodes[0]!.w / 2
    assert.ok(label.x >= middle + thickness / 2 + 4)
    assert.ok(Number(/h([\d.]+)l/.exec(arrow)?.[1]) > thickness)
  }
})

test('every box is as high as what it holds', () => {
  const { nodes, height } = drawPaths(['a', 'b', 'c'], [], { ...frame, nodeHeight: [60, 90, 70] })
  assert.deepEqual(
    nodes.map(({ y, h }) => [y, h]),
    [
      [0, 60],
      [108, 90],
      [246, 70],
    ],
  )
  assert.equal(height, 316)
})
