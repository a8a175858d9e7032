import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { checkInvariants } from '../../api/usecases/check.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showActivity, showDepartmentBars, showTrend } from '../../api/usecases/funnel/charts.ts'
import { keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { listFunnelDeals, splitFunnel } from '../../api/usecases/funnel/drill-down.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { addDays } from '../../shared/domain/periods.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ListFunnelDeals, ShowFunnel, ShowWonBars, SplitFunnel } from '../../shared/schemas/funnel.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Whatever the slice and whoever asks: a figure and the list behind it are one (product.md, section 3, "Drill-down"). */
const now = new Date('2026-11-20T12:00:00Z')
const people = ['nikitin', 'vlasova', 'sokolov', 'akhmetov', 'petrova', 'kim', 'orlov'].map(
  (login) => personSeeds.find((person) => person.login === login)!.id,
)
const parts = ['reached', 'passed', 'lost', 'open', 'finished'] as const
const layerParts = [...parts, 'skipped', 'through', 'joined'] as const

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
        for (const part of layerParts) {
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

test('the list behind every part of every chapter is as long and as dear as the figure says, whatever the slice', async () => {
  const compare = async (slice: object, actorId: number) => {
    const shown = await showFunnel(session(actorId), ShowFunnel.parse(slice))
    assert.ok(shown.basis === 'cohort')
    for (const chapter of shown.chapters) {
      const numbers = new Set<number>()
      for (const part of [...parts, 'skipped'] as const) {
        const input = ListFunnelDeals.parse({ ...slice, chapter: chapter.phase, part, limit: 200 })
        const { rows, next, total, amountMinor } = await listFunnelDeals(session(actorId), input)
        const said = `${chapter.phase} ${part} ${JSON.stringify(slice)}`
        assert.deepEqual([total, amountMinor], [chapter[part], chapter.amountMinor[part]], said)
        if (next !== null || part === 'skipped') continue
        const summed = rows.reduce((sum, row) => sum + row.amountMinor, 0)
        assert.deepEqual([rows.length, summed], [chapter[part], chapter.amountMinor[part]], said)
        if (part !== 'reached') for (const { number } of rows) numbers.add(number)
      }
      if (chapter.reached <= 200) assert.equal(numbers.size, chapter.reached, 'no deal stands in two parts')
    }
    return shown.chapters
  }
  const whole = await compare({ from: '2024-06-01' }, people[1]!)
  assert.ok(whole.length > 1 && whole.some(({ layers, lost, passed }) => layers.length > 1 && lost > 0 && passed > 0))
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => void (await compare(slice, actorId))),
    { numRuns: 10 },
  )
})

test('the list behind the totals of every basis is as long and as dear as they are, a chapter shown alone too', async () => {
  await fc.assert(
    fc.asyncProperty(slices, asker, fc.constantFrom({}, { phase: 'sale' }), async (slice, actorId, chapters) => {
      for (const basis of ['cohort', 'snapshot', 'flow'] as const) {
        const query = { ...slice, ...chapters, basis }
        const shown = await showFunnel(session(actorId), ShowFunnel.parse(query))
        const { deals, amountMinor } = (shown.basis === 'cohort' ? shown.funnel : shown.basis === 'flow' ? shown : shown.snapshot)
          .totals
        const behind = await listFunnelDeals(session(actorId), ListFunnelDeals.parse(query))
        assert.deepEqual([behind.total, behind.amountMinor], [deals, amountMinor], basis)
      }
    }),
    { numRuns: 8 },
  )
})

test('the lists behind the points of the trend and the bars of what was won are as long and as dear as they are', async () => {
  const happened = ['created', 'won', 'lost'] as const
  const behind = (actorId: number, query: object) => listFunnelDeals(session(actorId), ListFunnelDeals.parse(query))
  const compare = async (slice: object, actorId: number): Promise<number> => {
    const period = { from: '2026-01-01', to: '2026-11-21', ...slice }
    const weeks = await showTrend(session(actorId), ShowFunnel.parse(period))
    let compared = 0
    for (const week of weeks.filter((one) => one.created + one.won + one.lost > 0).slice(-3)) {
      const [from, to] = [week.week, addDays(week.week, 7)]
      const span = { from: from > period.from ? from : period.from, to: to < period.to ? to : period.to }
      for (const one of happened) {
        const { total, amountMinor } = await behind(actorId, { ...slice, ...span, happened: one })
        assert.equal(total, week[one], `${one} ${JSON.stringify(span)}`)
        if (one === 'won') assert.equal(amountMinor, week.wonAmountMinor)
        compared += total
      }
    }
    for (const cut of ['department', 'type', 'employee'] as const) {
      const bars = await showDepartmentBars(session(actorId), ShowWonBars.parse({ ...period, cut }))
      for (const { id: key, won, wonAmountMinor, lastYearAmountMinor } of bars.slice(0, 3)) {
        const former = await behind(actorId, { ...period, happened: 'won', cut, key, yearBefore: '1' })
        assert.equal(former.amountMinor, lastYearAmountMinor, `${cut} ${key} a year before`)
        const { total, amountMinor } = await behind(actorId, { ...period, happened: 'won', cut, key })
        assert.deepEqual([total, amountMinor], [won, wonAmountMinor], `${cut} ${key}`)
        compared += total
      }
    }
    return compared
  }
  assert.ok((await compare({}, people[1]!)) > 10)
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => void (await compare(slice, actorId))),
    { numRuns: 8 },
  )
})

test('the list behind a day of the heat map has exactly the deals that people worked on, and all their actions', async () => {
  /** What people did on a day, by deal, from the events alone. */
  const workOn = (day: string) =>
    selectRows<{ number: number; actions: number }>(
      orm.em,
      sql`select deal.number, count(*)::int as actions from deal_event e join deal on deal.id = e.deal_id
        where e.voided_at is null and e.door in ('web', 'bot', 'api') and (e.occurred_at at time zone 'Europe/Moscow')::date = ${day}::date
        group by 1`,
    )
  const compare = async (slice: object, actorId: number): Promise<number> => {
    const period = { from: '2026-06-01', to: '2026-11-21', ...slice }
    const days = (await showActivity(session(actorId), ShowFunnel.parse(period))).filter(({ actions }) => actions > 0)
    for (const { day, actions } of days.slice(-3)) {
      const input = ListFunnelDeals.parse({ ...slice, from: day, to: addDays(day, 1), happened: 'worked', limit: 200 })
      const behind = await listFunnelDeals(session(actorId), input)
      assert.deepEqual([behind.actions, behind.total, behind.next], [actions, behind.rows.length, null], day)
      // The moment that is looked at may cut its own day short.
      if ('asOf' in slice && day === days.at(-1)?.day) continue
      const done = new Map((await workOn(day)).map((row) => [row.number, row.actions]))
      assert.ok(
        behind.rows.every(({ number }) => done.has(number)),
        `each was worked on, ${day}`,
      )
      assert.equal(
        behind.rows.reduce((sum, { number }) => sum + done.get(number)!, 0),
        actions,
        `no other has any of its actions, ${day}`,
      )
      const isAll = Object.keys(slice).length === 0 && actorId === people[1]
      if (isAll) assert.equal(behind.total, done.size)
    }
    return days.length
  }
  assert.ok((await compare({}, people[1]!)) > 10)
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => void (await compare(slice, actorId))),
    { numRuns: 8 },
  )
})

test('what cannot be asked of a list is refused', async () => {
  const refused = (query: object) => assert.equal(ListFunnelDeals.safeParse(query).success, false, JSON.stringify(query))
  for (const query of [
    { layer: 'new', chapter: 'sale' },
    { part: 'lost' },
    { happened: 'won', layer: 'new' },
    { cut: 'type', key: 1 },
    { happened: 'won', cut: 'type' },
    { happened: 'worked', cut: 'type', key: 1 },
    { happened: 'worked', yearBefore: '1' },
    { layer: 'new', yearBefore: '1' },
  ])
    refused(query)
  const ask = (query: object) => listFunnelDeals(session(people[1]!), ListFunnelDeals.parse(query))
  await assert.rejects(ask({ chapter: 'sale', part: 'joined' }), { code: 'input_invalid' })
  await assert.rejects(ask({ chapter: 'sale', basis: 'flow' }), { code: 'input_invalid' })
  await assert.rejects(ask({ chapter: 'renewal' }), { code: 'not_found' })
})

test('the list behind every status of a snapshot, lost ones too, is as long and as dear as the figure says', async () => {
  await fc.assert(
    fc.asyncProperty(slices, asker, async (slice, actorId) => {
      const shown = await showFunnel(session(actorId), ShowFunnel.parse({ ...slice, basis: 'snapshot' }))
      assert.equal(shown.basis, 'snapshot')
      for (const { status, count, amountMinor, overdue } of [...shown.snapshot.layers, ...shown.snapshot.lost]) {
        const query = { ...slice, basis: 'snapshot', layer: status.code }
        const behind = await listFunnelDeals(session(actorId), ListFunnelDeals.parse(query))
        assert.deepEqual([behind.total, behind.amountMinor], [count, amountMinor], status.code)
        const late = await listFunnelDeals(session(actorId), ListFunnelDeals.parse({ ...query, part: 'overdue' }))
        assert.equal(late.total, overdue, `${status.code} too long`)
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
