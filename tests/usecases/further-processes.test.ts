import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { cancelProcess, startProcess } from '../../api/usecases/deals/further-runs.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { refused, seen, statusOf } from './deal-facts.ts'
import { filled, gated, move, run, tasks, view, world } from './gated-deals.ts'

test('a further process starts at its first stage, gives its tasks, and moves by itself', async () => {
  let card = await gated()
  assert.deepEqual(
    view('mira', card).startable.map(({ code }) => code),
    ['delivery', 'early'],
  )
  card = await startProcess(world.as('mira'), { ...seen(card), template: 'delivery' })
  assert.deepEqual(
    view('mira', card).startable.map(({ code }) => code),
    ['early'],
  )
  assert.deepEqual(
    view('mira', card).runs.map(({ name, isMain, state }) => [name, isMain, state]),
    [
      ['Процесс gated', true, 'running'],
      ['Процесс delivery', false, 'running'],
    ],
  )
  assert.deepEqual(
    (await tasks('mira', card)).map(({ title }) => title),
    ['Упаковать'],
  )
  await refused(startProcess(world.as('mira'), { ...seen(card), template: 'delivery' }), 'process_running')
  await refused(startProcess(world.as('mira'), { ...seen(card), template: 'product_sale' }), 'not_found')
  card = await move('mira', card, 'send', 'delivery')
  assert.deepEqual([card.deal.stageCode, statusOf(card)], ['draft', 'payment'])
  card = await move('mira', card, 'handed', 'delivery')
  assert.equal(run(card, 'delivery').state, 'finished')
  assert.equal((await tasks('mira', card, 'open')).length, 0)
  card = await startProcess(world.as('mira'), { ...seen(card), template: 'delivery' })
  assert.equal(card.runs.length, 3)
})

test('a further process never takes the deal back; of the main one the latest event wins', async () => {
  let card = await filled(await gated())
  card = await startProcess(world.as('mira'), { ...seen(card), template: 'delivery' })
  card = await move('mira', card, 'send', 'delivery')
  assert.equal(statusOf(card), 'payment')
  card = await startProcess(world.as('mira'), { ...seen(card), template: 'early' })
  card = await move('mira', card, 'second', 'early')
  assert.equal(statusOf(card), 'payment')
  card = await move('mira', card, 'work')
  assert.equal(statusOf(card), 'proposal')
})

test('a started process is undone: it is cancelled with its tasks and its fact is voided', async () => {
  let card = await startProcess(world.as('mira'), { ...seen(await gated()), template: 'delivery' })
  card = await undoChange(world.as('mira'), { ...seen(card), eventId: card.undo!.eventId })
  assert.equal(run(card, 'delivery').state, 'cancelled')
  assert.deepEqual(
    (await tasks('mira', card)).map(({ state }) => state),
    ['cancelled'],
  )
  assert.equal((await startProcess(world.as('mira'), { ...seen(card), template: 'delivery' })).runs.length, 3)
})

test('a cancelled process stops with its tasks, moves no more, and comes back by an undo', async () => {
  let card = await startProcess(world.as('mira'), { ...seen(await gated()), template: 'delivery' })
  const { id } = run(card, 'delivery')
  card = await cancelProcess(world.as('mira'), { ...seen(card), run: id, reason: 'сами заберут' })
  assert.equal(run(card, 'delivery').state, 'cancelled')
  assert.equal((await tasks('mira', card, 'open')).length, 0)
  await refused(move('mira', card, 'send', 'delivery'), 'process_not_running')
  await refused(cancelProcess(world.as('mira'), { ...seen(card), run: id, reason: 'ещё раз' }), 'process_not_running')
  card = await undoChange(world.as('mira'), { ...seen(card), eventId: card.undo!.eventId })
  assert.equal(run(card, 'delivery').state, 'running')
  assert.equal((await tasks('mira', card, 'open')).length, 1)
  await refused(cancelProcess(world.as('mira'), { ...seen(card), run: run(card, 'gated').id, reason: 'нет' }), 'not_found')
})

test('of two who start the same process at once one does and the other is told', async () => {
  const card = await gated()
  const start = () => startProcess(world.as('mira'), { ...seen(card), template: 'delivery' })
  const outcomes = await Promise.allSettled([start(), start()])
  assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code)).sort(), [
    'done',
    'version_stale',
  ])
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
