import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { listFunnelDeals } from '../../api/usecases/funnel/drill-down.ts'
import { type ShownFlow, showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { flowOutcomes } from '../../shared/domain/funnel-flow.ts'
import { startOfDay } from '../../shared/domain/periods.ts'
import { ListFunnelDeals, ShowFunnel } from '../../shared/schemas/funnel.ts'
import type { FlowPart } from '../../shared/views/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** What happened in a period (product.md, section 3, "Flow"), read by the product's query and, from the bare visits, by hand. */
const now = new Date('2026-11-20T12:00:00Z')
const [executive, manager] = [2, 8]
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
  await settleCube(orm, now)
})

const session = (actorId: number) => sessionOf(orm.em.fork(), actorId, now)
const people = personSeeds.filter(({ role }) => role !== 'admin').map(({ id }) => id)
const list = (values: readonly (string | number)[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 3 }).map((few) => few.join(','))
const slices = fc.record(
  {
    from: fc.constantFrom('2025-01-01', '2026-01-01', '2026-06-30', '2026-11-01'),
    to: fc.constantFrom('2026-11-15', '2026-11-21', '2027-01-01'),
    type: list(typeSeeds.map((type) => type.code)),
    department: list(departmentSeeds.map((department) => department.id)),
    employee: list(personSeeds.slice(3, 20).map((person) => person.id)),
    attribution: fc.constantFrom('current', 'event'),
    phase: list(['presale', 'sale', 'delivery']),
    asOf: fc.constantFrom('2026-11-10T00:00:00Z', '2026-11-15T12:00:00+03:00'),
  },
  { requiredKeys: [] },
)

async function flow(slice: object, actorId = executive): Promise<ShownFlow> {
  const shown = await showFunnel(session(actorId), ShowFunnel.parse({ ...slice, basis: 'flow' }))
  assert.ok(shown.basis === 'flow')
  return shown
}

test('the five outcomes add up to the entries, and the list behind each is as long and as dear as the figure', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(slices, fc.constantFrom(executive, executive, ...people.slice(0, 4)), async (slice, actorId) => {
      for (const layer of (await flow(slice, actorId)).flow.layers) {
        for (const figures of [layer, layer.amountMinor])
          assert.equal(
            figures.entered,
            flowOutcomes.reduce((sum, outcome) => sum + figures[outcome], 0),
          )
        assert.ok(layer.entries >= layer.entered)
        for (const part of ['entered', ...flowOutcomes] as const) {
          if (layer[part] === 0) continue
          const input = ListFunnelDeals.parse({ ...slice, basis: 'flow', layer: layer.status.code, part })
          const behind = await listFunnelDeals(session(actorId), input)
          assert.deepEqual(
            [behind.total, behind.amountMinor],
            [layer[part], layer.amountMinor[part]],
            `${layer.status.code} ${part}`,
          )
          compared++
        }
      }
    }),
    { numRuns: 40 },
  )
  assert.ok(compared > 100, `${compared} figures`)
})

type Visit = {
  deal: number
  status: number
  category: string
  rank: number
  shown: boolean
  owner: number
  from: Date
  to: Date | null
}

/** Deal by deal from the visits: shares no code with the product. */
function readByHand(visits: readonly Visit[], from: Date, to: Date, owner: number | null) {
  const found = new Map<string, number>()
  const count = (status: number, part: FlowPart | 'entries') =>
    found.set(`${status} ${part}`, (found.get(`${status} ${part}`) ?? 0) + 1)
  for (const life of Map.groupBy(visits, ({ deal }) => deal).values()) {
    const known = life.filter((visit) => visit.from < to)
    const end = known.find((visit) => visit.to === null || visit.to >= to)
    for (const status of new Set(known.map((visit) => visit.status))) {
      const isEntry = (visit: Visit) => visit.status === status && visit.from >= from && (owner === null || visit.owner === owner)
      const last = known.findLastIndex(isEntry)
      const here = known[last]
      if (!here?.shown || here.category === 'lost') continue
      for (const _ of known.filter(isEntry)) count(status, 'entries')
      count(status, 'entered')
      const later = known.slice(last + 1).filter((visit) => visit.category !== 'lost')
      if (later.some((visit) => visit.rank > here.rank)) count(status, 'advanced')
      else if (end?.category === 'lost') count(status, 'lost')
      else if (end && end.rank < here.rank) count(status, 'movedBack')
      else count(status, 'stillThere')
    }
  }
  return found
}

test('the figures agree with a reading of the visits by hand, for any period, now and by who ran the deal then', async () => {
  const visits = await selectRows<Visit>(
    orm.em.fork(),
    sql`select v.deal_id as deal, s.id as status, s.category, s.rank, s.shown_in_funnel as shown, v.owner_id as owner,
      v.entered_at as from, v.left_at as to
    from status_visit v join deal on deal.id = v.deal_id and deal.withdrawn_at is null join status s on s.id = v.status_id
    where v.voided_at is null order by v.entered_at, v.id`,
  )
  const totals: Record<string, number> = {}
  for (const [first, last] of [
    ['2026-01-01', '2026-07-01'],
    ['2026-10-01', '2026-11-01'],
    ['2025-01-01', '2026-11-21'],
  ] as const) {
    for (const employee of [null, manager]) {
      const slice = { from: first, to: last, ...(employee ? { employee: String(employee), attribution: 'event' } : {}) }
      const { layers } = (await flow(slice)).flow
      const span = [first, last].map((day) => startOfDay(day, 'Europe/Moscow')) as [Date, Date]
      const expected = readByHand(visits, ...span, employee)
      for (const layer of layers)
        for (const part of ['entered', 'entries', ...flowOutcomes] as const) {
          assert.equal(layer[part], expected.get(`${layer.status.id} ${part}`) ?? 0, `${first} ${layer.status.code} ${part}`)
          totals[part] = (totals[part] ?? 0) + layer[part]
        }
    }
  }
  for (const part of ['advanced', 'lost', 'movedBack', 'stillThere']) assert.ok(totals[part]! > 0, `nobody ${part}`)
})

test('deals whose type changed are handed off, where nothing else became of them', async () => {
  const em = orm.em.fork()
  const before = (await flow({ from: '2026-01-01' })).flow.layers.find((layer) => layer.stillThere > 1)!
  await selectRows(
    em,
    sql`with chosen as (select id from deal where status_id = ${before.status.id} and withdrawn_at is null
        and exists (select 1 from status_visit v where v.deal_id = deal.id and v.voided_at is null and v.status_id = ${before.status.id} and v.entered_at >= '2026-01-01') order by id limit 1)
      update deal set type_id = (select max(id) from deal_type where id <> deal.type_id) where id in (select id from chosen)`,
  )
  await selectRows(
    em,
    sql`update audit_entry set at = ${now} where entity = 'deal' and before -> 'type_id' is not null and action = 'update'`,
  )
  const after = (await flow({ from: '2026-01-01' })).flow.layers.find((layer) => layer.status.id === before.status.id)!
  assert.deepEqual([after.handedOff, after.stillThere, after.entered], [1, before.stillThere - 1, before.entered])
  const input = ListFunnelDeals.parse({ from: '2026-01-01', basis: 'flow', layer: after.status.code, part: 'handedOff' })
  assert.equal((await listFunnelDeals(session(executive), input)).total, 1)
})

test('a chapter shows its layers alone, with the same figures', async () => {
  const whole = await flow({ from: '2026-01-01' })
  const part = await flow({ from: '2026-01-01', phase: 'sale' })
  assert.deepEqual(
    part.flow.layers,
    whole.flow.layers.filter((layer) => layer.status.phase === 'sale'),
  )
  assert.ok(part.flow.layers.length > 0 && part.totals.deals < whole.totals.deals)
})

test('a part of another basis is refused', async () => {
  const ask = (basis: string, part: string) =>
    listFunnelDeals(session(executive), ListFunnelDeals.parse({ basis, layer: 'proposal', part }))
  await assert.rejects(ask('flow', 'passed'), { code: 'input_invalid' })
  await assert.rejects(ask('cohort', 'entered'), { code: 'input_invalid' })
})
