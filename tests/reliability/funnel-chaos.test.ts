import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { reassignDeal } from '../../api/usecases/deals/reassign-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { ask } from '../../api/usecases/funnel/ask.ts'
import { readSumsBy, routes } from '../../api/usecases/funnel/cube/read-sums.ts'
import { buildCube, keepCube } from '../../api/usecases/funnel/cube/upkeep.ts'
import { mergeStatus } from '../../api/usecases/merge-statuses.ts'
import { randomStream } from '../../db/seeds/demo-random.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { funnelOfSums } from '../../shared/domain/funnel-cohort.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { settleCube } from '../support/cube.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { seen } from '../usecases/deal-facts.ts'

/** Everything at once, while the sums are folded and made anew; then all is computed again from the visits. */
const lanes = 5
const changesEach = 45
const statuses = ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery', 'support']
const owners: readonly Name[] = ['mira', 'max', 'nina', 'carl', 'sara', 'finn']

type Random = ReturnType<typeof randomStream>
type Verb = (session: () => Session, card: DealCard, random: Random, world: World) => Promise<unknown>

const verbs: readonly Verb[] = [
  (session, card, random) => setStatus(session(), { ...seen(card), status: random.pick(statuses), reason: 'так', hold: false }),
  async (session, card, random) => {
    const after = await setStatus(session(), { ...seen(card), status: random.pick(statuses), reason: 'так', hold: false })
    if (after.undo) await undoChange(session(), { ...seen(after), eventId: after.undo.eventId })
  },
  (session, card, random) => moveDeal(session(), { ...seen(card), stage: random.pick(statuses) }),
  (session, card) => loseDeal(session(), { ...seen(card), status: 'lost', reason: 'так' }),
  (session, card) => reopenDeal(session(), { ...seen(card), reason: 'так' }),
  (session, card, random, world) => reassignDeal(session(), { ...seen(card), employeeId: world.people[random.pick(owners)].id }),
  (session, card, random) =>
    editDeal(session(), EditDeal.parse({ ...seen(card), amount: { amountMinor: random.whole(1, 90_000_00), currency: 'RUB' } })),
  (_session, _card, random, world) => world.newDeal(random.pick(owners), { amountMinor: random.whole(1, 5_000_00) }),
]

/** What comes by statements of many rows, such as imports; each in a transaction of its own. */
const statements: readonly RawBuilder<unknown>[] = [
  sql`update deal set type_id = 1 + (type_id % 3) where id % 5 = 0`,
  sql`update deal set amount_minor = amount_minor + 100 where id % 3 = 0`,
  sql`update deal set withdrawn_at = case when withdrawn_at is null then now() end where id % 9 = 0`,
  sql`update deal set counterparty_id = 1 + (id % 3)::int where id % 4 = 0`,
  sql`with made as (insert into deal (title, type_id, owner_id, department_id, amount_minor, currency, status_id, status_since, created_at, changed_at)
      select 'Давнее', 1, 5, 3, 1000 * n, 'RUB', 2, timestamptz '2026-03-09' + n * interval '1 day', timestamptz '2026-03-01' + n * interval '1 day', now()
      from generate_series(1, 6) n returning id, created_at, status_since)
    insert into status_visit (deal_id, status_id, entered_at, left_at, recorded_at, owner_id, department_id, amount_minor, currency, cause)
    select id, 1, created_at, status_since, now(), 5, 3, 1, 'RUB', '{"kind": "import"}'::jsonb from made
    union all select id, 2, status_since, null, now(), 5, 3, 1, 'RUB', '{"kind": "import"}'::jsonb from made`,
  sql`update process_run set template_version_id = template_version_id where is_main`,
]

async function changeDeals(world: World, lane: number): Promise<number> {
  const random = randomStream(lane, 4)
  let changes = 0
  for (let step = 0; step < changesEach; step++) {
    const session = () => world.as('ada')
    const numbers = await selectRows<{ number: number }>(session().em, sql`select number from deal where withdrawn_at is null`)
    const card = await showDeal(session(), { number: random.pick(numbers).number })
    await random
      .pick(verbs)(session, card, random, world)
      .then(
        () => changes++,
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error
        },
      )
    if (random.chance(0.12)) await inOrder(world, random.pick(statements))
  }
  return changes
}

/** Statements over many deals take their turn among themselves, as imports do, and lock the deals in order, before they change them. */
async function inOrder(world: World, statement: RawBuilder<unknown>): Promise<void> {
  await world.as('ada').em.transactional(async (em) => {
    await selectRows(em, sql`select pg_advisory_xact_lock(77)`)
    await selectRows(em, sql`select 1 from deal order by id for update`)
    await selectRows(em, statement)
  })
}

test('whatever is changed at once while the sums are folded and made anew, no sum is wrong afterwards', async () => {
  const world = await createWorld({ deals: true })
  const em = () => world.orm.em.fork()
  await keepCube(em(), world.clock.now())
  let ended = false
  const keeping = (async () => {
    for (let step = 0; !ended; step++) {
      await keepCube(em(), world.clock.now())
      if (step % 12 === 11) await buildCube(em(), world.clock.now())
      await delay(5)
    }
  })()
  const dictionary = (async () => {
    await delay(400)
    await selectRows(em(), sql`update department set parent_id = 5 where id = 6`)
    await delay(400)
    const { version } = (await selectRow<{ version: number }>(em(), sql`select version from status where code = 'negotiation'`))!
    await mergeStatus(world.as('ada'), { code: 'negotiation', version, into: 'proposal' })
    await delay(400)
    await selectRows(em(), sql`update status set shown_in_funnel = false where code = 'qualification'`)
  })()
  const changes = await Promise.all(Array.from({ length: lanes }, (_, lane) => changeDeals(world, lane)))
  await dictionary
  ended = true
  await keeping
  assert.ok(changes.reduce((sum, count) => sum + count, 0) > lanes * changesEach * 0.3, changes.join())
  await settleCube(world.orm, world.clock.now())
  const { findings } = await checkInvariants(em())
  assert.deepEqual(
    findings.filter(({ code }) => code.startsWith('funnel_')),
    [],
  )
  for (const query of [
    {},
    { from: '2026-02-05', to: '2026-11-19' },
    { department: '2' },
    { department: '5', strict: 'true' },
    { employee: '5' },
  ]) {
    const asked = await ask(world.as('eva'), ShowFunnel.parse(query))
    const answers = await Promise.all(routes.map((route) => readSumsBy(route, world.as('eva'), asked)))
    const figures = answers.map((sums) => sums && funnelOfSums(asked.funnelStatuses, sums.own))
    assert.deepEqual(figures, [figures[2], figures[2], figures[2]], JSON.stringify(query))
    assert.ok(figures[2]!.totals.deals > 0)
  }
})
