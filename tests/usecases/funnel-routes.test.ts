import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { readPartClasses } from '../../api/usecases/funnel/cube/kept-classes.ts'
import { type AskedSums, readSumsBy, routes } from '../../api/usecases/funnel/cube/read-sums.ts'
import { buildCube, foldDeltas, keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import type { Orm } from '../../db/orm.ts'
import { type DealCursor, type DealSort, dealSorts } from '../../db/queries/deals.ts'
import { countPending } from '../../db/queries/funnel-cube-state.ts'
import { type DealsAsked, selectClassPage } from '../../db/queries/funnel-deals.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { chaptersOfSums, funnelOfSums } from '../../shared/domain/funnel-cohort.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** Cells, summaries and visits are three ways to one answer. */
const now = new Date('2026-11-20T12:00:00Z')
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 400 })
  assert.deepEqual(await keepCube(orm.em.fork(), now), { did: 'built' })
})

const list = (values: readonly (string | number)[], most = 3) =>
  fc.subarray([...values], { minLength: 1, maxLength: most }).map((few) => few.join(','))
const day = (from: string, days: number) =>
  fc.nat(days).map((more) => new Date(Date.parse(from) + more * 86_400_000).toISOString().slice(0, 10))
const types = list(typeSeeds.map((type) => type.code))
const department = list(departmentSeeds.map((seed) => seed.id))
const employee = list(personSeeds.slice(3, 20).map((person) => person.id))
const strict = fc.constantFrom('true', 'false')
const period = { from: day('2024-05-20', 700), to: day('2026-06-01', 240) }
const anything = fc.record(
  {
    ...period,
    type: types,
    department,
    employee,
    counterparty: list([1, 2, 3, 4, 5, 6, 7, 8]),
    attribution: fc.constantFrom('current', 'event'),
    strict,
    asOf: fc.constantFrom('2026-03-01T00:00:00Z', '2026-11-20T15:00:00+03:00', '2026-11-21T00:00:00+03:00'),
  },
  { requiredKeys: ['to'] },
)
/** Slices that cells have. */
const usual = fc.oneof(
  fc.record({ ...period, type: types, department, strict }, { requiredKeys: [] }),
  fc.record({ ...period, type: types, employee, strict }, { requiredKeys: ['employee'] }),
)
const slices = fc.oneof(anything, usual)
/** Administrator, executive, heads, managers and field staff. */
const askers = fc.oneof(fc.constant(1), fc.constantFrom(...personSeeds.slice(0, 12).map(({ id }) => id)))

const sessionFor = (actorId: number): Session => sessionOf(orm.em.fork(), actorId, now)

/** How often each way answered; whenever it did, it gave what the visits give. */
async function compareRoutes(numRuns: number): Promise<Record<string, number>> {
  const answered: Record<string, number> = {}
  await fc.assert(
    fc.asyncProperty(slices, askers, async (slice, actorId) => {
      const asked = await ask(sessionFor(actorId), ShowFunnel.parse(slice))
      const figures = ({ own, before: baseline }: AskedSums) =>
        [own, baseline].flatMap((sums) => [funnelOfSums(asked.funnelStatuses, sums), chaptersOfSums(asked.funnelStatuses, sums)])
      const right = figures((await readSumsBy('visits', sessionFor(actorId), asked))!)
      for (const route of routes) {
        const sums = await readSumsBy(route, sessionFor(actorId), asked)
        if (!sums) continue
        assert.deepEqual(figures(sums), right, route)
        answered[route] = (answered[route] ?? 0) + 1
      }
    }),
    { numRuns },
  )
  return answered
}

const run = (statement: ReturnType<typeof sql>) => selectRows(orm.em.fork(), statement)

test('cells and summaries give the very figures that the visits give, whoever asks for whatever slice and period', async () => {
  const answered = await compareRoutes(120)
  assert.ok((answered['cells'] ?? 0) > 20 && (answered['summaries'] ?? 0) > 50, JSON.stringify(answered))
})

test('the deals behind a part are the same however they are found, in every order and from page to page', async () => {
  const asked = await ask(sessionFor(1), ShowFunnel.parse({ from: '2025-06-05', department: '2' }))
  const { slice, bits, span, statuses } = asked
  for (const part of ['reached', 'lost'] as const) {
    const layer = statuses.find('proposal').id
    const classIds = await readPartClasses(sessionFor(1), asked, layer, part)
    const deals = { viewer: sessionFor(1).actor, slice, bits, span, classIds }
    const right = (await readSumsBy('visits', sessionFor(1), asked))!.own
    const expected = funnelOfSums(asked.funnelStatuses, right).layers.find(({ status }) => status.id === layer)![part]
    for (const sort of dealSorts) {
      const walks = await Promise.all([0, 1_000_000].map((count) => numbersOf(deals, sort, count)))
      assert.deepEqual(walks[0], walks[1], sort)
      assert.equal(new Set(walks[0]).size, expected)
      assert.equal(walks[0]!.length, expected)
    }
  }
})

/** All pages, by fetching and sorting, or by walking in the order. */
async function numbersOf(deals: DealsAsked, sort: DealSort, expected: number): Promise<number[]> {
  const numbers: number[] = []
  for (let cursor: DealCursor | null = null; ; ) {
    const { rows, next } = await selectClassPage(orm.em.fork(), deals, { sort, limit: 9, cursor }, expected)
    numbers.push(...rows.map(({ number }) => number))
    if (!next) return numbers
    cursor = next
  }
}

test('what changed counts at once, before it is folded, after it, and after all is made anew', async () => {
  await run(
    sql`update deal set owner_id = 5, department_id = (select department_id from employee where id = 5) where id % 17 = 0`,
  )
  await run(sql`update deal set amount_minor = amount_minor + 7 where id % 7 = 0`)
  await run(sql`update deal set type_id = 1 + type_id % (select max(id) from deal_type) where id % 11 = 0`)
  await run(sql`update deal set withdrawn_at = ${now} where id % 71 = 0`)
  await run(sql`update status_visit v set voided_at = ${now} where voided_at is null and left_at is null and deal_id % 13 = 0
    and exists (select 1 from status_visit o where o.deal_id = v.deal_id and o.voided_at is null and o.left_at is not null)`)
  await run(sql`update status_visit set left_at = null where id in (select distinct on (deal_id) id from status_visit
    where voided_at is null and deal_id % 13 = 0 order by deal_id, entered_at desc, id desc) and left_at is not null`)
  assert.ok((await countPending(orm.em.fork())) > 50)
  await compareRoutes(40)
  const folded = await foldDeltas(orm.em.fork(), now, 30)
  assert.ok(folded.did === 'folded' && folded.rows > 50)
  assert.equal(await countPending(orm.em.fork()), 0)
  await compareRoutes(40)
  const findings = async () => (await checkInvariants(orm.em.fork())).findings.filter(({ code }) => code.startsWith('funnel_'))
  assert.deepEqual(await findings(), [])
  assert.equal(await buildCube(orm.em.fork(), now), true)
  await compareRoutes(40)
  assert.deepEqual(await findings(), [])
})

/** Steps until nothing is left to do. */
const changes: readonly (readonly [string, ReturnType<typeof sql>, readonly string[]])[] = [
  ['another order', sql`update status set rank = 1000 - rank where category <> 'lost'`, ['waits', 'built']],
  ['a layer that is hidden', sql`update status set shown_in_funnel = false where code = 'qualification'`, ['waits', 'built']],
  [
    'a status that is merged into another',
    sql`update status set merged_into_id = (select id from status where code = 'proposal'), archived_at = now(), shown_in_funnel = false where code = 'negotiation'`,
    ['built'],
  ],
  [
    'a new status',
    sql`insert into status (code, name_ru, name_en, rank, phase, category) values ('fresh', 'н', 'n', 77, 'sale', 'open')`,
    ['waits', 'built'],
  ],
  ['a department that moves', sql`update department set parent_id = 5 where id = 3`, ['built']],
  ['another time zone', sql`update organization set time_zone = 'Asia/Vladivostok'`, ['waits', 'built']],
]
for (const [name, change, steps] of changes) {
  test(`${name} never gives a wrong figure, and the sums are made anew`, async () => {
    await run(change)
    const asked = await ask(sessionFor(1), ShowFunnel.parse({ department: '1' }))
    if (!name.includes('zone')) assert.equal(await readSumsBy('cells', sessionFor(1), asked), null)
    await run(sql`update deal set amount_minor = amount_minor + 1 where id % 5 = 0`)
    if (!name.includes('zone')) await compareRoutes(10)
    assert.deepEqual(await settleCube(orm, now), steps)
    if (name.includes('zone')) return
    await compareRoutes(25)
    assert.notEqual(await readSumsBy('cells', sessionFor(1), asked), null)
  })
}

test('a deal that moved later than the question asks is left to the visits', async () => {
  await run(sql`update organization set time_zone = 'Europe/Moscow'`)
  await settleCube(orm, now)
  const asked = await ask(sessionFor(1), ShowFunnel.parse({ asOf: '2026-11-20T12:00:00Z' }))
  assert.notEqual(await readSumsBy('cells', sessionFor(1), asked), null)
  const past = await ask(sessionFor(1), ShowFunnel.parse({ asOf: '2026-05-20T12:00:00Z' }))
  for (const route of ['cells', 'summaries'] as const) assert.equal(await readSumsBy(route, sessionFor(1), past), null)
})

test('what is kept is still right at the end', async () => {
  assert.deepEqual(
    (await checkInvariants(orm.em.fork())).findings.filter(({ code }) => code.startsWith('funnel_')),
    [],
  )
})

test('a sum that was tampered with is found', async () => {
  await run(sql`update funnel_cell set sums = sums + 1 where (node, type_id, grain) = (0, 0, 3)`)
  await run(sql`update funnel_deal set amount_minor = amount_minor + 1 where deal_id = 3`)
  const codes = (await checkInvariants(orm.em.fork())).findings.map(({ code }) => code)
  assert.ok(codes.includes('funnel_cells') && codes.includes('funnel_summaries'), codes.join())
})
