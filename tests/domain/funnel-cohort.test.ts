import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../shared/domain/app-error.ts'
import type { DealClass } from '../../shared/domain/funnel.ts'
import { type CohortFigures, classesOf, cohortFunnel } from '../../shared/domain/funnel-cohort.ts'
import { snapshotFunnel } from '../../shared/domain/funnel-snapshot.ts'
import { splitRows } from '../../shared/domain/funnel-split.ts'
import { statusOf } from './funnel-world.ts'

const [fresh, offer, pause, contract, payment, delivery, refused] = [1, 2, 3, 4, 5, 6, 9] as const
const statuses = [
  statusOf(refused, 5, { category: 'lost' }),
  statusOf(delivery, 60),
  statusOf(payment, 50, { isWon: true }),
  statusOf(contract, 40),
  statusOf(pause, 30, { category: 'paused', shownInFunnel: false }),
  statusOf(offer, 20),
  statusOf(fresh, 10),
]
const sale = 1
const service = 2
/** A service has no offer and no contract, and nothing after the payment. */
const paths = new Map([
  [sale, [fresh, offer, contract, payment, delivery]],
  [service, [fresh, payment]],
])

function deal(path: number, visited: readonly number[], count = 1, current = visited.at(-1)!): DealClass {
  return { path, visited: visited.toSorted((a, b) => a - b), current, count, amountMinor: count * 100 }
}

function layerOf(id: number, classes: readonly DealClass[], strict = false): CohortFigures {
  return cohortFunnel({ statuses, paths, classes, strict }).layers.find((layer) => layer.status.id === id)!
}

const outcomes = ({ reached, passed, lost, finished, open }: CohortFigures) => ({ reached, passed, lost, finished, open })

test('layers are the shown statuses that are not lost, by rank, empty ones too', () => {
  const { layers, totals } = cohortFunnel({ statuses, paths, classes: [], strict: false })
  assert.deepEqual(
    layers.map((layer) => layer.status.id),
    [fresh, offer, contract, payment, delivery],
  )
  assert.ok(
    layers.every((layer) => layer.reached === 0 && layer.conversion.resolved === null && layer.conversion.cumulative === null),
  )
  assert.deepEqual([totals.deals, totals.winRate], [0, null])
})

test('a loss belongs to the furthest layer attained', () => {
  const classes = [deal(sale, [fresh, offer, fresh, refused])]
  assert.deepEqual(outcomes(layerOf(fresh, classes)), { reached: 1, passed: 1, lost: 0, finished: 0, open: 0 })
  assert.deepEqual(outcomes(layerOf(offer, classes)), { reached: 1, passed: 0, lost: 1, finished: 0, open: 0 })
  assert.equal(layerOf(contract, classes).reached, 0)
})

test('a status skipped by design is left out above and below the line', () => {
  const classes = [deal(service, [fresh, payment]), deal(service, [fresh])]
  assert.equal(layerOf(offer, classes).reached, 0)
  assert.equal(layerOf(offer, classes).conversion.cumulative, null)
  assert.equal(layerOf(payment, classes).conversion.cumulative, 0.5)
  assert.deepEqual([layerOf(fresh, classes).through, layerOf(payment, classes).joined], [0, 1])
})

test('a status skipped in practice counts as reached and its number is shown, but not in the strict reading', () => {
  const classes = [deal(sale, [fresh, contract], 3)]
  assert.deepEqual([layerOf(offer, classes).reached, layerOf(offer, classes).passed, layerOf(offer, classes).skipped], [3, 3, 3])
  assert.equal(layerOf(offer, classes, true).reached, 0)
  assert.deepEqual([layerOf(fresh, classes, true).through, layerOf(contract, classes, true).joined], [0, 3])
})

test('a deal is finished only at the end of its own path, and not when it is lost there', () => {
  assert.equal(layerOf(payment, [deal(service, [fresh, payment])]).finished, 1)
  assert.equal(layerOf(payment, [deal(sale, [fresh, payment])]).open, 1)
  assert.equal(layerOf(payment, [deal(service, [fresh, payment, refused])]).lost, 1)
  assert.equal(layerOf(delivery, [deal(sale, [delivery])]).finished, 1)
})

test('a deal without a known path is in the layers it visited, and finished only at the end of the funnel', () => {
  const classes = [deal(0, [fresh, contract]), deal(0, [delivery])]
  assert.deepEqual(outcomes(layerOf(contract, classes)), { reached: 1, passed: 0, lost: 0, finished: 0, open: 1 })
  assert.equal(layerOf(offer, classes).reached, 0)
  assert.equal(layerOf(delivery, classes).finished, 1)
})

test('a hidden status off the path still lifts the deal over the layers below it', () => {
  const classes = [deal(sale, [fresh, pause])]
  assert.deepEqual(outcomes(layerOf(offer, classes)), { reached: 1, passed: 1, lost: 0, finished: 0, open: 0 })
  assert.equal(layerOf(contract, classes).reached, 0)
})

test('a deal created straight as lost is in the totals and in no layer', () => {
  const { layers, totals } = cohortFunnel({
    statuses,
    paths,
    classes: [deal(sale, [refused], 4), deal(sale, [fresh])],
    strict: false,
  })
  assert.deepEqual(
    layers.map((layer) => layer.reached),
    [1, 0, 0, 0, 0],
  )
  assert.equal(layers[0]!.conversion.cumulative, 1)
  assert.deepEqual([totals.deals, totals.lost, totals.amountMinor], [5, 4, 500])
})

test('won is a milestone on the way: those past it are won, and it is what its layer reached', () => {
  const classes = [
    deal(sale, [fresh, payment, delivery], 2),
    deal(sale, [fresh, delivery]),
    deal(sale, [fresh, payment, refused]),
    deal(sale, [fresh, refused], 4),
  ]
  const { totals } = cohortFunnel({ statuses, paths, classes, strict: false })
  assert.deepEqual([totals.won, totals.lost, totals.wonAmountMinor, totals.lostAmountMinor], [4, 5, 400, 500])
  assert.equal(totals.winRate, 4 / 9)
  assert.equal(totals.won, layerOf(payment, classes).reached)
  assert.equal(cohortFunnel({ statuses, paths, classes, strict: true }).totals.won, layerOf(payment, classes, true).reached)
})

test('conversions are over the resolved, over all so far, and from the beginning, each also by amount', () => {
  const classes = [
    deal(sale, [fresh, offer], 50),
    { ...deal(sale, [fresh, refused], 20), amountMinor: 10_000 },
    deal(sale, [fresh], 30),
  ]
  const { conversion, conversionByAmount } = layerOf(fresh, classes)
  assert.deepEqual(conversion, { resolved: 50 / 70, soFar: 0.5, cumulative: 1 })
  assert.deepEqual(conversionByAmount, { resolved: 5_000 / 15_000, soFar: 5_000 / 18_000, cumulative: 1 })
  assert.deepEqual(layerOf(offer, classes).conversion, { resolved: null, soFar: 0, cumulative: 0.5 })
})

test('statuses of equal rank stand in the order of their ids, so that a loss is still counted once', () => {
  const twins = [statusOf(2, 10), statusOf(1, 10), statusOf(9, 99, { category: 'lost' })]
  const classes = [deal(sale, [1, 2, 9])]
  const { layers } = cohortFunnel({ statuses: twins, paths: new Map(), classes, strict: false })
  assert.deepEqual(
    layers.map((layer) => [layer.status.id, layer.passed, layer.lost, layer.through, layer.joined]),
    [
      [1, 1, 0, 1, 0],
      [2, 0, 1, 0, 0],
    ],
  )
})

test('the list of a status that is no layer is refused', () => {
  const input = { statuses, paths, classes: [], strict: false }
  for (const id of [refused, pause, 77]) {
    assert.throws(
      () => classesOf(input, id, 'reached'),
      (error) => error instanceof AppError && error.code === 'not_found',
    )
  }
})

test('a snapshot shows empty layers, keeps lost ones apart and loses nobody from its totals', () => {
  const row = { amountMinor: 100, weightedMinor: 50, overdue: 1, medianAgeHours: 30 }
  const snapshot = snapshotFunnel(statuses, [
    { statusId: contract, count: 2, ...row },
    { statusId: pause, count: 3, ...row },
    { statusId: refused, count: 4, ...row },
  ])
  assert.deepEqual(
    snapshot.layers.map((layer) => [layer.status.id, layer.count]),
    [
      [fresh, 0],
      [offer, 0],
      [contract, 2],
      [payment, 0],
      [delivery, 0],
    ],
  )
  assert.equal(snapshot.layers[0]!.medianAgeHours, null)
  assert.deepEqual(
    snapshot.lost.map((layer) => [layer.status.id, layer.count]),
    [[refused, 4]],
  )
  assert.deepEqual(snapshot.totals, { deals: 5, amountMinor: 200, weightedMinor: 100, overdue: 2 })
})

test('passable are the reached deals that passed or may yet pass: none where the layer ends every path', () => {
  const classes = [deal(service, [fresh, payment]), deal(service, [fresh, payment, refused]), deal(sale, [fresh])]
  assert.deepEqual([layerOf(fresh, classes).passable, layerOf(payment, classes).passable], [3, 0])
  assert.equal(layerOf(payment, [...classes, deal(sale, [payment]), deal(service, [payment, delivery])]).passable, 2)
  assert.equal(layerOf(contract, classes).passable, 0)
})

test('a row of a split is worse only when its upper bound lies below the conversion of the layer', () => {
  const of = (slice: number, passed: number, lost: number) => [
    { ...deal(sale, [fresh, offer], passed), slice },
    { ...deal(sale, [fresh, refused], lost), slice },
  ]
  const rows = splitRows({ statuses, paths, strict: false, classes: [...of(1, 20, 80), ...of(2, 80, 20), ...of(3, 1, 2)] }, fresh)
  assert.deepEqual(
    rows.map((row) => [row.slice, row.resolved, row.worse]),
    [
      [1, 0.2, true],
      [3, 1 / 3, false],
      [2, 0.8, false],
    ],
  )
})
