import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { reassignDeal, setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { CreateDeal, EditDeal } from '../../shared/schemas/deals.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const move = (name: Name, card: DealCard, stage: string) => moveDeal(world.as(name), { ...seen(card), stage })
const setByHand = (name: Name, card: DealCard, status: string, hold = false) =>
  setStatus(world.as(name), { ...seen(card), status, reason: 'так решили', hold })

test('a new deal begins at the first stage of its type and in the status of that stage', async () => {
  const input = CreateDeal.parse({ title: 'Линия', type: 'service', amount: { amountMinor: 5_000_00, currency: 'RUB' } })
  const card = await createDeal(world.as('mira'), input)
  assert.equal(statusOf(card), 'new')
  assert.equal(card.deal.stageCode, 'request')
  assert.equal(card.deal.ownerId, world.people.mira.id)
  assert.equal(card.deal.departmentId, world.people.mira.departmentId)
  assert.deepEqual(
    card.visits.map((visit) => [visit.cause.kind, visit.leftAt, visit.amountMinor]),
    [['creation', null, 5_000_00]],
  )
})

test('a support contract begins where its own process begins, not at the bottom of the ladder', async () => {
  assert.equal(statusOf(await world.newDeal('mira', { type: 'support_contract' })), 'proposal')
})

test('a new deal is refused with a foreign currency, an unknown type, client, contact or owner, or by one who creates none', async () => {
  const good = { title: 'Линия', type: 'service', amount: { amountMinor: 1, currency: 'RUB' } }
  const create = (name: Name, more: object) => createDeal(world.as(name), CreateDeal.parse({ ...good, ...more }))
  await refused(create('mira', { amount: { amountMinor: 1, currency: 'XYZ' } }), 'currency_unknown')
  await refused(create('mira', { type: 'nonsense' }), 'not_found')
  await refused(create('mira', { counterpartyId: 999 }), 'not_found')
  await refused(create('mira', { counterpartyId: 1, contactId: 999 }), 'not_found')
  await refused(create('mira', { contactId: 1 }), 'not_found')
  await refused(create('ada', { ownerId: 999 }), 'not_found')
  await refused(create('ada', { ownerId: world.people.gena.id }), 'employee_inactive')
  await refused(create('mira', { ownerId: world.people.max.id }), 'forbidden')
  await refused(create('carl', { ownerId: world.people.sara.id }), 'reassign_outside')
  await refused(create('finn', {}), 'forbidden')
  await refused(create('eva', {}), 'forbidden')
})

test('a head creates a deal for one of his subtree, and the deal stands in that department', async () => {
  const amount = { amountMinor: 1, currency: 'RUB' }
  const input = CreateDeal.parse({ title: 'Север', type: 'project', amount, ownerId: world.people.nina.id })
  const card = await createDeal(world.as('carl'), input)
  assert.equal(card.deal.departmentId, world.people.nina.departmentId)
})

test('an edit changes what it names, leaves the rest, records before and after, and resets no clock', async () => {
  const card = await world.newDeal('mira', { counterpartyId: 1 })
  world.clock.advance({ minutes: 5 })
  const input = EditDeal.parse({ ...seen(card), title: ' Новое имя ', amount: { amountMinor: 777, currency: 'RUB' } })
  const edited = await editDeal(world.as('mira'), input)
  assert.equal(edited.deal.title, 'Новое имя')
  assert.equal(edited.deal.counterpartyId, 1)
  assert.deepEqual(edited.deal.statusSince, card.deal.statusSince)
  assert.equal(edited.deal.version, card.deal.version + 1)
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(events[0]?.body, {
    kind: 'deal_edited',
    changes: [
      { field: 'title', before: 'Сделка mira', after: 'Новое имя' },
      { field: 'amountMinor', before: 100_00, after: 777 },
    ],
  })
  assert.equal(edited.visits[0]?.amountMinor, 100_00)
})

test('an edit that changes nothing records nothing', async () => {
  const card = await world.newDeal('mira')
  const same = await editDeal(world.as('mira'), EditDeal.parse({ ...seen(card), title: card.deal.title }))
  assert.equal(same.deal.version, card.deal.version)
  assert.equal((await showHistory(world.as('mira'), card.deal)).events.length, 1)
})

test('naming the same client again in an edit keeps the contact', async () => {
  const { addContact } = await import('../../api/usecases/counterparties.ts')
  const { contacts } = await addContact(world.as('mira'), { id: 1, name: 'Контактное лицо' })
  const card = await world.newDeal('mira')
  const withContact = EditDeal.parse({ ...seen(card), counterpartyId: 1, contactId: contacts[0]!.id })
  const before = await editDeal(world.as('mira'), withContact)
  assert.equal(before.deal.contactId, contacts[0]!.id)
  const after = await editDeal(world.as('mira'), EditDeal.parse({ ...seen(before), counterpartyId: 1, title: 'Та же' }))
  assert.equal(after.deal.contactId, contacts[0]!.id)
  const moved = await editDeal(world.as('mira'), EditDeal.parse({ ...seen(after), counterpartyId: 2 }))
  assert.equal(moved.deal.contactId, null)
})

test('entering a stage sets its status with the stage as cause; the visits follow one another', async () => {
  const card = await world.newDeal('mira')
  world.clock.advance({ minutes: 30 })
  const moved = await move('mira', card, 'qualification')
  assert.equal(statusOf(moved), 'qualification')
  assert.equal(moved.deal.stageCode, 'qualification')
  const [open, left] = moved.visits
  assert.equal(open?.cause.kind, 'stage')
  assert.deepEqual(left?.leftAt, open?.enteredAt)
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(events.map((event) => event.body.kind).sort(), ['deal_created', 'stage_entered', 'status_changed'])
})

test('a stage without a way to it is refused with every unmet requirement, and nothing changes', async () => {
  const card = await world.newDeal('mira')
  const error = await refused(move('mira', card, 'warranty'), 'stage_blocked')
  assert.deepEqual(error.details['requirements'], [
    { kind: 'no_way', from: 'request', to: 'warranty', text: 'С нынешнего этапа туда нет перехода.' },
  ])
  const now = await showDeal(world.as('mira'), card.deal)
  assert.deepEqual([now.deal.version, now.deal.stageCode, now.visits.length], [card.deal.version, 'request', 1])
  await refused(move('mira', card, 'no-such-stage'), 'not_found')
})

test('the last stage finishes the run; going back starts it again', async () => {
  let card = await world.newDeal('mira', { type: 'support_contract' })
  for (const stage of ['contract', 'payment', 'support']) card = await move('mira', card, stage)
  assert.equal(card.runs[0]?.state, 'finished')
  card = await move('mira', card, 'payment')
  assert.equal(card.runs[0]?.state, 'running')
})

test('a held status is left alone by the rule until the hold is lifted; then the next event moves it', async () => {
  let card = await world.newDeal('mira')
  card = await setByHand('mira', card, 'negotiation', true)
  card = await move('mira', card, 'qualification')
  assert.deepEqual([statusOf(card), card.deal.stageCode, card.deal.statusHeld], ['negotiation', 'qualification', true])
  card = await liftHold(world.as('mira'), seen(card))
  assert.deepEqual([statusOf(card), card.deal.statusHeld], ['negotiation', false])
  card = await move('mira', card, 'proposal')
  assert.equal(statusOf(card), 'proposal')
})

test('a status set by hand and not held follows the next stage', async () => {
  let card = await setByHand('mira', await world.newDeal('mira'), 'negotiation')
  assert.equal(card.visits[0]?.cause.kind, 'user')
  card = await move('mira', card, 'qualification')
  assert.equal(statusOf(card), 'qualification')
})

test('the same status with a hold only holds it; without one, or held already, it is refused', async () => {
  const card = await world.newDeal('mira')
  await refused(setByHand('mira', card, 'new'), 'status_unchanged')
  const held = await setByHand('mira', card, 'new', true)
  assert.deepEqual([held.deal.statusHeld, held.visits.length], [true, 1])
  await refused(setByHand('mira', held, 'new', true), 'status_unchanged')
  await refused(liftHold(world.as('mira'), seen(card)), 'version_stale')
})

test('a hold that is not there cannot be lifted, a lost or unknown status cannot be set by hand', async () => {
  const card = await world.newDeal('mira')
  await refused(liftHold(world.as('mira'), seen(card)), 'hold_not_set')
  await refused(setByHand('mira', card, 'lost'), 'input_invalid')
  await refused(setByHand('mira', card, 'nonsense'), 'not_found')
})

test('a lost deal keeps its reason, stops its process and takes no move, status or second loss', async () => {
  let card = await world.newDeal('mira')
  card = await setByHand('mira', card, 'proposal', true)
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'declined', reason: 'далеко' })
  assert.deepEqual([statusOf(card), card.deal.lostReason, card.runs[0]?.state], ['declined', 'далеко', 'cancelled'])
  assert.equal(card.deal.statusHeld, false)
  await refused(move('mira', card, 'qualification'), 'deal_lost')
  await refused(setByHand('mira', card, 'new'), 'deal_lost')
  await refused(loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'ещё раз' }), 'deal_lost')
})

test('a loss needs a lost status', async () => {
  const card = await world.newDeal('mira')
  await refused(loseDeal(world.as('mira'), { ...seen(card), status: 'new', reason: 'нет' }), 'not_a_lost_status')
})

test('a reopened deal goes on in the status it was lost from; one that is not lost is not reopened', async () => {
  let card = await move('mira', await world.newDeal('mira'), 'qualification')
  await refused(reopenDeal(world.as('mira'), { ...seen(card), reason: 'зря' }), 'deal_not_lost')
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'дорого' })
  card = await reopenDeal(world.as('mira'), { ...seen(card), reason: 'передумали' })
  assert.deepEqual([statusOf(card), card.deal.lostReason, card.runs[0]?.state], ['qualification', null, 'running'])
})

test('a deal given to another goes to his department, past visits keep theirs', async () => {
  const card = await world.newDeal('mira')
  const given = await reassignDeal(world.as('hugo'), { ...seen(card), employeeId: world.people.sara.id })
  assert.deepEqual([given.deal.ownerId, given.deal.departmentId], [world.people.sara.id, world.people.sara.departmentId])
  assert.equal(given.visits[0]?.ownerId, world.people.mira.id)
  await refused(showDeal(world.as('mira'), card.deal), 'not_found')
})

test('a deal is given to nobody who has left, to nobody unknown, and by a head to nobody outside his subtree', async () => {
  const card = await world.newDeal('mira')
  const give = (name: Name, employeeId: number) => reassignDeal(world.as(name), { ...seen(card), employeeId })
  await refused(give('carl', world.people.gena.id), 'employee_inactive')
  await refused(give('carl', 999), 'not_found')
  await refused(give('carl', world.people.sara.id), 'reassign_outside')
  await refused(give('mira', world.people.max.id), 'forbidden')
  assert.equal((await give('carl', world.people.mira.id)).deal.version, card.deal.version)
})

test('who takes part sees the deal, who takes part no more does not', async () => {
  let card = await world.newDeal('mira')
  await refused(showDeal(world.as('finn'), card.deal), 'not_found')
  const set = (employeeIds: number[]) => setParticipants(world.as('carl'), { ...seen(card), employeeIds })
  card = await set([world.people.finn.id, world.people.sara.id, world.people.finn.id])
  assert.deepEqual(card.deal.participants.map((one) => one.name).sort(), ['Сара Юг', 'Финн Сервис'])
  assert.equal((await showDeal(world.as('finn'), card.deal)).deal.number, card.deal.number)
  await refused(set([world.people.gena.id]), 'employee_inactive')
  await refused(set([999]), 'not_found')
  card = await set([])
  await refused(showDeal(world.as('finn'), card.deal), 'not_found')
})

test('a comment stands in the history, changes no version and resets no clock', async () => {
  const card = await world.newDeal('mira')
  world.clock.advance({ minutes: 1 })
  const commented = await commentDeal(world.as('mira'), { number: card.deal.number, text: 'позвонить' })
  assert.deepEqual([commented.deal.version, commented.deal.changedAt], [card.deal.version, card.deal.changedAt])
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(events[0]?.body, { kind: 'comment_added', text: 'позвонить' })
})

test('every change makes a new version, also two within one moment', async () => {
  let card = await world.newDeal('mira')
  const versions = [card.deal.version]
  card = await setByHand('mira', card, 'proposal', true)
  versions.push(card.deal.version)
  card = await move('mira', card, 'qualification')
  versions.push(card.deal.version)
  card = await setParticipants(world.as('carl'), { ...seen(card), employeeIds: [world.people.max.id] })
  versions.push(card.deal.version)
  assert.deepEqual(versions, [1, 2, 3, 4])
})

test('a change made on an old version is refused with the present state, and changes nothing', async () => {
  const card = await world.newDeal('mira')
  await move('mira', card, 'qualification')
  const error = await refused(move('mira', card, 'proposal'), 'version_stale')
  const current = error.details['current'] as DealCard
  assert.deepEqual([current.deal.version, current.deal.stageCode], [card.deal.version + 1, 'qualification'])
  await refused(editDeal(world.as('mira'), EditDeal.parse({ ...seen(card), title: 'поверх' })), 'version_stale')
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
