import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, test } from 'node:test'
import { sendWebhook } from '../../api/jobs/send-webhook.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { hearTime } from '../../api/usecases/rules/hear-time.ts'
import { retryFirings } from '../../api/usecases/rules/retry-firings.ts'
import { Status } from '../../db/entities/process.ts'
import { RuleFiring, StatusRuleEntity } from '../../db/entities/rules.ts'
import { DealTask } from '../../db/entities/work.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { maxChain, type RuleAction, type StatusRule } from '../../shared/domain/status-rules.ts'
import { createWorld, type Name, type World } from '../support/world.ts'
import { seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const everything = { all: [] } as const
const set = (status: string): RuleAction => ({ kind: 'set_status', status })
let count = 0

/** Puts rules in force, in this order, and takes all earlier ones out of it. */
async function rulesAre(...rules: readonly (Pick<StatusRule, 'trigger' | 'actions'> & Partial<StatusRule>)[]): Promise<number[]> {
  const em = world.orm.em.fork()
  await selectRows(em, sql`update status_rule set is_active = false`)
  const made = rules.map((rule, position) => {
    const { trigger, actions, dealTypes = [], condition = everything, forwardOnly = false } = rule
    const name = `Правило ${++count}`
    return em.create(StatusRuleEntity, {
      code: `rule-${count}`,
      nameRu: name,
      nameEn: `Rule ${count}`,
      position,
      dealTypes,
      triggerKind: trigger.kind,
      trigger,
      condition,
      forwardOnly,
      actions,
    })
  })
  await em.flush()
  return made.map((rule) => rule.id)
}

const move = (card: DealCard, stage: string, name: Name = 'mira') => moveDeal(world.as(name), { ...seen(card), stage })
const firingsOf = (card: DealCard) => world.orm.em.fork().find(RuleFiring, { deal: card.deal.id }, { orderBy: { id: 'asc' } })
const kindsOf = async (card: DealCard) => {
  const { events } = await showHistory(world.as('ada'), card.deal)
  return events.filter((event) => !event.voided).map((event) => event.body.kind)
}
const toQualification = { kind: 'stage_entered', stage: 'qualification' } as const

test('a matching rule goes before the built-in one, and the visit, the history and the firing say which and why', async () => {
  const [id] = await rulesAre({
    trigger: toQualification,
    condition: { all: [{ fact: 'amount', is: 'atLeast', value: 100_00 }] },
    actions: [set('negotiation')],
  })
  const card = await move(await world.newDeal('mira', { amountMinor: 100_00 }), 'qualification')
  assert.equal(statusOf(card), 'negotiation')
  const cause = card.visits[0]!.cause
  assert.ok(cause.kind === 'rule' && cause.rule.id === id)
  assert.equal(card.visits.length, 2, 'no stay in the status of the stage')
  const [firing] = await firingsOf(card)
  assert.deepEqual(
    [firing!.event, firing!.seen],
    [{ kind: 'stage_entered', template: 'product_sale', stage: 'qualification' }, { amount: 100_00 }],
  )
  assert.deepEqual(firing!.outcomes, [{ action: 'set_status', outcome: 'done' }])
  assert.deepEqual((await kindsOf(card)).sort(), ['deal_created', 'rule_fired', 'stage_entered', 'status_changed'])
})

test('where no rule matches the built-in one sets the status', async () => {
  await rulesAre(
    {
      trigger: toQualification,
      condition: { all: [{ fact: 'amount', is: 'atLeast', value: 500_00 }] },
      actions: [set('negotiation')],
    },
    { trigger: toQualification, dealTypes: ['service'], actions: [set('negotiation')] },
    { trigger: { kind: 'stage_entered', stage: 'proposal' }, actions: [set('negotiation')] },
  )
  const card = await move(await world.newDeal('mira', { amountMinor: 100_00 }), 'qualification')
  assert.deepEqual([statusOf(card), (await firingsOf(card)).length], ['qualification', 0])
})

test('a held status stays, and the firing says so', async () => {
  await rulesAre({ trigger: toQualification, actions: [set('negotiation')] })
  const made = await world.newDeal('mira')
  const held = await setStatus(world.as('mira'), { ...seen(made), status: 'proposal', reason: 'так надо', hold: true })
  const card = await move(held, 'qualification')
  assert.equal(statusOf(card), 'proposal')
  assert.deepEqual((await firingsOf(card))[0]!.outcomes, [{ action: 'set_status', outcome: 'held' }])
})

test('a rule that fails never blocks the change; it is tried again and then succeeds', async () => {
  await rulesAre({
    trigger: toQualification,
    actions: [set('negotiation'), { kind: 'notify', to: { kind: 'owner' }, text: { ru: 'а', en: 'a' } }],
  })
  const em = world.orm.em.fork()
  const status = await em.findOneOrFail(Status, { code: 'negotiation' })
  status.archivedAt = world.clock.now()
  await em.flush()
  const card = await move(await world.newDeal('mira'), 'qualification')
  assert.equal(statusOf(card), 'qualification', 'the built-in rule stands in')
  const [firing] = await firingsOf(card)
  assert.deepEqual(firing!.outcomes, [
    { action: 'set_status', outcome: 'failed', problem: 'status_archived' },
    { action: 'notify', outcome: 'skipped' },
  ])
  assert.ok(firing!.hasFailed && firing!.retryAt! > world.clock.now())
  status.archivedAt = null
  await em.flush()
  assert.equal(await retryFirings(world.orm.em.fork(), world.clock.now(), sendWebhook), 0, 'not due yet')
  assert.equal(await retryFirings(world.orm.em.fork(), world.clock.advance({ minutes: 2 }), sendWebhook), 1)
  const now = await showDeal(world.as('mira'), card.deal)
  assert.equal(statusOf(now), 'negotiation')
  const [again] = await firingsOf(card)
  assert.deepEqual([again!.hasFailed, again!.retryAt, again!.attempts], [false, null, 2])
})

test('an action that fails in the database takes back only itself', async () => {
  await selectRows(
    world.orm.em.fork(),
    sql`create function refuse_task() returns trigger language plpgsql as $$ begin raise exception 'no tasks today'; end $$;`,
  )
  await selectRows(
    world.orm.em.fork(),
    sql`create trigger refuse_task before insert on deal_task for each row execute function refuse_task()`,
  )
  const title = { ru: 'Позвонить', en: 'Call' }
  await rulesAre({
    trigger: toQualification,
    actions: [{ kind: 'create_task', title, assignee: { kind: 'owner' }, dueInHours: 4 }, set('negotiation')],
  })
  const card = await move(await world.newDeal('mira'), 'qualification')
  await selectRows(world.orm.em.fork(), sql`drop trigger refuse_task on deal_task`)
  assert.equal(statusOf(card), 'negotiation')
  assert.deepEqual(
    (await firingsOf(card))[0]!.outcomes.map(({ outcome, problem }) => [outcome, problem]),
    [
      ['failed', 'unexpected'],
      ['done', undefined],
    ],
  )
  await retryFirings(world.orm.em.fork(), world.clock.advance({ minutes: 2 }), sendWebhook)
  assert.equal(await world.orm.em.fork().count(DealTask, { deal: card.deal.id, state: 'open' }), 1)
})

test('rules that set one another off stop after ten firings, with a report', async () => {
  await rulesAre(
    { trigger: { kind: 'status_changed', status: 'negotiation' }, actions: [set('proposal')] },
    { trigger: { kind: 'status_changed', status: 'proposal' }, actions: [set('negotiation')] },
  )
  const made = await world.newDeal('mira')
  const card = await setStatus(world.as('mira'), { ...seen(made), status: 'proposal', reason: 'круг', hold: false })
  const firings = await firingsOf(card)
  assert.equal(firings.length, maxChain + 1)
  assert.deepEqual(firings.at(-1)!.outcomes, [{ action: 'set_status', outcome: 'failed', problem: 'rule_chain_too_long' }])
  assert.ok(firings.slice(0, -1).every(({ hasFailed }) => !hasFailed))
})

test('undo takes back all that the rules did beside: stays, facts, tasks, processes', async () => {
  const title = { ru: 'Проверить', en: 'Check' }
  await rulesAre(
    {
      trigger: toQualification,
      actions: [
        set('negotiation'),
        { kind: 'create_task', title, assignee: { kind: 'department_head' }, dueInHours: null },
        { kind: 'start_process', template: 'service' },
        { kind: 'assign', to: { kind: 'employee', employeeId: world.people.max.id } },
      ],
    },
    { trigger: { kind: 'status_changed', status: 'negotiation' }, actions: [set('contract')] },
  )
  const made = await world.newDeal('mira')
  const card = await move(made, 'qualification', 'ada')
  assert.equal(card.deal.ownerId, world.people.max.id)
  assert.equal(card.runs.length, 2)
  assert.ok(card.visits.length >= 3)
  const undone = await undoChange(world.as('ada'), { ...seen(card), eventId: card.undo!.eventId })
  assert.deepEqual([statusOf(undone), undone.deal.stageCode, undone.deal.ownerId], ['new', 'request', world.people.mira.id])
  assert.equal(undone.visits.filter((visit) => !visit.voided).length, 1)
  assert.deepEqual(
    undone.runs.filter((run) => !run.isMain).map((run) => run.state),
    ['cancelled'],
  )
  const tasks = await world.orm.em.fork().find(DealTask, { deal: card.deal.id })
  assert.deepEqual(
    tasks.map((task) => [task.state, task.assignee.id]),
    [['cancelled', world.people.carl.id]],
  )
  assert.deepEqual((await kindsOf(undone)).sort(), ['change_undone', 'deal_created'])
})

test('forward only leaves alone what stands further; a lost deal stays lost', async () => {
  await rulesAre(
    { trigger: toQualification, forwardOnly: true, actions: [set('qualification')] },
    { trigger: { kind: 'status_changed', status: 'lost' }, actions: [set('negotiation')] },
  )
  const made = await world.newDeal('mira')
  const ahead = await setStatus(world.as('mira'), { ...seen(made), status: 'contract', reason: 'вперёд', hold: false })
  const card = await move(ahead, 'qualification')
  assert.equal((await firingsOf(card)).length, 0)
  const lost = await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'нет' })
  assert.equal(statusOf(lost), 'lost')
  assert.deepEqual((await firingsOf(lost)).at(-1)!.outcomes, [{ action: 'set_status', outcome: 'skipped' }])
})

test('a rule makes a linked deal of another type for the same client', async () => {
  await rulesAre({
    trigger: toQualification,
    actions: [{ kind: 'create_deal', dealType: 'support_contract', title: { ru: 'Сопровождение', en: 'Support' } }],
  })
  const made = await world.newDeal('mira', { counterpartyId: 1, title: 'Станок' })
  const card = await move(made, 'qualification')
  const { events } = await showHistory(world.as('mira'), card.deal)
  const link = events.map(({ body }) => body).find((body) => body.kind === 'deal_linked')
  assert.ok(link?.kind === 'deal_linked')
  const linked = await showDeal(world.as('mira'), { number: link.deal.number })
  assert.deepEqual(
    [linked.deal.title, linked.deal.typeCode, linked.deal.counterpartyId, linked.deal.ownerId, linked.deal.stageCode],
    ['Сопровождение: Станок', 'support_contract', 1, world.people.mira.id, 'offer'],
  )
})

test('a webhook is sent after the change, and again until the other side takes it', async () => {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => (text += chunk))
    request.on('end', () => {
      bodies.push(text)
      response.writeHead(bodies.length === 1 ? 500 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  await rulesAre({ trigger: toQualification, actions: [{ kind: 'call_webhook', url }] })
  const card = await move(await world.newDeal('mira'), 'qualification')
  assert.deepEqual([bodies.length, (await firingsOf(card))[0]!.outcomes[0]!.outcome], [0, 'waiting'])
  await retryFirings(world.orm.em.fork(), world.clock.now(), sendWebhook)
  assert.deepEqual((await firingsOf(card))[0]!.outcomes, [{ action: 'call_webhook', outcome: 'failed', problem: 'HTTP 500' }])
  await retryFirings(world.orm.em.fork(), world.clock.advance({ minutes: 30 }), sendWebhook)
  assert.deepEqual((await firingsOf(card))[0]!.outcomes, [{ action: 'call_webhook', outcome: 'done' }])
  assert.equal(JSON.parse(bodies[1]!).deal.number, card.deal.number)
  await new Promise((resolve) => server.close(resolve))
})

test('time is heard once: a limit once per stay, idleness once per spell', async () => {
  await rulesAre(
    {
      trigger: { kind: 'deadline_passed' },
      condition: { all: [{ fact: 'title', is: 'is', value: 'Часы' }] },
      actions: [{ kind: 'assign', to: { kind: 'role', role: 'head' } }],
    },
    {
      trigger: { kind: 'deal_idle', days: 10 },
      condition: { all: [{ fact: 'title', is: 'is', value: 'Часы' }] },
      actions: [set('qualification')],
    },
  )
  const card = await world.newDeal('mira', { title: 'Часы' })
  const hear = () => hearTime(world.orm.em.fork(), world.clock.now())
  assert.equal(await hear(), 0, 'the limit of two days has not run out')
  world.clock.advance({ days: 3 })
  assert.equal(await hear(), 1)
  assert.equal(await hear(), 0, 'once per stay')
  assert.equal((await showDeal(world.as('ada'), card.deal)).deal.ownerId, world.people.carl.id)
  world.clock.advance({ days: 11 })
  assert.equal(await hear(), 1)
  assert.equal(statusOf(await showDeal(world.as('ada'), card.deal)), 'qualification')
  const events = await kindsOf(card)
  assert.equal(events.filter((kind) => kind === 'time_passed').length, 2)
})
