import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DealClass, FunnelStatus, Paths } from '../../shared/domain/funnel.ts'
import { type CellRow, type ClassLayer, classLayers, coverPeriod, sumsOfCells } from '../../shared/domain/funnel-cells.ts'
import { addSums, type Measure, measures, sumClasses } from '../../shared/domain/funnel-sums.ts'
import { addDays } from '../../shared/domain/periods.ts'
import { classOf, groupClasses, worldArbitrary } from './funnel-world.ts'

/** What the database does with the layers of classes: multiplies and adds. */
function addUp(classes: readonly DealClass[], statuses: readonly FunnelStatus[], paths: Paths, strict: boolean): CellRow[] {
  const rows = new Map<number, { layerId: number; deals: number[]; money: number[] }>()
  for (const one of classes) {
    for (const layer of classLayers(one, statuses, paths)) {
      const row = rows.get(layer.layerId) ?? {
        layerId: layer.layerId,
        deals: measures.map(() => 0),
        money: measures.map(() => 0),
      }
      rows.set(layer.layerId, row)
      measures.forEach((name, place) => {
        row.deals[place]! += flagOf(layer, name, strict) * one.count
        row.money[place]! += flagOf(layer, name, strict) * one.amountMinor
      })
    }
  }
  return [...rows.values()]
}

function flagOf(layer: ClassLayer, name: Measure, strict: boolean): number {
  return name === 'through' && strict ? layer.strict_through : layer[name]
}

test('sums that were kept layer by layer are the sums of the classes, strict or not', () => {
  fc.assert(
    fc.property(worldArbitrary, fc.boolean(), ({ statuses, paths, deals }, strict) => {
      const classes = groupClasses(deals.map(classOf))
      const kept = sumsOfCells(addUp(classes, statuses, paths, strict), statuses, strict)
      assert.deepEqual(kept, sumClasses({ statuses, paths, classes, strict }))
    }),
    { numRuns: 300 },
  )
})

test('sums of two sets of deals add up to the sums of both, also where a set takes deals away', () => {
  fc.assert(
    fc.property(worldArbitrary, fc.boolean(), fc.nat(5), ({ statuses, paths, deals }, strict, cut) => {
      const classes = deals.map(classOf)
      const input = { statuses, paths, strict }
      const some = classes.slice(0, cut)
      const taken = some.map((one) => ({ ...one, count: -one.count, amountMinor: -one.amountMinor }))
      const sums = addSums(statuses, sumClasses({ ...input, classes }), sumClasses({ ...input, classes: taken }))
      assert.deepEqual(sums, sumClasses({ ...input, classes: classes.slice(cut) }))
    }),
  )
})

const day = fc.nat(2400).map((days) => addDays('2019-12-20', days))
const length = fc.oneof(fc.integer({ min: 1, max: 45 }), fc.integer({ min: 1, max: 1500 }))

test('a period is covered without gap and overlap, by whole buckets, however it is cut', () => {
  fc.assert(
    fc.property(day, length, fc.constantFrom('day' as const, 'month' as const), (from, days, finest) => {
      const to = addDays(from, days)
      const { buckets, rest } = coverPeriod({ from, to }, finest)
      const pieces = [...buckets, ...rest].sort((a, b) => (a.from < b.from ? -1 : 1))
      assert.equal(pieces[0]!.from, from)
      assert.equal(pieces.at(-1)!.to, to)
      pieces.slice(1).forEach((piece, index) => {
        assert.equal(piece.from, pieces[index]!.to)
      })
      const starts = { day: /./, third: /-(01|11|21)$/, month: /-01$/, quarter: /-(01|04|07|10)-01$/, year: /-01-01$/ }
      for (const { grain, from: first, to: end } of buckets) assert.ok(starts[grain].test(first) && starts[grain].test(end))
      if (finest === 'day') assert.equal(rest.length, 0)
    }),
  )
})

test('what a year and a bit holds is read from few buckets', () => {
  assert.deepEqual(coverPeriod({ from: '2025-01-01', to: '2027-01-01' }).buckets, [
    { grain: 'year', from: '2025-01-01', to: '2027-01-01' },
  ])
  assert.deepEqual(
    coverPeriod({ from: '2025-02-09', to: '2026-04-13' }).buckets.map(({ grain, from }) => `${grain} ${from}`),
    ['day 2025-02-09', 'third 2025-02-11', 'month 2025-03-01', 'quarter 2025-04-01', 'third 2026-04-01', 'day 2026-04-11'],
  )
  assert.deepEqual(coverPeriod({ from: '2025-02-09', to: '2025-04-02' }, 'month'), {
    buckets: [{ grain: 'month', from: '2025-03-01', to: '2025-04-01' }],
    rest: [
      { from: '2025-02-09', to: '2025-03-01' },
      { from: '2025-04-01', to: '2025-04-02' },
    ],
  })
})
