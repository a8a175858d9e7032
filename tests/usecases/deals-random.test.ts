import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import type { Session } from '../../api/session.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { reassignDeal, setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { seen } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const statuses = ['new', 'qualification', 'proposal', 'negotiation', 'contract', 'payment', 'delivery', 'support']
const owners: readonly Name[] = ['mira', 'max', 'nina', 'carl']

type Verb = (session: Session, card: DealCard) => Promise<DealCard>
const ofStatus = fc.constantFrom(...statuses)
const verbs: fc.Arbitrary<Verb> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.nat(2).map(
      (way): Verb =>
        (session, card) =>
          moveDeal(session, { ...seen(card), stage: wayOf(card, way) }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(ofStatus, fc.boolean()).map(
      ([status, hold]): Verb =>
        (session, card) =>
          setStatus(session, { ...seen(card), status, hold, reason: 'так' }),
    ),
  },
  fc.constant<Verb>((session, card) => liftHold(session, seen(card))),
  fc.constantFrom('lost', 'declined').map(
    (status): Verb =>
      (session, card) =>
        loseDeal(session, { ...seen(card), status, reason: 'так' }),
  ),
  { weight: 2, arbitrary: fc.constant<Verb>((session, card) => reopenDeal(session, { ...seen(card), reason: 'так' })) },
  fc.constantFrom(...owners).map(
    (name): Verb =>
      (session, card) =>
        reassignDeal(session, { ...seen(card), employeeId: world.people[name].id }),
  ),
  fc.subarray([6, 8, 9]).map(
    (employeeIds): Verb =>
      (session, card) =>
        setParticipants(session, { ...seen(card), employeeIds }),
  ),
  fc.nat(1000).map(
    (amountMinor): Verb =>
      (session, card) =>
        editDeal(session, EditDeal.parse({ ...seen(card), amount: { amountMinor, currency: 'RUB' } })),
  ),
  fc.constant<Verb>((session, card) => commentDeal(session, { number: card.deal.number, text: 'слово' })),
  {
    weight: 2,
    arbitrary: fc.constant<Verb>((session, card) => undoChange(session, { ...seen(card), eventId: card.undo?.eventId ?? 0 })),
  },
)
const steps = fc.array(fc.record({ verb: verbs, minutes: fc.constantFrom(0, 0, 1, 3, 11, 3000) }), {
  minLength: 10,
  maxLength: 18,
})

/** One of the stages that may follow; one that does not exist where none may. */
function wayOf(card: DealCard, way: number): string {
  const run = card.runs.find((candidate) => candidate.isMain)
  const stages = card.versions.find((version) => version.id === run?.templateVersionId)?.stages ?? []
  const next = stages.find((stage) => stage.id === run?.stageId)?.ways ?? []
  return stages.find((stage) => stage.id === next[way % Math.max(1, next.length)]?.to)?.code ?? 'none'
}

/** Every figure of the funnel, by cohort, by snapshot and by flow, as the head of the department sees it. */
async function figures(number: number): Promise<unknown> {
  const shown = async (basis: string) => {
    const funnel = await showFunnel(world.as('carl'), ShowFunnel.parse({ basis }))
    if (funnel.basis === 'cohort') return [funnel.funnel, [...funnel.stays.times].sort(([a], [b]) => a - b)]
    return funnel.basis === 'flow' ? [funnel.flow, funnel.totals] : funnel.snapshot
  }
  return [
    await shown('cohort'),
    await shown('snapshot'),
    await shown('flow'),
    (await showDeal(world.as('carl'), { number })).deal.statusSince,
  ]
}

/** Does one step; a refusal is fine and must change nothing. @returns the card after it */
async function perform(verb: Verb, card: DealCard): Promise<DealCard> {
  try {
    return await verb(world.as('carl'), card)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const now = await showDeal(world.as('carl'), card.deal)
    assert.equal(now.deal.version, card.deal.version)
    return now
  }
}

test('whatever is done to a deal, in whatever order, every invariant holds and its visits tell one story', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom('product_sale', 'service', 'project', 'support_contract'), async (plan, type) => {
      let card = await world.newDeal('mira', { type })
      for (const { verb, minutes } of plan) {
        world.clock.advance({ minutes })
        card = await perform(verb, await showDeal(world.as('carl'), card.deal))
      }
      const kept = card.visits.filter((visit) => !visit.voided)
      assert.equal(kept.filter((visit) => visit.leftAt === null).length, 1)
      assert.equal(kept.find((visit) => visit.leftAt === null)?.statusId, card.deal.statusId)
      const { findings } = await checkInvariants(world.orm.em.fork())
      assert.deepEqual(findings, [])
    }),
    { numRuns: 40 },
  )
})

test('undoing a change brings back every figure of the funnel', async () => {
  let undone = 0
  await fc.assert(
    fc.asyncProperty(steps, async (plan) => {
      let card = await world.newDeal('mira')
      for (const { verb, minutes } of plan.slice(0, 6)) {
        world.clock.advance({ minutes })
        card = await perform(verb, await showDeal(world.as('carl'), card.deal))
        if (verb === plan.at(-1)!.verb) continue
        const before = await figures(card.deal.number)
        const after = await perform(plan.at(-1)!.verb, card)
        if (after.undo === null || after.deal.version === card.deal.version) continue
        card = await undoChange(world.as('carl'), { ...seen(after), eventId: after.undo.eventId })
        assert.deepEqual(await figures(card.deal.number), before)
        undone++
      }
    }),
    { numRuns: 12 },
  )
  assert.ok(undone > 5, `${undone} undone`)
})

test('going back and entering again, or being lost and reopened, never counts a deal twice', async () => {
  const { orm } = world
  await selectRows(orm.em.fork(), sql`update deal set withdrawn_at = now()`)
  let card = await world.newDeal('mira')
  const ways = ['qualification', 'proposal', 'qualification', 'request', 'qualification', 'proposal', 'negotiation', 'proposal']
  for (const stage of ways) {
    world.clock.advance({ minutes: 60 })
    card = await moveDeal(world.as('mira'), { ...seen(card), stage })
  }
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'так' })
  card = await reopenDeal(world.as('mira'), { ...seen(card), reason: 'так' })
  const shown = await showFunnel(world.as('carl'), ShowFunnel.parse({}))
  assert.equal(shown.basis, 'cohort')
  const figuresOf = shown.funnel.layers.map(({ status, reached, passed, lost, open, finished }) => [
    status.code,
    reached,
    passed,
    lost,
    open,
    finished,
  ])
  assert.deepEqual(figuresOf.slice(0, 5), [
    ['new', 1, 1, 0, 0, 0],
    ['qualification', 1, 1, 0, 0, 0],
    ['proposal', 1, 1, 0, 0, 0],
    ['negotiation', 1, 0, 0, 1, 0],
    ['contract', 0, 0, 0, 0, 0],
  ])
  assert.deepEqual([shown.funnel.totals.deals, shown.funnel.totals.lost], [1, 0])
})
