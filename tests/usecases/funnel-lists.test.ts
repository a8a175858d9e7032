import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { checkInvariants } from '../../api/usecases/check.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { listFunnelDeals, splitFunnel } from '../../api/usecases/funnel/drill-down.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ListFunnelDeals, ShowFunnel, SplitFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Whatever the slice and whoever asks: a figure and the list behind it are one (product.md, section 3, "Drill-down"). */
const now = new Date('2026-11-20T12:00:00Z')
const people = ['nikitin', 'vlasova', 'sokolov', 'akhmetov', 'petrova', 'kim', 'orlov'].map(
  (login) => personSeeds.find((person) => person.login === login)!.id,
)
const parts = ['reached', 'passed', 'lost', 'open', 'finished'] as const

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
  // Questions of now are answered from what is kept, those of a past moment from the visits.
  await keepCube(orm.em.fork(), now)
})

const list = (values: readonly (string | number)[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((few) => few.join(','))
const days = fc.constantFrom('2024-06-01', '2025-01-01', '2025-09-15', '2026-01-01', '2026-06-30', '2026-11-01')
const slices = fc
  .record(
    {
      from: days,
      to: fc.constantFrom('2026-11-15', '2026-11-21', '2027-01-01'),
      type: list(typeSeeds.map((type) => type.code)),
      department: list(departmentSeeds.map((department) => department.id)),
      employee: list(personSeeds.slice(3, 20).map((person) => person.id)),
      counterparty: list([1, 2, 3, 4, 5, 6, 7, 8]),
      attribution: fc.constantFrom('current', 'event'),
      strict: fc.constantFrom('true', 'false'),
      asOf: fc.constantFrom('2026-03-01T00:00:00Z', '2026-10-01T12:00:00+03:00'),
    },
    { requiredKeys: [] },
  )
  // Without an end a period ends at the moment that is asked for, and may not begin after it.
  .map((slice) => (slice.asOf && !slice.to ? { ...slice, to: '2027-01-01' } : slice))
const asker = fc.constantFrom(...people)
const session = (actorId: number) => sessionOf(orm.em.fork(), actorId, now)

test('the list behind every part of every layer of a cohort is as long and as dear as the figure says', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => {
      const shown = await showFunnel(session(actorId), ShowFunnel.parse(slice))
      assert.equal(shown.basis, 'cohort')
      for (const layer of shown.funnel.layers) {
        assert.equal(layer.reached, layer.passed + layer.lost + layer.open + layer.finished)
        for (const part of parts) {
          if (layer[part] === 0 && part !== 'reached') continue
          const input = ListFunnelDeals.parse({ ...slice, layer: layer.status.code, part, limit: 200 })
          const behind = await listFunnelDeals(session(actorId), input)
          const summed = behind.rows.reduce((sum, row) => sum + row.amountMinor, 0)
          assert.deepEqual(
            [behind.total, behind.amountMinor],
            [layer[part], layer.amountMinor[part]],
            `${layer.status.code} ${part}`,
          )
          if (behind.next === null) assert.deepEqual([behind.rows.length, summed], [layer[part], layer.amountMinor[part]])
          compared++
        }
      }
    }),
    { numRuns: 14 },
  )
  assert.ok(compared > 100, `${compared} figures`)
})

test('the list behind every status of a snapshot, lost ones too, is as long and as dear as the figure says', async () => {
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => {
      const shown = await showFunnel(session(actorId), ShowFunnel.parse({ ...slice, basis: 'snapshot' }))
      assert.equal(shown.basis, 'snapshot')
      for (const { status, count, amountMinor } of [...shown.snapshot.layers, ...shown.snapshot.lost]) {
        const behind = await listFunnelDeals(
          session(actorId),
          ListFunnelDeals.parse({ ...slice, basis: 'snapshot', layer: status.code }),
        )
        assert.deepEqual([behind.total, behind.amountMinor], [count, amountMinor], status.code)
      }
    }),
    { numRuns: 12 },
  )
})

test('a snapshot of now and the list of deals speak of the same deals, also of those that stand too long', async () => {
  for (const actorId of people) {
    const shown = await showFunnel(session(actorId), ShowFunnel.parse({ basis: 'snapshot' }))
    assert.equal(shown.basis, 'snapshot')
    for (const { status, count, amountMinor, overdue } of shown.snapshot.layers) {
      const all = await listDeals(session(actorId), ListDeals.parse({ status: status.code }))
      assert.deepEqual([all.total, all.amountMinor], [count, amountMinor], status.code)
      const late = await listDeals(session(actorId), ListDeals.parse({ status: status.code, overdue: '1' }))
      assert.equal(late.total, overdue, `${status.code} too long`)
    }
  }
})

test('a layer cut by anything adds up to the layer', async () => {
  await fc.assert(
    fc.asyncProperty(
      slices,
      asker,
      fc.constantFrom('type', 'counterparty', 'department', 'employee'),
      async (slice, actorId, split) => {
        const shown = await showFunnel(session(actorId), ShowFunnel.parse(slice))
        assert.equal(shown.basis, 'cohort')
        const layer = shown.funnel.layers[2]!
        const cut = await splitFunnel(session(actorId), SplitFunnel.parse({ ...slice, layer: layer.status.code, split }))
        for (const part of parts) {
          const [count, amount] = cut.rows.reduce(([n, sum], row) => [n + row.figures[part], sum + row.amountMinor[part]], [0, 0])
          assert.deepEqual([count, amount], [layer[part], layer.amountMinor[part]], part)
        }
      },
    ),
    { numRuns: 12 },
  )
})

test('a person is shown no deal behind a figure that he does not see in his list', async () => {
  for (const actorId of people) {
    const own = await listDeals(session(actorId), ListDeals.parse({ limit: 200 }))
    if (own.next !== null) continue
    const numbers = new Set(own.rows.map((row) => row.number))
    const behind = await listFunnelDeals(
      session(actorId),
      ListFunnelDeals.parse({ layer: 'proposal', from: '2020-01-01', limit: 200 }),
    )
    assert.ok(behind.rows.every((row) => numbers.has(row.number)))
  }
})

test('looking changed nothing', async () => {
  assert.deepEqual((await checkInvariants(orm.em.fork())).findings, [])
})
