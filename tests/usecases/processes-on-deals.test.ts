import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentDealCard } from '../../api/presenters/deals.ts'
import type { Session } from '../../api/session.ts'
import { decideApproval } from '../../api/usecases/approvals/decide-approval.ts'
import { listApprovals } from '../../api/usecases/approvals/list-approvals.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { cancelProcess, startProcess } from '../../api/usecases/deals/further-runs.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { readWays } from '../../api/usecases/deals/read-ways.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { createTask } from '../../api/usecases/tasks/create-task.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import { EditDeal } from '../../shared/schemas/deals.ts'
import { DecideApproval, ListTasks } from '../../shared/schemas/work.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

/**
 * The type `gated`: draft -> work (fields, amount) -> review (tasks; gives two tasks) -> done (approval by a head and a director).
 * Beside it run `delivery` (pack -> send -> handed) and `early` (a status of the lowest rank).
 */
let world: World
const hour = 3_600_000
const titled = (ru: string) => ({ ru, en: `${ru} (en)` })
before(async () => {
  world = await createWorld()
  const main = await insertProcess(world.orm, 'gated', [
    { code: 'draft', status: 'new' },
    {
      code: 'work',
      status: 'proposal',
      to: ['review', 'draft'],
      gates: [
        { kind: 'fields', facts: ['counterparty', 'expectedCloseOn'] },
        { kind: 'amount', fromMinor: 1000_00, toMinor: null },
      ],
      tasks: [
        { title: titled('Позвонить'), assignee: { kind: 'owner' }, dueInHours: 24 },
        { title: titled('Проверить'), assignee: { kind: 'role', role: 'field' }, dueInHours: null },
      ],
    },
    { code: 'review', gates: [{ kind: 'tasks' }] },
    {
      code: 'done',
      status: 'payment',
      gates: [
        { kind: 'approval', role: 'head' },
        { kind: 'approval', role: 'executive' },
      ],
    },
  ])
  const delivery = await insertProcess(world.orm, 'delivery', [
    { code: 'pack', tasks: [{ title: titled('Упаковать'), assignee: { kind: 'owner' }, dueInHours: 1 }] },
    { code: 'send', status: 'payment' },
    { code: 'handed' },
  ])
  const early = await insertProcess(world.orm, 'early', [
    { code: 'first', status: 'new' },
    { code: 'second', status: 'new' },
  ])
  const branched = await insertProcess(world.orm, 'branched', [
    { code: 'start', condition: { fact: 'amount', is: 'atLeast', value: 500_00 } },
    { code: 'large' },
  ])
  await insertType(world.orm, 'branched', branched)
  await insertType(world.orm, 'gated', main, [delivery, early])
})

const view = (name: Name, card: DealCard) => presentDealCard(card, world.as(name))
const run = (card: DealCard, template: string) => {
  const version = card.versions.find((one) => one.templateCode === template)
  return card.runs.filter((one) => one.templateVersionId === version?.id).at(-1)!
}
const next = (name: Name, card: DealCard) => view(name, card).runs[0]!.next[0]!
const move = (name: Name, card: DealCard, stage: string, template = 'gated') =>
  moveDeal(world.as(name), { ...seen(card), stage, run: run(card, template).id })
const gated = (owner: Name = 'mira', amountMinor = 5000_00) =>
  world.newDeal(owner, { type: 'gated', amountMinor, counterpartyId: 1 })
const filled = async (card: DealCard) =>
  editDeal(world.as('ada'), EditDeal.parse({ ...seen(card), expectedCloseOn: '2027-01-31' }))
const tasks = async (name: Name, card: DealCard, state?: 'open' | 'done' | 'cancelled') =>
  (await listTasks(world.as(name), ListTasks.parse({ deal: card.deal.number, ...(state && { state }) }))).rows
const decide = (name: Name, card: DealCard, approved: boolean, comment = '') =>
  decideApproval(
    world.as(name),
    DecideApproval.parse({ ...seen(card), run: run(card, 'gated').id, stage: 'done', approved, comment }),
  )
/** A deal in review, its tasks done. */
async function inReview(owner: Name = 'mira'): Promise<DealCard> {
  let card = await move(owner, await filled(await gated(owner)), 'work')
  for (const task of await tasks('ada', card, 'open'))
    await setTaskState(world.as('ada'), { id: task.id, version: task.version, state: 'done' })
  card = await move(owner, card, 'review')
  return card
}

test('what is missing for the next stage is said before the press, as the press would say it', async () => {
  const card = await gated('mira', 500_00)
  const { missing } = next('mira', card)
  assert.deepEqual(
    missing.map(({ kind, text }) => [kind, text.replaceAll('\u00a0', ' ')]),
    [
      ['fields', 'Заполните: Ожидаемое закрытие.'],
      ['amount', 'Сумма сделки должна быть не меньше 1 000 ₽.'],
    ],
  )
  const error = await refused(move('mira', card, 'work'), 'stage_blocked')
  const said = error.details['requirements'] as readonly { readonly text: string }[]
  assert.deepEqual(
    said.map(({ text }) => text),
    missing.map(({ text }) => text),
  )
})

test('what is missing goes when it is filled in, and the way is open', async () => {
  const card = await filled(await gated())
  assert.deepEqual(next('mira', card).missing, [])
  assert.equal((await move('mira', card, 'work')).deal.stageCode, 'work')
})

test('a card whose stages have neither gates nor conditions reads nothing for them', async () => {
  const card = await world.newDeal('mira')
  const em = new Proxy({} as Session['em'], {
    get() {
      throw new Error('the database was read')
    },
  })
  const ways = await readWays({ ...world.as('mira'), em }, card.deal, card.runs, card.versions)
  assert.ok((ways.get(card.runs[0]!.id)?.length ?? 0) > 0)
})

test('a way whose condition does not hold is not offered', async () => {
  const branched = async (amountMinor: number) => {
    const deal = await world.newDeal('mira', { type: 'branched', amountMinor })
    return view('mira', deal).runs[0]!.next.map(({ code }) => code)
  }
  assert.deepEqual(await branched(100_00), [])
  assert.deepEqual(await branched(900_00), ['large'])
})

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
