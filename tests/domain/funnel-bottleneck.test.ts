import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FunnelStatus } from '../../shared/domain/funnel.ts'
import {
  type BottleneckInput,
  findBottlenecks,
  type JudgedLayer,
  primaryBottleneck,
  type WeekFlow,
} from '../../shared/domain/funnel-bottleneck.ts'
import { wilsonInterval } from '../../shared/domain/funnel-wilson.ts'
import { statusOf } from './funnel-world.ts'

function layer(id: number, passed: number, lost: number, more: Partial<FunnelStatus> = {}): JudgedLayer {
  return { status: statusOf(id, id * 10, more), passed, lost, passable: passed + lost }
}

function judge(layers: readonly JudgedLayer[], more: Partial<BottleneckInput> = {}) {
  return findBottlenecks({
    layers,
    baselineLayers: [],
    medianHours: new Map(),
    baselineMedianHours: new Map(),
    weeks: new Map(),
    averageWonMinor: 1_000,
    ...more,
  })
}

const kindsOf = (layers: readonly JudgedLayer[], more?: Partial<BottleneckInput>) =>
  judge(layers, more).byLayer.map((found) => found?.kinds ?? null)

test('the Wilson interval agrees with published values', () => {
  const bank = wilsonInterval(2246, 4688)!
  assert.deepEqual([bank.lower.toFixed(3), bank.upper.toFixed(3)], ['0.465', '0.493'])
  const ten = wilsonInterval(0, 10)!
  assert.deepEqual([ten.lower, ten.upper.toFixed(4)], [0, '0.2775'])
  assert.equal(wilsonInterval(81, 263)!.lower.toFixed(4), '0.2553')
  assert.equal(wilsonInterval(81, 263)!.upper.toFixed(4), '0.3662')
  assert.equal(wilsonInterval(0, 0), null)
})

test('the Wilson interval holds the share and narrows with more deals', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const passed = Math.round(n * share)
      const { lower, upper } = wilsonInterval(passed, n)!
      assert.ok(0 <= lower && lower <= passed / n + 1e-12 && passed / n <= upper + 1e-12 && upper <= 1)
      const more = wilsonInterval(passed * 4, n * 4)!
      assert.ok(more.upper - more.lower < upper - lower)
    }),
  )
})

test('conversion: the upper bound below the target, set by the administrator or else of the 12 months before', () => {
  const now = layer(1, 53, 47)
  const end = layer(2, 0, 0)
  assert.deepEqual(kindsOf([now, end]), [null, null])
  assert.deepEqual(kindsOf([now, end], { baselineLayers: [layer(1, 65, 35)] }), [['conversion'], null])
  assert.deepEqual(kindsOf([now, end], { baselineLayers: [layer(1, 62, 38)] }), [null, null])
  assert.deepEqual(kindsOf([layer(1, 53, 47, { targetConversionPct: 60 }), end], { baselineLayers: [layer(1, 65, 35)] }), [
    null,
    null,
  ])
  assert.deepEqual(kindsOf([layer(1, 53, 47, { targetConversionPct: 63 }), end]), [['conversion'], null])
})

test('fewer than 20 resolved deals prove nothing, now or before', () => {
  assert.deepEqual(kindsOf([layer(1, 1, 18, { targetConversionPct: 90 })]), [null])
  assert.deepEqual(kindsOf([layer(1, 1, 19, { targetConversionPct: 90 })]), [['conversion']])
  assert.deepEqual(kindsOf([layer(1, 10, 90)], { baselineLayers: [layer(1, 19, 0)] }), [null])
  assert.deepEqual(kindsOf([layer(1, 10, 90)], { baselineLayers: [layer(1, 20, 0)] }), [['conversion']])
})

test('time: the median beyond the limit, or beyond one and a half of what it was', () => {
  const now = layer(1, 30, 10, { timeLimitHours: 100 })
  const free = layer(1, 30, 10)
  const median = (hours: number) => new Map([[1, hours]])
  assert.deepEqual(kindsOf([now], { medianHours: median(100) }), [null])
  assert.deepEqual(kindsOf([now], { medianHours: median(101) }), [['time']])
  assert.deepEqual(kindsOf([free], { medianHours: median(150), baselineMedianHours: median(100) }), [null])
  assert.deepEqual(kindsOf([free], { medianHours: median(151), baselineMedianHours: median(100) }), [['time']])
  assert.deepEqual(kindsOf([free], { baselineMedianHours: median(100) }), [null])
})

test('queue: more arrivals than departures in each of the last three weeks', () => {
  const flow = (...net: readonly number[]): ReadonlyMap<number, readonly WeekFlow[]> =>
    new Map([[1, net.map((more) => ({ arrivals: 5 + more, departures: 5 }))]])
  assert.deepEqual(kindsOf([layer(1, 30, 10)], { weeks: flow(-3, 1, 2, 1) }), [['queue']])
  assert.deepEqual(kindsOf([layer(1, 30, 10)], { weeks: flow(1, 1, 1, 0) }), [null])
  assert.deepEqual(kindsOf([layer(1, 30, 10)], { weeks: flow(1, 1) }), [null])
})

test('money at stake: n x shortfall x conversions up to the milestone x average won amount', () => {
  const layers = [
    layer(1, 40, 60, { targetConversionPct: 60 }),
    layer(2, 50, 50),
    layer(3, 20, 5),
    layer(4, 30, 10, { isWon: true }),
    layer(5, 9, 9),
  ]
  assert.equal(judge(layers).byLayer[0]!.impactMinor, Math.round(100 * 0.2 * 0.5 * 0.8 * 1000))
  const atMilestone = [layer(1, 40, 60, { targetConversionPct: 60 }), layer(2, 50, 50, { isWon: true }), layer(3, 1, 9)]
  assert.equal(judge(atMilestone).byLayer[0]!.impactMinor, 20_000)
  const again = [layer(1, 40, 60, { isWon: true, targetConversionPct: 60 }), layer(2, 50, 50), layer(3, 1, 9, { isWon: true })]
  assert.equal(judge(again).byLayer[0]!.impactMinor, 10_000)
  const behind = [layer(1, 90, 1, { isWon: true }), layer(2, 40, 60, { targetConversionPct: 60 })]
  assert.equal(judge(behind).byLayer[1]!.impactMinor, 20_000)
})

test('money at stake is 0 when it cannot be told', () => {
  const low = layer(1, 40, 60, { targetConversionPct: 60 })
  const won = layer(3, 0, 0, { isWon: true })
  assert.equal(judge([low, layer(2, 0, 0), won]).byLayer[0]!.impactMinor, 0)
  assert.equal(judge([low, layer(2, 0, 0), won], { baselineLayers: [layer(2, 1, 1)] }).byLayer[0]!.impactMinor, 10_000)
  assert.equal(judge([low, won], { averageWonMinor: null }).byLayer[0]!.impactMinor, 0)
  const slowButGood = layer(1, 90, 10, { targetConversionPct: 60, timeLimitHours: 1 })
  assert.equal(judge([slowButGood, won], { medianHours: new Map([[1, 2]]) }).byLayer[0]!.impactMinor, 0)
  assert.equal(judge([low, layer(2, 9, 1)]).byLayer[0]!.impactMinor, 0)
})

test('exactly one is loud: most money first, then a conversion, then the earlier', () => {
  const found = (kinds: readonly string[], impactMinor: number) => ({ bottleneck: { kinds, impactMinor } })
  const none = { bottleneck: null }
  const [a, b, c, d] = [found(['time'], 0), found(['queue', 'time'], 0), found(['conversion'], 0), found(['conversion'], 5)]
  assert.equal(primaryBottleneck([none, a, d, c]), d)
  assert.equal(primaryBottleneck([a, b, c]), c)
  assert.equal(primaryBottleneck([a, b]), b)
  assert.equal(primaryBottleneck([none]), null)
})

test('the lowest layer is always named, marked when its deals are too few; the end of every path is no step', () => {
  const end: JudgedLayer = { ...layer(3, 0, 30), passable: 0 }
  assert.deepEqual(
    [judge([layer(1, 30, 10), layer(2, 5, 5), end]).narrowestId, judge([layer(1, 30, 10), layer(2, 5, 5), end]).narrowestTooFew],
    [2, true],
  )
  assert.equal(judge([layer(1, 30, 30), layer(2, 50, 50)]).narrowestId, 2)
  assert.equal(judge([layer(1, 30, 30), layer(2, 30, 30)]).narrowestTooFew, false)
  assert.deepEqual([judge([end, layer(4, 0, 0)]).narrowestId, judge([]).narrowestTooFew], [null, false])
})

test('a time bottleneck at the end of every path is found, a conversion one is not', () => {
  const end: JudgedLayer = { ...layer(1, 0, 30, { targetConversionPct: 50, timeLimitHours: 10 }), passable: 0 }
  assert.deepEqual(kindsOf([end], { medianHours: new Map([[1, 11]]) }), [['time']])
})

test('a chapter that is shown alone names the narrowest of its own layers, and money at stake stays what it is', () => {
  const layers = [
    layer(1, 30, 70, { phase: 'presale' }),
    layer(2, 40, 60, { targetConversionPct: 60 }),
    layer(3, 20, 5),
    layer(4, 30, 10, { isWon: true }),
  ]
  const whole = judge(layers)
  const zoomed = judge(layers, { isInView: (status) => status.phase === 'sale' })
  assert.deepEqual([whole.narrowestId, zoomed.narrowestId], [1, 2])
  assert.deepEqual(zoomed.byLayer, whole.byLayer)
})

const step = fc.record({
  passed: fc.nat(60),
  lost: fc.nat(60),
  target: fc.option(fc.integer({ min: 1, max: 100 })),
  limit: fc.option(fc.integer({ min: 1, max: 400 })),
})
const hours = fc.option(fc.integer({ min: 1, max: 600 }))
const steps = fc.array(
  fc.record({
    now: step,
    before: step,
    median: hours,
    medianBefore: hours,
    weeks: fc.array(fc.record({ arrivals: fc.nat(9), departures: fc.nat(9) }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 7 },
)

test('each kind is named exactly when its clause of the rule holds, and never on fewer than 20 resolved deals', () => {
  fc.assert(
    fc.property(steps, fc.option(fc.integer({ min: 0, max: 1_000_000 })), (given, averageWonMinor) => {
      const of = (side: 'now' | 'before') =>
        given.map((one, index) =>
          layer(index + 1, one[side].passed, one[side].lost, {
            targetConversionPct: one.now.target,
            timeLimitHours: one.now.limit,
            isWon: index === given.length - 1,
          }),
        )
      const mapOf = <Value>(read: (one: (typeof given)[number]) => Value | null) =>
        new Map(given.flatMap((one, index) => (read(one) === null ? [] : [[index + 1, read(one)!] as const])))
      const found = judge(of('now'), {
        baselineLayers: of('before'),
        medianHours: mapOf((one) => one.median),
        baselineMedianHours: mapOf((one) => one.medianBefore),
        weeks: mapOf((one) => one.weeks),
        averageWonMinor,
      })
      given.forEach(({ now, before, median, medianBefore, weeks }, index) => {
        const n = now.passed + now.lost
        const nBefore = before.passed + before.lost
        const target = now.target !== null ? now.target / 100 : nBefore >= 20 ? before.passed / nBefore : null
        const upper = wilsonInterval(now.passed, n)?.upper ?? 1
        const last = weeks.slice(-3)
        const kinds = [
          ...(target !== null && upper < target ? ['conversion'] : []),
          ...(median !== null &&
          ((now.limit !== null && median > now.limit) || (medianBefore !== null && median > 1.5 * medianBefore))
            ? ['time']
            : []),
          ...(last.length === 3 && last.every((week) => week.arrivals > week.departures) ? ['queue'] : []),
        ]
        const bottleneck = found.byLayer[index]
        assert.deepEqual(bottleneck?.kinds ?? [], n >= 20 ? kinds : [], `layer ${index + 1}`)
        if (bottleneck) {
          assert.ok(bottleneck.impactMinor >= 0)
          if (averageWonMinor === null || target === null || now.passed / n >= target) assert.equal(bottleneck.impactMinor, 0)
        }
      })
      const shares = given.flatMap(({ now }) => (now.passed + now.lost > 0 ? [now.passed / (now.passed + now.lost)] : []))
      if (shares.length === 0) assert.equal(found.narrowestId, null)
      else {
        const named = given[found.narrowestId! - 1]!.now
        assert.equal(named.passed / (named.passed + named.lost), Math.min(...shares))
        assert.equal(found.narrowestTooFew, named.passed + named.lost < 20)
      }
    }),
    { numRuns: 300 },
  )
})
