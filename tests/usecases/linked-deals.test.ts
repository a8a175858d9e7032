import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentFiring } from '../../api/presenters/rules.ts'
import { createDealField } from '../../api/usecases/deal-types/type-fields.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { settleCalendar } from '../../api/usecases/rules/hear-calendar.ts'
import { hearTime } from '../../api/usecases/rules/hear-time.ts'
import { listFirings } from '../../api/usecases/rules/list-rules.ts'
import { systemSession } from '../../api/usecases/rules/system-session.ts'
import { RuleFiring, StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { type FieldDefinition, takeOverFields } from '../../shared/domain/custom-fields.ts'
import { maxChain, type RuleAction, type StatusRule } from '../../shared/domain/status-rules.ts'
import { CreateDealField } from '../../shared/schemas/deal-types.ts'
import { CreateDeal } from '../../shared/schemas/deals.ts'
import { ListFirings } from '../../shared/schemas/process.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
before(async () => {
  world = await createWorld()
  const process = await insertProcess(world.orm, 'simple', [
    { code: 'first', status: 'new' },
    { code: 'last', status: 'support' },
  ])
  for (const code of ['one', 'other']) await insertType(world.orm, code, process)
  const field = (type: string, code: string, more: object) =>
    createDealField(
      world.as('ada'),
      CreateDealField.parse({ code: type, field: code, names: { ru: `Поле ${code}`, en: `Field ${code}` }, ...more }),
    )
  await field('one', 'level', {
    kind: 'choice',
    options: [
      { code: 'basic', ru: 'Б', en: 'B' },
      { code: 'full', ru: 'П', en: 'F' },
    ],
  })
  await field('other', 'level', { kind: 'choice', options: [{ code: 'basic', ru: 'Б', en: 'B' }] })
  await field('one', 'until', { kind: 'day' })
  await field('other', 'until', { kind: 'day' })
  await field('one', 'fee', { kind: 'money' })
  await field('other', 'site', { kind: 'text', isRequired: true })
})

const everything = { all: [] } as const
const linked = (dealType: string): RuleAction => ({ kind: 'create_deal', dealType, title: { ru: 'Дальше', en: 'Next' } })
let count = 0
type Given = Pick<StatusRule, 'trigger' | 'actions'> & Partial<Pick<StatusRule, 'dealTypes'>>

async function rulesAre(...rules: readonly Given[]): Promise<void> {
  const em = world.orm.em.fork()
  await selectRows(em, sql`update status_rule set is_active = false`)
  for (const [position, { trigger, actions, dealTypes = ['one'] }] of rules.entries())
    em.create(StatusRuleEntity, {
      code: `linked-${++count}`,
      nameRu: `Правило ${count}`,
      nameEn: `Rule ${count}`,
      position,
      dealTypes,
      triggerKind: trigger.kind,
      trigger,
      condition: everything,
      actions,
    })
  await em.flush()
  await settleCalendar((await systemSession(world.orm.em.fork(), world.clock.now()))!)
}
const made = (type: string, fields: object = {}): Promise<DealCard> =>
  createDeal(
    world.as('mira'),
    CreateDeal.parse({ title: 'Начало', type, amount: { amountMinor: 100_00, currency: 'RUB' }, fields }),
  )
/** The deals that rules made from a deal, and from those in turn; nearest first. */
const descendants = (card: DealCard) =>
  selectRows<{ id: number; number: number; fields: object }>(
    world.orm.em.fork(),
    sql`with recursive below as (select id, number, fields from deal where parent_id = ${card.deal.id}
      union all select d.id, d.number, d.fields from deal d join below on d.parent_id = below.id) select * from below order by id`,
  )
const firingsOf = (id: number) => world.orm.em.fork().find(RuleFiring, { deal: id }, { orderBy: { id: 'asc' } })

test('rules hear of a deal that a rule made: of its making, and of its process', async () => {
  const task = (title: string): RuleAction => ({
    kind: 'create_task',
    title: { ru: title, en: title },
    assignee: { kind: 'owner' },
    dueInHours: null,
  })
  await rulesAre(
    { trigger: { kind: 'deal_created' }, actions: [linked('other')] },
    { trigger: { kind: 'deal_created' }, dealTypes: ['other'], actions: [task('создана')] },
    { trigger: { kind: 'process_started', template: 'simple' }, dealTypes: ['other'], actions: [task('начат')] },
    {
      trigger: { kind: 'stage_entered', stage: 'first' },
      dealTypes: ['other'],
      actions: [{ kind: 'set_status', status: 'qualification' }],
    },
  )
  const [next] = await descendants(await made('one'))
  const tasks = await selectRows(world.orm.em.fork(), sql`select title from deal_task where deal_id = ${next!.id} order by id`)
  assert.deepEqual(tasks, [{ title: 'создана' }, { title: 'начат' }])
  const card = await showDeal(world.as('mira'), { number: next!.number })
  assert.deepEqual(
    card.visits.toReversed().map(({ statusId, cause }) => [card.statuses.byId(statusId).code, cause.kind]),
    [
      ['new', 'rule'],
      ['qualification', 'rule'],
    ],
  )
})

test('deals that make one another stop after ten firings, and the eleventh is reported', async () => {
  await rulesAre({ trigger: { kind: 'deal_created' }, actions: [linked('one')] })
  const line = await descendants(await made('one'))
  assert.equal(line.length, maxChain)
  const last = await firingsOf(line.at(-1)!.id)
  assert.deepEqual(
    last.map(({ outcomes, retryAt }) => [outcomes, retryAt]),
    [[[{ action: 'create_deal', outcome: 'failed', problem: 'rule_chain_too_long' }], null]],
  )
  await rulesAre(
    { trigger: { kind: 'process_started' }, actions: [linked('other')] },
    { trigger: { kind: 'stage_entered' }, dealTypes: ['other'], actions: [linked('one')] },
  )
  assert.equal((await descendants(await made('one'))).length, maxChain, 'also by turns')
})

test('what fails inside of a deal that a rule made takes back neither that deal nor the change', async () => {
  await rulesAre(
    { trigger: { kind: 'deal_created' }, actions: [linked('other'), { kind: 'set_status', status: 'qualification' }] },
    { trigger: { kind: 'deal_created' }, dealTypes: ['other'], actions: [{ kind: 'start_process', template: 'nowhere' }] },
  )
  const card = await made('one')
  const [next] = await descendants(card)
  const [outer, inner] = [await firingsOf(card.deal.id), await firingsOf(next!.id)]
  assert.deepEqual(
    outer[0]!.outcomes.map(({ outcome }) => outcome),
    ['done', 'done'],
  )
  assert.deepEqual(inner[0]!.outcomes, [{ action: 'start_process', outcome: 'failed', problem: 'not_found' }])
  assert.equal((await showDeal(world.as('mira'), card.deal)).visits.length, 2)
})

test('fields that both types have go along, a required one that stays empty is said and hinders nothing', async () => {
  await rulesAre({ trigger: { kind: 'deal_created' }, actions: [linked('other')] })
  const basic = await made('one', { level: 'basic', until: '2027-05-01', fee: 5_000_00 })
  assert.deepEqual((await descendants(basic))[0]!.fields, { level: 'basic', until: '2027-05-01' })
  const full = await made('one', { level: 'full' })
  assert.deepEqual((await descendants(full))[0]!.fields, {}, 'no such option there')
  const [firing] = (await listFirings(world.as('ada'), ListFirings.parse({ deal: basic.deal.number }))).rows
  assert.deepEqual(presentFiring(firing!, { locale: 'ru' } as never).outcomes, [
    { action: 'create_deal', outcome: 'done', problem: 'в новой сделке не заполнены обязательные поля: «Поле site»' },
  ])
  assert.match(presentFiring(firing!, { locale: 'en' } as never).outcomes[0]!.problem!, /“Field site”/)
  assert.ok(!(await firingsOf(basic.deal.id))[0]!.hasFailed)
})

test('a renewal does not carry the date that it renews: it makes no renewals of its own', async () => {
  await rulesAre({ trigger: { kind: 'date_near', fact: 'field.until', daysBefore: 60 }, actions: [linked('one')] })
  const card = await made('one', { level: 'full', until: '2026-12-31', fee: 5_000_00 })
  for (let minute = 0; minute < 4; minute++) await hearTime(world.orm.em.fork(), world.clock.advance({ minutes: 1 }))
  const line = await descendants(card)
  assert.deepEqual(
    line.map(({ fields }) => fields),
    [{ level: 'full', fee: 5_000_00 }],
  )
})

test('deals made each month do not double each month', async () => {
  await rulesAre({ trigger: { kind: 'period_began', every: 'month' }, actions: [linked('one')] })
  await selectRows(world.orm.em.fork(), sql`update deal set withdrawn_at = now()`)
  const card = await made('one')
  for (const month of ['12', '01', '02']) {
    world.clock.set(`${month === '12' ? 2026 : 2027}-${month}-01T09:00:00Z`)
    await hearTime(world.orm.em.fork(), world.clock.now())
  }
  assert.equal((await descendants(card)).length, 3)
})

const definition = (code: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  code,
  names: { ru: code, en: code },
  kind: 'text',
  options: [],
  isRequired: false,
  archived: false,
  ...more,
})
test('only what the other type can hold is taken over', () => {
  const values = { a: 'x', b: 'y', c: 'z', d: 5 }
  const from = [definition('a'), definition('b'), definition('c'), definition('d', { kind: 'number' })]
  const to = [
    definition('a'),
    definition('b', { archived: true }),
    definition('d', { kind: 'money' }),
    definition('e', { isRequired: true }),
  ]
  const taken = takeOverFields(values, from, to)
  assert.deepEqual([taken.values, taken.empty.map(({ code }) => code)], [{ a: 'x' }, ['e']])
  const must = [definition('a', { isRequired: true })]
  assert.deepEqual(takeOverFields(values, from, must).empty, [])
  assert.deepEqual(takeOverFields({}, from, must).empty, must)
})
