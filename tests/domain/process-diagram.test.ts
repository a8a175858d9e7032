import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DiagramStage, type DiagramWay, diagramOf } from '../../shared/domain/process-diagram.ts'

const sizes = { nodeWidth: 200, heightOf: () => 60, gap: 40, lane: 20 }
const stage = (code: string, ...to: string[]): DiagramStage => ({ code, ways: to.map((target) => ({ to: target })) })

test('stages stand below one another in their order, each as high as it needs', () => {
  const { nodes, height } = diagramOf([stage('a'), stage('b'), stage('c')], { ...sizes, heightOf: (index) => 60 + index * 10 })
  assert.deepEqual(
    nodes.map(({ code, y }) => [code, y]),
    [
      ['a', 0],
      ['b', 100],
      ['c', 210],
    ],
  )
  assert.equal(height, 290)
})

test('a way to the next stage runs straight, a longer one in a lane on the right, a way back on the left', () => {
  const { ways, nodes, width } = diagramOf([stage('a', 'b', 'c'), stage('b', 'c'), stage('c', 'a')], sizes)
  assert.deepEqual(
    ways.map(({ from, to, kind }) => `${from}${to} ${kind}`),
    ['ab next', 'ac forward', 'bc next', 'ca back'],
  )
  assert.equal(nodes[0]?.x, 30)
  assert.equal(width, 30 + 200 + 30)
  assert.equal(ways[0]?.path, 'M130 60V100')
  assert.deepEqual([ways[1]?.start.x, ways[3]?.start.x], [230, 30])
})

test('ways beside one another take lanes of their own, ways below one another share one', () => {
  const beside = diagramOf([stage('a', 'c', 'd'), stage('b'), stage('c'), stage('d')], sizes)
  const below = diagramOf([stage('a', 'c'), stage('b'), stage('c', 'e'), stage('d'), stage('e')], sizes)
  assert.deepEqual([beside.width, below.width], [10 + 200 + 50, 10 + 200 + 30])
})

test('a way with a condition is told, one to nowhere or to itself is left out', () => {
  const stages = [{ code: 'a', ways: [{ to: 'b', condition: { all: [] } }, { to: 'a' }, { to: 'x' }] }, stage('b')]
  const { ways } = diagramOf(stages, sizes)
  assert.deepEqual(
    ways.map(({ to, isConditional }) => [to, isConditional]),
    [['b', true]],
  )
})

test('whatever the process, every way begins and ends at its stages, no two at the same point, and all lies inside the drawing', () => {
  const codes = ['a', 'b', 'c', 'd', 'e', 'f']
  const process = fc.tuple(...codes.map((code) => fc.uniqueArray(fc.constantFrom(...codes)).map((to) => stage(code, ...to))))
  fc.assert(
    fc.property(process, (stages) => {
      const { nodes, ways, width, height } = diagramOf(stages, sizes)
      const nodeOf = (code: string) => nodes.find((node) => node.code === code)!
      const isAt = ({ x, y }: DiagramWay['start'], code: string): boolean => {
        const node = nodeOf(code)
        return x >= node.x && x <= node.x + node.width && y >= node.y && y <= node.y + node.height
      }
      const points = ways
        .filter(({ kind }) => kind !== 'next')
        .flatMap(({ start, end }) => [`${start.x} ${start.y}`, `${end.x} ${end.y}`])
      assert.equal(new Set(points).size, points.length)
      for (const { from, to, start, end, path } of ways) {
        assert.ok(isAt(start, from) && isAt(end, to))
        for (const [, x] of path.matchAll(/[MH](-?[\d.]+)/g)) assert.ok(Number(x) >= 0 && Number(x) <= width)
        for (const [, y] of path.matchAll(/V(-?[\d.]+)/g)) assert.ok(Number(y) >= 0 && Number(y) <= height)
      }
    }),
  )
})
