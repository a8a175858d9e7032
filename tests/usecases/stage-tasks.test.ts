import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import { ListTasks } from '../../shared/schemas/work.ts'
import type { Name } from '../support/world.ts'
import { refused, seen } from './deal-facts.ts'
import { filled, gated, hour, move, next, tasks, world } from './gated-deals.ts'

test('a stage gives its tasks: to whom, until when, in the company’s language; who did not see the deal takes part in it', async () => {
  const card = await move('mira', await filled(await gated()), 'work')
  const given = await tasks('mira', card)
  assert.deepEqual(
    given.map(({ title, assigneeName, origin, dueAt }) => [title, assigneeName, origin, dueAt?.getTime() ?? null]),
    [
      ['Позвонить', 'Мира Центр', 'stage', world.clock.now().getTime() + 24 * hour],
      ['Проверить', 'Финн Сервис', 'stage', null],
    ],
  )
  assert.deepEqual(
    card.deal.participants.map(({ name }) => name),
    ['Финн Сервис'],
  )
  assert.equal((await tasks('finn', card)).length, 2)
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.equal(events.filter((event) => event.body.kind === 'task_created').length, 2)
})

test('an undone move cancels the tasks that the stage gave; gone again, they are given anew', async () => {
  let card = await move('mira', await filled(await gated()), 'work')
  card = await undoChange(world.as('mira'), { ...seen(card), eventId: card.undo!.eventId })
  assert.deepEqual(
    (await tasks('mira', card)).map(({ state }) => state),
    ['cancelled', 'cancelled'],
  )
  card = await move('mira', card, 'work')
  assert.equal((await tasks('mira', card, 'open')).length, 2)
})

test('a task that is open from an earlier stay is not given twice', async () => {
  let card = await move('mira', await filled(await gated()), 'work')
  const [first] = await tasks('mira', card, 'open')
  await setTaskState(world.as('mira'), { id: first!.id, version: 1, state: 'done' })
  card = await move('mira', await move('mira', card, 'draft'), 'work')
  assert.deepEqual(
    (await tasks('mira', card, 'open')).map(({ title }) => title),
    ['Позвонить', 'Проверить'],
  )
})

test('open tasks bar the next stage until they are done', async () => {
  const card = await move('mira', await filled(await gated()), 'work')
  assert.deepEqual(
    next('mira', card).missing.map(({ kind }) => kind),
    ['tasks'],
  )
  await refused(move('mira', card, 'review'), 'stage_blocked')
  for (const task of await tasks('mira', card))
    await setTaskState(world.as('mira'), { id: task.id, version: task.version, state: 'done' })
  const now = await showDeal(world.as('mira'), card.deal)
  assert.deepEqual(next('mira', now).missing, [])
  assert.equal((await move('mira', now, 'review')).deal.stageCode, 'review')
})

test('a task is closed by the one whose it is, the deal’s owner, a head of the subtree or an administrator; by nobody else', async () => {
  const may = async (name: Name): Promise<boolean> => {
    let card = await world.newDeal('mira', { type: 'gated' })
    card = await setParticipants(world.as('ada'), { ...seen(card), employeeIds: [world.people.finn.id, world.people.max.id] })
    const task = await createTask(world.as('mira'), { number: card.deal.number, title: 'Дело', assigneeId: world.people.finn.id })
    const work = setTaskState(world.as(name), { id: task.id, version: task.version, state: 'cancelled' })
    return work.then(
      () => true,
      (error) => {
        assert.ok(['forbidden', 'not_found'].includes(error.code), error)
        return false
      },
    )
  }
  const answers = await Promise.all((['finn', 'mira', 'carl', 'hugo', 'ada', 'max', 'eva', 'sara', 'hedda'] as const).map(may))
  assert.deepEqual(answers, [true, true, true, true, true, false, false, false, false])
})

test('a closed task is taken back within ten minutes, and its fact is voided', async () => {
  const card = await world.newDeal('mira', { type: 'gated' })
  const task = await createTask(world.as('mira'), { number: card.deal.number, title: 'Дело' })
  const done = await setTaskState(world.as('mira'), { id: task.id, version: task.version, state: 'done' })
  assert.deepEqual([done.state, done.closedByName], ['done', 'Мира Центр'])
  await refused(setTaskState(world.as('mira'), { id: task.id, version: done.version, state: 'done' }), 'task_not_open')
  await refused(setTaskState(world.as('mira'), { id: task.id, version: task.version, state: 'open' }), 'version_stale')
  const open = await setTaskState(world.as('mira'), { id: task.id, version: done.version, state: 'open' })
  assert.deepEqual([open.state, open.closedAt], ['open', null])
  const { events } = await showHistory(world.as('mira'), card.deal)
  assert.deepEqual(
    events.filter(({ body }) => body.kind === 'task_closed').map(({ voided }) => voided),
    [true],
  )
  const again = await setTaskState(world.as('mira'), { id: task.id, version: open.version, state: 'done' })
  world.clock.advance({ minutes: 10 })
  await refused(setTaskState(world.as('mira'), { id: task.id, version: again.version, state: 'open' }), 'undo_too_late')
})

test('of two who close a task at once one does and the other is told', async () => {
  const card = await world.newDeal('mira', { type: 'gated' })
  const task = await createTask(world.as('mira'), { number: card.deal.number, title: 'Дело' })
  const close = (name: Name) => setTaskState(world.as(name), { id: task.id, version: task.version, state: 'done' })
  const outcomes = await Promise.allSettled([close('mira'), close('carl')])
  assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'done' : outcome.reason.code)).sort(), [
    'done',
    'version_stale',
  ])
})

test('who only takes part gives tasks to those who see the deal; the owner may draw others in', async () => {
  let card = await world.newDeal('mira', { type: 'gated' })
  card = await setParticipants(world.as('ada'), { ...seen(card), employeeIds: [world.people.finn.id] })
  const give = (name: Name, to: Name) =>
    createTask(world.as(name), { number: card.deal.number, title: 'Дело', assigneeId: world.people[to].id })
  assert.equal((await give('finn', 'mira')).assigneeName, 'Мира Центр')
  await refused(give('finn', 'sara'), 'forbidden')
  await refused(give('mira', 'gena'), 'employee_inactive')
  assert.equal((await give('mira', 'sara')).assigneeName, 'Сара Юг')
  assert.equal((await tasks('sara', card)).length, 2)
})

test('tasks are those of deals that one sees; mine are those given to me, due soonest first', async () => {
  const other = await world.newDeal('nina', { type: 'gated' })
  const card = await world.newDeal('max', { type: 'gated' })
  const give = (title: string, dueAt: string | null) => createTask(world.as('max'), { number: card.deal.number, title, dueAt })
  await give('Когда-нибудь', null)
  await give('Потом', '2030-05-02T00:00:00Z')
  await give('Раньше', '2030-05-01T00:00:00Z')
  await createTask(world.as('nina'), { number: other.deal.number, title: 'Чужое' })
  const mine = await listTasks(world.as('max'), ListTasks.parse({ mine: '1', state: 'open' }))
  assert.deepEqual(
    mine.rows.map(({ title }) => title),
    ['Раньше', 'Потом', 'Когда-нибудь'],
  )
  assert.equal(mine.total, 3)
  assert.equal((await listTasks(world.as('max'), ListTasks.parse({ deal: String(other.deal.number) }))).total, 0)
  const page = await listTasks(world.as('max'), ListTasks.parse({ mine: '1', limit: '2' }))
  assert.deepEqual([page.rows.length, page.total], [2, 3])
})

test('a lost deal’s process takes its tasks along, and gives them back when the loss is undone; those given by hand stay', async () => {
  let card = await move('mira', await filled(await gated()), 'work')
  await createTask(world.as('mira'), { number: card.deal.number, title: 'Рукой' })
  card = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'дорого' })
  assert.deepEqual(
    (await tasks('mira', card, 'open')).map(({ title }) => title),
    ['Рукой'],
  )
  card = await undoChange(world.as('mira'), { ...seen(card), eventId: card.undo!.eventId })
  assert.equal((await tasks('mira', card, 'open')).length, 3)
})

test('all of it left every invariant whole', async () => {
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})
