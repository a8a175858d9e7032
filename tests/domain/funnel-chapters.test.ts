import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { findChapter } from '../../shared/domain/funnel-chapters.ts'
import { chaptersOfSums, classesOf, figuresAt } from '../../shared/domain/funnel-cohort.ts'
import { sumClasses } from '../../shared/domain/funnel-sums.ts'
import { FunnelOracle } from './funnel-oracle.ts'
import { classOf, type Deal, groupClasses, statusOf, worldArbitrary } from './funnel-world.ts'

/** Phases as chapters of the funnel. */
const presale = [statusOf(1, 10, { phase: 'presale' }), statusOf(2, 20, { phase: 'presale' })]
const sale = [statusOf(3, 30), statusOf(4, 40)]
const statuses = [...presale, ...sale, statusOf(5, 50, { phase: 'support' }), statusOf(9, 90, { category: 'lost' })]
const deal = (path: number, ...visits: number[]): Deal => ({
  path,
  visits: visits.map((status) => ({ status, voided: false })),
  amountMinor: 100,
})

test('a chapter counts who entered it, whichever its layer, and who came further than all of it', () => {
  const paths = new Map([
    [1, [1, 2, 3, 4, 5]],
    [2, [3, 5]],
  ])
  const deals = [deal(1, 1, 2, 3), deal(1, 1, 9), deal(1, 2, 1), deal(2, 3, 5), deal(2, 3, 9), deal(1, 1, 2, 5)]
  const chapters = chaptersOfSums(statuses, sumClasses({ statuses, paths, strict: false, classes: deals.map(classOf) }))
  assert.deepEqual(
    chapters.map(({ phase, reached, passed, lost, finished, open, resolved }) => [
      phase,
      reached,
      passed,
      lost,
      finished,
      open,
      resolved,
    ]),
    [
      ['presale', 4, 2, 1, 0, 1, 2 / 3],
      ['sale', 4, 2, 1, 0, 1, 2 / 3],
      ['support', 2, 0, 0, 2, 0, null],
    ],
  )
  const strict = chaptersOfSums(statuses, sumClasses({ statuses, paths, strict: true, classes: deals.map(classOf) }))
  assert.deepEqual(
    strict.map(({ reached, passed }) => [reached, passed]),
    [
      [4, 2],
      [3, 1],
      [2, 0],
    ],
  )
})

test('a chapter agrees with a naive reading, deal by deal, and its parts add up to it', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const oracle = new FunnelOracle(world, false)
      const { statuses: all, paths, deals } = world
      const classes = groupClasses(deals.map(classOf))
      for (const chapter of chaptersOfSums(all, sumClasses({ statuses: all, paths, strict: false, classes }))) {
        for (const figures of [chapter, chapter.amountMinor])
          assert.equal(figures.reached, figures.passed + figures.lost + figures.finished + figures.open)
        const own = oracle.layers.filter(({ phase }) => phase === chapter.phase)
        const entered = deals.filter((one) => own.some((layer) => oracle.isReached(one, layer)))
        const last = Math.max(...own.map(({ rank }) => rank))
        const passed = entered.filter((one) => oracle.top(one)! > last)
        assert.deepEqual([chapter.reached, chapter.passed], [entered.length, passed.length])
        const lost = entered.filter((one) => !passed.includes(one) && oracle.nowLost(one))
        assert.equal(chapter.lost, lost.length)
        assert.equal(
          chapter.amountMinor.lost,
          lost.reduce((sum, one) => sum + one.amountMinor, 0),
        )
      }
    }),
    { numRuns: 300 },
  )
})

test('the list behind a part of a chapter has the length and the sum of its figure, also of a chapter of one layer', () => {
  const names = ['reached', 'passed', 'lost', 'finished', 'open', 'skipped'] as const
  fc.assert(
    fc.property(worldArbitrary, fc.boolean(), (world, strict) => {
      const input = { statuses: world.statuses, paths: world.paths, strict, classes: groupClasses(world.deals.map(classOf)) }
      const sums = sumClasses(input)
      for (const figures of chaptersOfSums(world.statuses, sums)) {
        const { id } = findChapter(world.statuses, figures.phase)
        const found = figuresAt(world.statuses, sums, id)
        for (const name of names) {
          const list = classesOf(input, id, name)
          const [count, amount] = list.reduce(([n, sum], one) => [n + one.count, sum + one.amountMinor], [0, 0])
          assert.deepEqual([count, amount], [figures[name], figures.amountMinor[name]], `${name} of ${figures.phase}`)
          assert.deepEqual([found[name], found.amountMinor[name]], [count, amount])
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('a phase without layers has no list', () => {
  assert.throws(() => findChapter(statuses, 'renewal'), { code: 'not_found' })
  const input = { statuses, paths: new Map(), strict: false, classes: [] }
  assert.throws(() => classesOf(input, -99, 'reached'), { code: 'not_found' })
  assert.throws(() => figuresAt(statuses, sumClasses(input), 9), { code: 'not_found' })
})
