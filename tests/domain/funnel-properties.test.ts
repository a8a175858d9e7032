import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LayerPart } from '../../shared/domain/funnel.ts'
import { type CohortInput, classesOf, cohortFunnel } from '../../shared/domain/funnel-cohort.ts'
import { splitRows } from '../../shared/domain/funnel-split.ts'
import { FunnelOracle } from './funnel-oracle.ts'
import { classOf, currentOf, type Deal, groupClasses, type World, worldArbitrary } from './funnel-world.ts'

const names: readonly LayerPart[] = ['reached', 'passed', 'lost', 'finished', 'open', 'skipped', 'through', 'joined']
const inputOf = ({ statuses, paths, deals }: World, strict: boolean): CohortInput => ({
  statuses,
  paths,
  strict,
  classes: deals.map(classOf),
})
const sumOf = (deals: readonly { readonly amountMinor: number }[]) => deals.reduce((sum, deal) => sum + deal.amountMinor, 0)
const countOf = (classes: readonly { readonly count: number }[]) => classes.reduce((sum, one) => sum + one.count, 0)

/** Runs a property over worlds and both readings, strict and not. */
function forAnyWorld(check: (world: World, strict: boolean) => void) {
  fc.assert(fc.property(worldArbitrary, fc.boolean(), check), { numRuns: 300 })
}

test('the figures agree with a naive reading of the definitions, deal by deal', () => {
  forAnyWorld((world, strict) => {
    const oracle = new FunnelOracle(world, strict)
    const found = cohortFunnel({ ...inputOf(world, strict), classes: groupClasses(world.deals.map(classOf)) })
    assert.deepEqual(
      found.layers.map((layer) => layer.status.id),
      oracle.layers.map((status) => status.id),
    )
    for (const layer of found.layers) {
      const i = layer.status
      const expected: Record<LayerPart, readonly Deal[]> = {
        reached: oracle.reached(i),
        passed: oracle.outcome(i, 'passed'),
        lost: oracle.outcome(i, 'lost'),
        finished: oracle.outcome(i, 'finished'),
        open: oracle.outcome(i, 'open'),
        skipped: oracle.skipped(i),
        through: oracle.through(i),
        joined: oracle.joined(i),
      }
      for (const name of names) {
        assert.equal(layer[name], expected[name].length, `${name} of ${i.code}`)
        assert.equal(layer.amountMinor[name], sumOf(expected[name]), `${name} of ${i.code} by amount`)
      }
      const base = oracle.base(i).length
      assert.equal(layer.conversion.cumulative, base === 0 ? null : expected.reached.length / base)
    }
    assert.equal(found.totals.won, oracle.won().length)
    assert.equal(found.totals.wonAmountMinor, sumOf(oracle.won()))
    assert.equal(found.totals.lost, world.deals.filter((deal) => oracle.nowLost(deal)).length)
    assert.equal(found.totals.deals, world.deals.length)
    assert.equal(found.totals.amountMinor, sumOf(world.deals))
  })
})

test('reached = passed + lost + finished + open, by number and by amount', () => {
  forAnyWorld((world, strict) => {
    for (const layer of cohortFunnel(inputOf(world, strict)).layers) {
      for (const figures of [layer, layer.amountMinor]) {
        assert.equal(figures.reached, figures.passed + figures.lost + figures.finished + figures.open)
      }
    }
  })
})

test('what reached a layer came through from the layer above or joined, by number and by amount', () => {
  forAnyWorld((world, strict) => {
    const { layers } = cohortFunnel(inputOf(world, strict))
    layers.slice(1).forEach((layer, index) => {
      const above = layers[index]!
      assert.equal(layer.reached, above.through + layer.joined)
      assert.equal(layer.amountMinor.reached, above.amountMinor.through + layer.amountMinor.joined)
      assert.ok(above.through <= above.passed)
    })
    assert.equal(layers[0]?.joined ?? 0, 0)
  })
})

test('the list behind a figure has its length and its sum, for every layer and part', () => {
  forAnyWorld((world, strict) => {
    const input = inputOf(world, strict)
    for (const layer of cohortFunnel(input).layers) {
      for (const name of names) {
        const list = classesOf(input, layer.status.id, name)
        assert.equal(countOf(list), layer[name])
        assert.equal(sumOf(list), layer.amountMinor[name])
      }
    }
  })
})

test('the rows of a split add up to the layer, worst conversion first', () => {
  forAnyWorld((world, strict) => {
    const input = inputOf(world, strict)
    const tagged = input.classes.map((one, index) => ({ ...one, slice: index % 4 }))
    for (const layer of cohortFunnel(input).layers) {
      const rows = splitRows({ ...input, classes: tagged }, layer.status.id)
      for (const name of ['reached', 'passed', 'lost', 'open', 'finished'] as const) {
        assert.equal(
          rows.reduce((sum, row) => sum + row.figures[name], 0),
          layer[name],
        )
        assert.equal(
          rows.reduce((sum, row) => sum + row.amountMinor[name], 0),
          layer.amountMinor[name],
        )
      }
      const shares = rows.map((row) => row.resolved ?? 2)
      assert.deepEqual(
        shares,
        shares.toSorted((a, b) => a - b),
      )
    }
  })
})

test('parts of the cohort add up to the whole, and the order of deals does not matter', () => {
  forAnyWorld((world, strict) => {
    const input = inputOf(world, strict)
    const whole = cohortFunnel(input)
    const part = (rest: number) => cohortFunnel({ ...input, classes: input.classes.filter((_, index) => index % 3 === rest) })
    const pieces = [part(0), part(1), part(2)]
    whole.layers.forEach((layer, index) => {
      for (const name of names) {
        assert.equal(
          layer[name],
          pieces.reduce((sum, piece) => sum + piece.layers[index]![name], 0),
        )
        assert.equal(
          layer.amountMinor[name],
          pieces.reduce((sum, piece) => sum + piece.layers[index]!.amountMinor[name], 0),
        )
      }
    })
    assert.deepEqual(cohortFunnel({ ...input, classes: input.classes.toReversed() }), whole)
    assert.deepEqual(cohortFunnel({ ...input, classes: groupClasses(input.classes) }), whole)
  })
})

test('going back to or re-entering a status that is not lost changes neither reached nor passed', () => {
  fc.assert(
    fc.property(worldArbitrary, fc.boolean(), fc.nat(), (world, strict, seed) => {
      const isLost = (id: number) => world.statuses.find((status) => status.id === id)!.category === 'lost'
      const back = world.deals.map((deal) => {
        const seen = deal.visits.filter((visit) => !visit.voided && !isLost(visit.status))
        return seen.length === 0 || isLost(currentOf(deal))
          ? deal
          : { ...deal, visits: [...deal.visits, seen[seed % seen.length]!] }
      })
      const before = cohortFunnel(inputOf(world, strict)).layers
      const after = cohortFunnel(inputOf({ ...world, deals: back }, strict)).layers
      assert.deepEqual(after, before)
    }),
  )
})

test('a loss is counted once at most, at the furthest layer, and reopening cancels it', () => {
  forAnyWorld((world, strict) => {
    const input = inputOf(world, strict)
    for (const one of input.classes) {
      const { layers, totals } = cohortFunnel({ ...input, classes: [one] })
      const lostAt = layers.findIndex((layer) => layer.lost > 0)
      assert.ok(layers.filter((layer) => layer.lost > 0).length <= totals.lost)
      if (lostAt >= 0) assert.ok(layers.slice(lostAt + 1).every((layer) => layer.reached === 0))
      const open = one.visited.find((id) => world.statuses.find((status) => status.id === id)!.category !== 'lost')
      const reopened = open === undefined ? [] : cohortFunnel({ ...input, classes: [{ ...one, current: open }] }).layers
      assert.ok(reopened.every((layer) => layer.lost === 0))
    }
  })
})

test('strict figures are never above the others and have nothing skipped', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const loose = cohortFunnel(inputOf(world, false)).layers
      cohortFunnel(inputOf(world, true)).layers.forEach((layer, index) => {
        for (const name of ['reached', 'passed', 'lost', 'open', 'finished'] as const)
          assert.ok(layer[name] <= loose[index]![name])
        assert.equal(layer.skipped, 0)
        assert.equal(layer.reached, loose[index]!.reached - loose[index]!.skipped)
      })
    }),
  )
})

test('conversions are shares from 0 to 1, and null exactly where nothing is divided', () => {
  forAnyWorld((world, strict) => {
    for (const layer of cohortFunnel(inputOf(world, strict)).layers) {
      for (const [figures, conversion] of [
        [layer, layer.conversion],
        [layer.amountMinor, layer.conversionByAmount],
      ] as const) {
        for (const share of Object.values(conversion)) assert.ok(share === null || (share >= 0 && share <= 1))
        assert.equal(conversion.resolved === null, figures.passed + figures.lost === 0)
        assert.equal(conversion.soFar === null, figures.reached === figures.finished)
        assert.equal(conversion.cumulative === null, figures.applicable === 0)
      }
    }
  })
})
