import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { editCounterparty } from '../../api/usecases/counterparties.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { editEmployee } from '../../api/usecases/people.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { createWorld, type World } from '../support/world.ts'
import { seen, statusOf } from './deal-facts.ts'

/** Each session has a connection of its own, so that two pieces of work really run at once. */
let world: World
before(async () => {
  world = await createWorld()
})

async function codesOf(work: readonly Promise<unknown>[]): Promise<string[]> {
  const outcomes = await Promise.allSettled(work)
  const code = (reason: unknown) => (reason instanceof AppError ? reason.code : String(reason))
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : code(outcome.reason))).sort()
}

test('of two who move a deal at once one wins and the other is told; one visit is open', async () => {
  for (let round = 0; round < 5; round++) {
    const card = await world.newDeal('mira')
    const move = (stage: string) => moveDeal(world.as('mira'), { ...seen(card), stage })
    assert.deepEqual(await codesOf([move('qualification'), move('proposal')]), ['done', 'version_stale'])
    const now = await showDeal(world.as('mira'), card.deal)
    assert.deepEqual([now.deal.version, now.visits.length], [2, 2])
    assert.equal(now.deal.stageCode, statusOf(now))
  }
})

test('eight different changes at once: exactly one is taken, none is lost or half done', async () => {
  const card = await world.newDeal('mira')
  const edit = (title: string) => editDeal(world.as('mira'), EditDeal.parse({ ...seen(card), title }))
  const work: Promise<DealCard>[] = ['а', 'б', 'в', 'г', 'д', 'е'].map(edit)
  work.push(moveDeal(world.as('carl'), { ...seen(card), stage: 'qualification' }))
  work.push(loseDeal(world.as('hugo'), { ...seen(card), status: 'lost', reason: 'нет' }))
  assert.deepEqual(await codesOf(work), ['done', ...Array.from({ length: 7 }, () => 'version_stale')])
})

test('comments at once are all kept', async () => {
  const card = await world.newDeal('mira')
  const texts = Array.from({ length: 6 }, (_, index) => `слово ${index}`)
  await Promise.all(texts.map((text) => commentDeal(world.as('mira'), { number: card.deal.number, text })))
  const { events } = await showHistory(world.as('mira'), card.deal)
  const kept = events.flatMap(({ body }) => (body.kind === 'comment_added' ? [body.text] : []))
  assert.deepEqual(kept.sort(), texts)
})

test('of two who undo the same change at once one does and the other is told', async () => {
  const created = await world.newDeal('mira')
  const card = await moveDeal(world.as('mira'), { ...seen(created), stage: 'qualification' })
  const undo = () => undoChange(world.as('mira'), { ...seen(card), eventId: card.undo!.eventId })
  assert.deepEqual(await codesOf([undo(), undo()]), ['done', 'version_stale'])
})

test('of two who edit a client at once one wins and the other is told', async () => {
  const edit = (phone: string) => editCounterparty(world.as('mira'), { id: 1, version: 1, phone })
  const outcomes = await codesOf([edit('1'), edit('2')])
  assert.ok(outcomes.includes('done'))
  assert.match(outcomes.find((outcome) => outcome !== 'done') ?? '', /version_stale|OptimisticLockError/)
})

test('two administrators who end each other at once do not leave the company without one', async () => {
  const { id } = world.people.max
  await editEmployee(world.as('ada'), { id, version: 1, role: 'admin' })
  const asMax = { ...world.as('max'), actor: { ...world.as('max').actor, role: 'admin' as const } }
  const ended = await codesOf([
    editEmployee(world.as('ada'), { id, version: 2, active: false }),
    editEmployee(asMax, { id: world.people.ada.id, version: 1, active: false }),
  ])
  assert.deepEqual(ended, ['conflict', 'done'])
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
