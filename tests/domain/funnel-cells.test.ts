import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DealClass, FunnelStatus, Paths } from '../../shared/domain/funnel.ts'
import { classLayers, packClass, packedLayers, sumsOfPacks } from '../../shared/domain/funnel-cells.ts'
import { addSums, sumClasses } from '../../shared/domain/funnel-sums.ts'
import { classOf, groupClasses, worldArbitrary } from './funnel-world.ts'

/** What the database does with the packs of classes: multiplies and adds. */
function addUp(classes: readonly DealClass[], statuses: readonly FunnelStatus[], paths: Paths): string {
  let sums = 0n
  for (const one of classes) {
    const { deals, money } = packClass(classLayers(one, statuses, paths), packedLayers(statuses))
    sums += BigInt(one.count) * BigInt(deals) + BigInt(one.amountMinor) * BigInt(money)
  }
  return String(sums)
}

test('sums that were kept in packs are the sums of the classes, strict or not, also where deals are taken away', () => {
  fc.assert(
    fc.property(worldArbitrary, fc.boolean(), fc.boolean(), ({ statuses, paths, deals }, strict, taken) => {
      const sign = taken ? -1 : 1
      const classes = groupClasses(deals.map(classOf)).map((one) => ({
        ...one,
        count: one.count * sign,
        amountMinor: one.amountMinor * sign,
      }))
      const kept = sumsOfPacks(addUp(classes, statuses, paths), statuses, strict)
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
