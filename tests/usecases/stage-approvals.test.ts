import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listApprovals } from '../../api/usecases/approvals/list-approvals.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import type { Name } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'
import { decide, gated, inReview, move, next, world } from './gated-deals.ts'

test('a gate asks for each role: the head decides within his subtree, the director anywhere, the administrator for all', async () => {
  let card = await inReview()
  const waitsFor = async (name: Name) =>
    (await listApprovals(world.as(name))).filter(({ dealNumber }) => dealNumber === card.deal.number).map(({ role }) => role)
  assert.deepEqual(await waitsFor('carl'), ['head'])
  assert.deepEqual(await waitsFor('eva'), ['executive'])
  assert.deepEqual(await waitsFor('hedda'), [])
  assert.deepEqual(await waitsFor('mira'), [])
  await refused(decide('mira', card, true), 'forbidden')
  const forCarl = await showDeal(world.as('carl'), card.deal)
  assert.deepEqual(
    next('carl', forCarl).approvals.map(({ role, approved, canDecide }) => [role, approved, canDecide]),
    [
      ['head', null, true],
      ['executive', null, false],
    ],
  )
  card = await decide('carl', card, true, 'годится')
  assert.deepEqual(await waitsFor('carl'), [])
  assert.deepEqual(
    next('mira', card).missing.map(({ text }) => text),
    ['Нужно согласование: директор.'],
  )
  await refused(move('mira', card, 'done'), 'stage_blocked')
  card = await decide('ada', card, true)
  await refused(move('mira', card, 'done'), 'stage_blocked')
  card = await decide('eva', card, true)
  card = await move('mira', card, 'done')
  assert.deepEqual([card.deal.stageCode, statusOf(card)], ['done', 'payment'])
})

test('a rejection bars the way until the same role decides anew; the newest decision counts', async () => {
  let card = await inReview()
  card = await decide('eva', card, true)
  card = await decide('carl', card, false, 'дорого')
  const [asked] = next('mira', card).approvals
  assert.deepEqual([asked?.approved, asked?.by?.name, asked?.comment], [false, 'Карл Центр', 'дорого'])
  await refused(move('mira', card, 'done'), 'stage_blocked')
  card = await decide('carl', card, true)
  assert.equal((await move('mira', card, 'done')).deal.stageCode, 'done')
})

test('a head outside the deal’s subtree who takes part in it decides nothing', async () => {
  const reviewed = await inReview('sara')
  const card = await setParticipants(world.as('ada'), { ...seen(reviewed), employeeIds: [world.people.carl.id] })
  assert.equal(next('carl', await showDeal(world.as('carl'), card.deal)).approvals[0]?.canDecide, false)
  await refused(decide('carl', card, true), 'forbidden')
})

test('where no decision is asked for none is taken', async () => {
  const card = await gated()
  await refused(decide('ada', card, true), 'approval_not_asked')
})

test('of two who approve at once one does and the other is told', async () => {
  const card = await inReview()
  const outcomes = await Promise.allSettled([decide('carl', card, true), decide('eva', card, true)])
  assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code)).sort(), [
    'done',
    'version_stale',
  ])
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
