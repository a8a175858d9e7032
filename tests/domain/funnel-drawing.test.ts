import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hatchLines, hatchStep, segmentsOf } from '../../shared/domain/funnel-bars.ts'
import { cohortFunnel } from '../../shared/domain/funnel-cohort.ts'
import { type DrawingMode, type DrawnLayer, drawFunnel } from '../../shared/domain/funnel-drawing.ts'
import { snapshotLayersToDraw } from '../../shared/domain/funnel-snapshot.ts'
import { classOf, worldArbitrary } from './funnel-world.ts'

const modes: readonly (readonly [DrawingMode, number])[] = [
  ['stacked', 326],
  ['wide', 620],
  ['a4', 690],
  ['bot', 404],
]
const worldLayers = worldArbitrary.map(({ statuses, paths, deals }): readonly DrawnLayer<number>[] =>
  cohortFunnel({ statuses, paths, classes: deals.map(classOf), strict: false }).layers.map((layer) => ({
    ...layer,
    status: layer.status.id,
    conversion: { resolved: layer.conversion.resolved, baseline: null },
    bottleneck: layer.lost > 1 ? { kinds: ['conversion'], impactMinor: layer.lost } : null,
  })),
)
const close = (one: number, other: number) => assert.ok(Math.abs(one - other) <= 0.0101, `${one} is not ${other}`)

/** The funnel of the design's pictures: reached, passed, here, lost. */
const pictured = [
  [1284, 967, 96, 221],
  [967, 702, 88, 177],
  [702, 455, 102, 145],
  [455, 241, 118, 96],
  [241, 214, 21, 6],
  [214, 178, 32, 4],
  [178, 131, 45, 2],
  [131, 0, 74, 5],
].map(([reached, passed, open, lost], index): DrawnLayer<string> => {
  const finished = index === 7 ? 52 : 0
  const figures = { reached: reached!, passed: passed!, open: open!, lost: lost!, finished, through: passed!, joined: 0 }
  const bottleneck = index === 3 ? { kinds: ['conversion'], impactMinor: 1 } : null
  return { ...figures, status: `s${index}`, amountMinor: figures, conversion: { resolved: 0.5, baseline: 0.6 }, bottleneck }
})

test('the passed part, the ribbon and the bar below end at the same place', () => {
  for (const [mode, width] of modes) {
    const { layers, scale } = drawFunnel({ layers: pictured, mode, width, by: 'count' })
    layers.forEach((layer, index) => {
      const below = layers[index + 1]
      if (!below) return
      const passed = layer.segments.find((segment) => segment.part === 'passed')!
      close(passed.w, pictured[index]!.passed * scale)
      close(layer.ribbon!.w, passed.w)
      close(below.bar.w, passed.w)
      close(layer.ribbon!.y, layer.bar.y + layer.bar.h)
      close(layer.ribbon!.y + layer.ribbon!.h, below.bar.y)
    })
  }
})

test('rows have the heights of the design in every mode', () => {
  const heights = modes.map(([mode, width]) => drawFunnel({ layers: pictured, mode, width, by: 'count' }).height)
  assert.deepEqual(heights, [8 * 41 + 7 * 26, 8 * 22 + 7 * 26, 8 * 22 + 7 * 26, 8 * 32 + 7 * 18])
  const [first, second] = drawFunnel({ layers: pictured, mode: 'stacked', width: 326, by: 'count' }).layers
  assert.deepEqual([first!.nameBox.y, first!.bar.y, first!.connector!.y, second!.nameBox.y, second!.bar.y], [0, 25, 41, 67, 92])
})

test('on A4 the columns fill the width: name, bar, number, sum', () => {
  const { layers } = drawFunnel({ layers: pictured, mode: 'a4', width: 690, by: 'count' })
  const { nameBox, bar, numberBox, sumBox } = layers[0]!
  assert.deepEqual([nameBox.x, nameBox.w, bar.x, bar.w, numberBox.x, sumBox.x + sumBox.w], [0, 120, 132, 402, 546, 690])
})

test('finished deals are the solid part of the last bar', () => {
  const last = drawFunnel({ layers: pictured, mode: 'stacked', width: 1284, by: 'count' }).layers[7]!
  assert.deepEqual(
    last.segments.map(({ part, x, w }) => [part, x, w]),
    [
      ['finished', 0, 52],
      ['open', 54, 72],
      ['lost', 128, 3],
    ],
  )
})

test('gaps come out of the parts behind passed, one unit where these are narrow', () => {
  const figures = { reached: 100, passed: 60, finished: 0, open: 25, lost: 15 }
  const parts = (k: number, given = figures) => segmentsOf(given, k, { x: 0, y: 0, h: 16 }).map(({ part, x, w }) => [part, x, w])
  assert.deepEqual(parts(1), [
    ['passed', 0, 60],
    ['open', 62, 23],
    ['lost', 87, 13],
  ])
  assert.deepEqual(parts(0.15), [
    ['passed', 0, 9],
    ['open', 10, 2],
    ['lost', 13, 2],
  ])
  assert.deepEqual(parts(1, { reached: 40, passed: 0, finished: 0, open: 25, lost: 15 }), [
    ['open', 0, 25],
    ['lost', 27, 13],
  ])
  assert.deepEqual(parts(1, { reached: 75, passed: 60, finished: 0, open: 0, lost: 15 }), [
    ['passed', 0, 60],
    ['lost', 62, 13],
  ])
  assert.deepEqual(parts(1, { reached: 15, passed: 0, finished: 0, open: 0, lost: 15 }), [['lost', 0, 15]])
  assert.deepEqual(parts(1, { reached: 90, passed: 60, finished: 30, open: 0, lost: 0 }), [
    ['passed', 0, 60],
    ['finished', 62, 28],
  ])
})

test('a part too thin to be seen is drawn, the tail runs past the end, passed is never shortened', () => {
  const parts = segmentsOf({ reached: 102, passed: 100, finished: 0, open: 1, lost: 1 }, 1, { x: 10, y: 0, h: 16 })
  assert.deepEqual(
    parts.map(({ part, x, w }) => [part, x, w]),
    [
      ['passed', 10, 100],
      ['open', 111, 1.5],
      ['lost', 113.5, 2],
    ],
  )
  assert.deepEqual(
    parts.map(({ radiusLeft, radiusRight }) => [radiusLeft, radiusRight]),
    [
      [3, 2],
      [2, 2],
      [2, 2],
    ],
  )
})

test('in any funnel and mode segments stand apart from left to right, and only least widths run past the end', () => {
  fc.assert(
    fc.property(
      worldLayers,
      fc.constantFrom(...modes),
      fc.constantFrom('count' as const, 'amount' as const),
      (layers, [mode, width], by) => {
        const drawing = drawFunnel({ layers, mode, width, by })
        drawing.layers.forEach((drawn, index) => {
          const figures = by === 'count' ? layers[index]! : layers[index]!.amountMinor
          const parts = (['passed', 'finished', 'open', 'lost'] as const).filter((part) => figures[part] > 0)
          assert.deepEqual(
            drawn.segments.map((segment) => segment.part),
            parts,
          )
          close(drawn.bar.w, figures.reached * drawing.scale)
          assert.ok(drawn.bar.x + drawn.bar.w <= width + 0.01)
          const passed = drawn.segments.find((segment) => segment.part === 'passed')
          if (passed) close(passed.w, figures.passed * drawing.scale)
          let end = drawn.bar.x
          for (const segment of drawn.segments) {
            assert.ok(segment.w > 0 || segment.part === 'passed')
            assert.ok(segment.x >= end - 0.0101)
            end = segment.x + segment.w
          }
          const tail = end - (drawn.bar.x + drawn.bar.w)
          assert.ok(tail <= 9.51 && (tail <= 0.0201 || drawn.segments.some(({ w }) => w <= 2)))
          const below = drawing.layers[index + 1]
          if (below)
            close(
              (drawn.ribbon?.w ?? 0) +
                (by === 'count' ? layers[index + 1]!.joined : layers[index + 1]!.amountMinor.joined) * drawing.scale,
              below.bar.w,
            )
          if (drawn.ribbon && passed) assert.ok(drawn.ribbon.w <= passed.w + 0.0101)
          assert.equal(drawn.connector === null, below === undefined)
        })
        assert.ok(drawing.layers.filter((drawn) => drawn.isBottleneck).length <= 1)
      },
    ),
    { numRuns: 300 },
  )
})

test('a larger figure has a bar at least as wide, and the largest fills its column', () => {
  fc.assert(
    fc.property(worldLayers, fc.constantFrom(...modes), (layers, [mode, width]) => {
      const bars = drawFunnel({ layers, mode, width, by: 'count' }).layers
      const sorted = bars.toSorted((a, b) => a.reached - b.reached)
      const widths = sorted.map((drawn) => drawn.bar.w)
      assert.deepEqual(
        widths,
        widths.toSorted((a, b) => a - b),
      )
      const largest = sorted.at(-1)
      if (largest && largest.reached > 0) close(largest.bar.w, mode === 'wide' ? 332 : mode === 'a4' ? 402 : width)
    }),
  )
})

test('a layer that deals joined is marked where they begin, and may be wider than the first', () => {
  const figures = (reached: number, passed: number, through: number, joined: number) => ({
    reached,
    passed,
    lost: 0,
    finished: 0,
    open: reached - passed,
    through,
    joined,
  })
  const layers = [figures(50, 40, 40, 0), figures(100, 0, 0, 60)].map((one, status) => ({
    ...one,
    status,
    amountMinor: one,
    conversion: { resolved: 1, baseline: null },
    bottleneck: null,
  }))
  const [first, second] = drawFunnel({ layers, mode: 'stacked', width: 300, by: 'count' }).layers
  assert.deepEqual([first!.bar.w, second!.bar.w, first!.ribbon!.w], [150, 300, 120])
  assert.equal(first!.joinedNotch, null)
  assert.deepEqual(second!.joinedNotch, {
    joined: 60,
    points: [
      [120, 92],
      [124, 92],
      [120, 96],
    ],
  })
})

test('exactly the bottleneck has a loud connector', () => {
  const { layers } = drawFunnel({ layers: pictured, mode: 'bot', width: 404, by: 'count' })
  assert.deepEqual(
    layers.map((layer) => layer.connector?.loud ?? null),
    [false, false, false, true, false, false, false, null],
  )
})

test('an empty funnel has bars without width and no scale', () => {
  const drawing = drawFunnel({
    layers: snapshotLayersToDraw([{ status: 'a', count: 0, amountMinor: 0 }]),
    mode: 'stacked',
    width: 300,
    by: 'count',
  })
  assert.deepEqual([drawing.scale, drawing.layers[0]!.bar.w, drawing.layers[0]!.segments], [0, 0, []])
  assert.equal(drawFunnel({ layers: [], mode: 'a4', width: 690, by: 'count' }).height, 0)
})

test('a snapshot is drawn as deals that are here, without ribbons', () => {
  const layers = snapshotLayersToDraw([
    { status: 'a', count: 3, amountMinor: 1 },
    { status: 'b', count: 6, amountMinor: 2 },
  ])
  const drawing = drawFunnel({ layers, mode: 'stacked', width: 300, by: 'count' })
  assert.deepEqual(
    drawing.layers.map((layer) => [layer.segments.map(({ part, w }) => [part, w]), layer.ribbon]),
    [
      [[['open', 150]], null],
      [[['open', 300]], null],
    ],
  )
})

test('hatch lines run at 45 degrees, at even steps, inside the box', () => {
  fc.assert(
    fc.property(fc.double({ min: 2, max: 400, noNaN: true }), fc.double({ min: 8, max: 30, noNaN: true }), (w, h) => {
      const lines = hatchLines({ x: 5, y: 7, w, h })
      assert.equal(lines.length, Math.ceil((w + h) / hatchStep) - 1)
      for (const { x1, y1, x2, y2 } of lines) {
        close(x2 - x1, y1 - y2)
        assert.ok(x1 >= 5 && x2 <= 5 + w + 0.01 && y2 >= 7 && y1 <= 7 + h + 0.01)
      }
    }),
  )
})

test('a layer is painted in the colour chosen for it; the others keep the places of their order', () => {
  const places = (colour?: number) =>
    drawFunnel({
      layers: pictured.map((layer, index) => (index === 2 ? { ...layer, colour } : layer)),
      mode: 'a4',
      width: 690,
      by: 'count',
    }).layers.map((layer) => layer.place)
  assert.deepEqual(places(), [1, 2, 3, 4, 5, 6, 7, 8])
  assert.deepEqual(places(8), [1, 2, 8, 4, 5, 6, 7, 8])
})
