import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentPaths } from '../../api/presenters/paths.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { listWayDeals, showPaths } from '../../api/usecases/funnel/show-paths.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { wayParts } from '../../shared/domain/funnel-paths.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ListWayDeals, ShowPaths } from '../../shared/schemas/paths.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** The picture of the ways speaks of the cohort's deals, loses none on the way, and every way opens exactly its deals. */
const now = new Date('2026-11-20T12:00:00Z')
const people = ['nikitin', 'vlasova', 'sokolov', 'petrova'].map(
  (login) => personSeeds.find((person) => person.login === login)!.id,
)
let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
})
const session = (actorId = people[0]!) => sessionOf(orm.em.fork(), actorId, now)
const few = (values: readonly (string | number)[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 2 }).map((chosen) => chosen.join(','))
const questions = fc.record(
  {
    from: fc.constantFrom('2024-06-01', '2026-01-01'),
    to: fc.constantFrom('2026-10-01', '2026-11-21'),
    type: few(typeSeeds.map((type) => type.code)),
    department: few(departmentSeeds.map((department) => department.id)),
    asOf: fc.constantFrom('2026-03-01T00:00:00Z', '2026-10-01T12:00:00+03:00'),
  },
  { requiredKeys: ['from', 'to'] },
)

test('for every status as many come as leave and stay, and all deals of the cohort come in once', async () => {
  await fc.assert(
    fc.asyncProperty(questions, fc.constantFrom(...people), async (question, actorId) => {
      const shown = await showPaths(session(actorId), ShowPaths.parse(question))
      const funnel = await showFunnel(session(actorId), ShowFunnel.parse(question))
      assert.equal(funnel.basis === 'cohort' && funnel.funnel.totals.deals, shown.deals)
      for (const { statusId, entries, standing } of shown.paths.nodes) {
        const left = shown.paths.ways.filter(({ from, to }) => from === statusId && to !== null)
        assert.equal(entries, standing + left.reduce((sum, way) => sum + way.times, 0))
      }
      const ends = shown.paths.ways.filter(({ to }) => to === null)
      assert.equal(
        ends.reduce((sum, way) => sum + way.deals, 0),
        shown.deals,
      )
    }),
    { numRuns: 8 },
  )
})

test('a way opens exactly the deals that took it', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(questions, fc.constantFrom(...people), async (question, actorId) => {
      const view = presentPaths(await showPaths(session(actorId), ShowPaths.parse(question)), session(actorId))
      for (const way of view.ways.slice(0, 12)) {
        const input = ListWayDeals.parse({ ...question, way: `${way.from ?? ''}..${way.to ?? ''}`, limit: 1 })
        const behind = await listWayDeals(session(actorId), input)
        assert.deepEqual([behind.total, behind.amountMinor], [way.deals, way.amountMinor], `${way.from} ${way.to}`)
        compared++
      }
    }),
    { numRuns: 4, examples: [[{ from: '2024-06-01', to: '2026-11-21' }, people[0]!]] },
  )
  assert.ok(compared >= 12, `${compared} ways`)
})

test('of a way the deals that went past their own statuses, that had no such way, and that took it again are lists of their own', async () => {
  const question = { from: '2024-01-01', to: '2026-11-21' }
  const { ways } = presentPaths(await showPaths(session(), ShowPaths.parse(question)), session())
  for (const part of wayParts) {
    const some = ways.filter((way) => way[part] > 0)
    assert.ok(some.length > 0, `${part} is seen`)
    for (const way of some) {
      const input = ListWayDeals.parse({ ...question, way: `${way.from ?? ''}..${way.to ?? ''}`, part, limit: 200 })
      const { rows, total } = await listWayDeals(session(), input)
      assert.deepEqual([total, rows.length], [way[part], way[part]], `${way.from} ${way.to} ${part}`)
    }
  }
  for (const { deals, times, again } of ways) assert.ok(again <= times - deals && times > deals === again > 0)
})

test('the usual way of the demo company is on its processes, and returns and skips are seen', async () => {
  const { paths } = await showPaths(session(), ShowPaths.parse({ from: '2024-01-01', to: '2026-11-21' }))
  const kinds = new Set(paths.ways.map((way) => way.kind))
  for (const kind of ['entry', 'forward', 'back', 'lost', 'stands'] as const) assert.ok(kinds.has(kind), kind)
  const forward = paths.ways.filter(({ kind }) => kind === 'forward')
  assert.ok(forward[0]!.outside < forward[0]!.deals / 10, 'the most travelled way is offered')
  if (process.env['SAY']) console.log(paths.ways, paths.untaken)
})
