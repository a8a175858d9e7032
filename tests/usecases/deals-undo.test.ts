import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Session } from '../../api/session.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { reassignDeal, setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const undo = (name: Name, card: DealCard, eventId = card.undo?.eventId ?? 0) =>
  undoChange(world.as(name), { ...seen(card), eventId })
const move = (name: Name, card: DealCard, stage: string) => moveDeal(world.as(name), { ...seen(card), stage })

/** What an undo must bring back: everything but the version, the time of change and the voided rows. */
function stateOf({ deal, runs, visits }: DealCard) {
  const { version: _version, changedAt: _changedAt, ...fields } = deal
  return { deal: fields, runs, visits: visits.filter((visit) => !visit.voided) }
}

const changes: readonly (readonly [title: string, change: (session: Session, card: DealCard) => Promise<DealCard>])[] = [
  [
    'an edit',
    (session, card) =>
      editDeal(
        session,
        EditDeal.parse({
          ...seen(card),
          title: 'Иначе',
          probabilityPct: 5,
          expectedCloseOn: '2027-01-31',
          counterpartyId: 2,
          amount: { amountMinor: 3, currency: 'RUB' },
        }),
      ),
  ],
  ['a stage with its status', (session, card) => moveDeal(session, { ...seen(card), stage: 'proposal' })],
  ['a status by hand', (session, card) => setStatus(session, { ...seen(card), status: 'payment', reason: 'так', hold: false })],
  ['a held status', (session, card) => setStatus(session, { ...seen(card), status: 'payment', reason: 'так', hold: true })],
  ['a hold alone', (session, card) => setStatus(session, { ...seen(card), status: 'new', reason: 'так', hold: true })],
  ['a loss', (session, card) => loseDeal(session, { ...seen(card), status: 'lost', reason: 'так' })],
  ['a new owner', (session, card) => reassignDeal(session, { ...seen(card), employeeId: world.people.max.id })],
]
for (const [title, change] of changes) {
  test(`undoing ${title} brings back the deal, its process and its visits as they were`, async () => {
    const before = await showDeal(world.as('carl'), (await world.newDeal('mira', { counterpartyId: 1 })).deal)
    world.clock.advance({ minutes: 3 })
    const changed = await change(world.as('carl'), before)
    assert.notDeepEqual(stateOf(changed), stateOf(before))
    world.clock.advance({ minutes: 3 })
    const undone = await undo('carl', changed)
    assert.deepEqual(stateOf(undone), stateOf(before))
    assert.equal(undone.undo, null)
    const { events } = await showHistory(world.as('carl'), before.deal)
    assert.equal(events[0]?.body.kind, 'change_undone')
    assert.ok(events.slice(1, -1).every((event) => event.voided))
  })
}

test('undoing a reopening makes the deal lost again, undoing a lifted hold holds it again', async () => {
  let card = await world.newDeal('mira')
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'дорого' })
  card = await undo('mira', await reopenDeal(world.as('mira'), { ...seen(card), reason: 'а вдруг' }))
  assert.deepEqual([statusOf(card), card.deal.lostReason, card.runs[0]?.state], ['lost', 'дорого', 'cancelled'])
  let held = await world.newDeal('mira')
  held = await setStatus(world.as('mira'), { ...seen(held), status: 'payment', reason: 'так', hold: true })
  held = await undo('mira', await liftHold(world.as('mira'), seen(held)))
  assert.equal(held.deal.statusHeld, true)
})

test('a change is undone until ten minutes have passed, and not from then on', async () => {
  const early = await move('mira', await world.newDeal('mira'), 'qualification')
  const late = await move('mira', await world.newDeal('mira'), 'qualification')
  world.clock.advance({ minutes: 10, ms: -1 })
  assert.equal(statusOf(await undo('mira', early)), 'new')
  world.clock.advance({ ms: 1 })
  assert.equal((await showDeal(world.as('mira'), late.deal)).undo, null)
  await refused(undo('mira', late), 'undo_too_late')
})

test('a change is not undone after another, not twice, and not by another deal’s event', async () => {
  const first = await move('mira', await world.newDeal('mira'), 'qualification')
  const firstEvent = first.undo!.eventId
  const second = await move('mira', first, 'proposal')
  await refused(undo('mira', second, firstEvent), 'undo_changed_since')
  const undone = await undo('mira', second)
  await refused(undo('mira', undone, second.undo!.eventId), 'nothing_to_undo')
  await refused(undo('mira', undone, firstEvent), 'undo_changed_since')
  const other = await move('mira', await world.newDeal('mira'), 'qualification')
  await refused(undo('mira', undone, other.undo!.eventId), 'nothing_to_undo')
  await refused(undo('mira', undone, 999_999), 'nothing_to_undo')
})

test('a change within the same moment as the one before takes only its own facts back', async () => {
  let card = await world.newDeal('mira')
  card = await setStatus(world.as('mira'), { ...seen(card), status: 'payment', reason: 'так', hold: true })
  card = await move('mira', card, 'qualification')
  card = await undo('mira', card)
  assert.deepEqual([statusOf(card), card.deal.statusHeld], ['payment', true])
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(
    events.filter((event) => event.voided).map((event) => event.body.kind),
    ['stage_entered'],
  )
})

test('a comment in between does not stand in the way of an undo', async () => {
  const card = await move('mira', await world.newDeal('mira'), 'qualification')
  await commentDeal(world.as('mira'), { number: card.deal.number, text: 'ой' })
  assert.equal(statusOf(await undo('mira', card)), 'new')
})

test('who takes part and moves the deal takes back a move, but no loss, edit or new owner', async () => {
  let card = await world.newDeal('mira')
  card = await setParticipants(world.as('carl'), { ...seen(card), employeeIds: [world.people.finn.id] })
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'дорого' })
  assert.equal((await showDeal(world.as('finn'), card.deal)).undo, null)
  await refused(undo('finn', card), 'forbidden')
  card = await undo('mira', card)
  card = await editDeal(world.as('mira'), EditDeal.parse({ ...seen(card), title: 'Иначе' }))
  await refused(undo('finn', card), 'forbidden')
  card = await move('mira', card, 'qualification')
  assert.equal(statusOf(await undo('finn', card)), 'new')
})

test('who was given a deal does not give it back by undoing', async () => {
  let card = await world.newDeal('mira')
  card = await reassignDeal(world.as('carl'), { ...seen(card), employeeId: world.people.max.id })
  await refused(undo('max', card), 'forbidden')
})

test('participants, comments and creation cannot be undone', async () => {
  const card = await world.newDeal('mira')
  assert.equal(card.undo, null)
  const changed = await setParticipants(world.as('carl'), { ...seen(card), employeeIds: [world.people.finn.id] })
  assert.equal(changed.undo, null)
  const { events } = await showHistory(world.as('mira'), card.deal)
  for (const event of events) await refused(undo('carl', changed, event.id), 'nothing_to_undo')
})
