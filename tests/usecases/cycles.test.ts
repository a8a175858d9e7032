import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { createRule, editRule } from '../../api/usecases/rules/edit-rules.ts'
import { settleCalendar } from '../../api/usecases/rules/hear-calendar.ts'
import { hearTime } from '../../api/usecases/rules/hear-time.ts'
import { listRules } from '../../api/usecases/rules/list-rules.ts'
import { systemSession } from '../../api/usecases/rules/system-session.ts'
import { RuleFiring, StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { firstDayOf } from '../../shared/domain/cycles.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import type { RuleAction, StatusRule } from '../../shared/domain/status-rules.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, organization, type World } from '../support/world.ts'
import { seen, statusOf } from './deal-facts.ts'

let world: World
const title = { ru: 'Выполнить работы месяца', en: 'Do the works of the month' }
before(async () => {
  world = await createWorld()
  const monthly = await insertProcess(world.orm, 'monthly', [
    { code: 'works', status: 'payment', tasks: [{ title, assignee: { kind: 'owner' }, dueInHours: 120 }] },
    { code: 'act', status: 'support' },
    { code: 'done', status: 'delivery' },
  ])
  const main = await insertProcess(world.orm, 'contract', [
    { code: 'talks', status: 'proposal' },
    { code: 'serving', status: 'delivery' },
    { code: 'over' },
  ])
  await insertType(world.orm, 'care', main, [monthly])
  await selectRows(
    world.orm.em.fork(),
    sql`insert into custom_field (deal_type_id, code, name_ru, name_en, kind) select id, 'until', 'Действует до', 'Valid until', 'day' from deal_type where code in ('care')`,
  )
})

const everything = { all: [] } as const
let count = 0
type Given = Pick<StatusRule, 'trigger' | 'actions'> & Partial<Pick<StatusRule, 'dealTypes' | 'condition'>>

/** Puts rules in force from now on, and takes all earlier ones out of it. */
async function rulesAre(...rules: readonly Given[]): Promise<void> {
  const em = world.orm.em.fork()
  await selectRows(em, sql`update status_rule set is_active = false`)
  for (const [position, { trigger, actions, dealTypes = ['care'], condition = everything }] of rules.entries())
    em.create(StatusRuleEntity, {
      code: `cycle-${++count}`,
      nameRu: `Правило ${count}`,
      nameEn: `Rule ${count}`,
      position,
      dealTypes,
      triggerKind: trigger.kind,
      trigger,
      condition,
      actions,
    })
  await em.flush()
  await settleCalendar((await systemSession(world.orm.em.fork(), world.clock.now()))!)
}
const hear = () => hearTime(world.orm.em.fork(), world.clock.now())
const at = (instant: string) => world.clock.set(`${instant}+03:00`)
const firingsOf = (card: DealCard) => world.orm.em.fork().find(RuleFiring, { deal: card.deal.id }, { orderBy: { id: 'asc' } })
const periodsOf = async (card: DealCard) =>
  (await firingsOf(card)).flatMap(({ event }) => (event.kind === 'period_began' ? [event.startsOn] : []))
const card = (one: DealCard) => showDeal(world.as('ada'), one.deal)
const move = async (one: DealCard, stage: string, template = 'contract') => {
  const now = await card(one)
  const version = now.versions.find(({ templateCode }) => templateCode === template)!
  const run = now.runs.find(({ templateVersionId, state }) => templateVersionId === version.id && state === 'running')!
  return moveDeal(world.as('mira'), { ...seen(now), stage, run: run.id })
}
const care = () => world.newDeal('mira', { type: 'care', title: `Договор ${++count}` })
const task: RuleAction = { kind: 'create_task', title, assignee: { kind: 'owner' }, dueInHours: 24 }
const startMonth: RuleAction = { kind: 'start_process', template: 'monthly' }
const serving = { fact: 'stage', is: 'is', value: 'serving' } as const
const statesOf = ({ runs }: DealCard) => runs.filter(({ isMain }) => !isMain).map(({ state }) => state)

test('a support contract: every first of the month its service begins by itself, until the contract ends', async () => {
  at('2026-11-20T12:00')
  await rulesAre(
    {
      trigger: { kind: 'period_began', every: 'month' },
      condition: { all: [serving, { fact: 'runningProcesses', is: 'oneOf', value: ['monthly'] }] },
      actions: [
        {
          kind: 'create_task',
          title: { ru: 'Закрыть прошлый месяц', en: 'Close the last month' },
          assignee: { kind: 'department_head' },
          dueInHours: 24,
        },
      ],
    },
    { trigger: { kind: 'period_began', every: 'month' }, condition: serving, actions: [startMonth] },
  )
  const made = await care()
  const idle = await care()
  await move(made, 'serving')
  assert.equal(await hear(), 0, 'November began before the rule and the deal')

  at('2026-11-30T23:59')
  assert.equal(await hear(), 0)
  at('2026-12-01T00:00')
  assert.equal(await hear(), 1, 'in Moscow it is December, in London it is not')
  assert.equal(await hear(), 0)
  const december = await card(made)
  assert.deepEqual(statesOf(december), ['running'])
  assert.deepEqual(await firingsOf(idle), [], 'a contract that is not served yet')
  assert.equal(statusOf(december), 'delivery', 'a process beside the main one never takes the status back')
  const { events } = await showHistory(world.as('ada'), made.deal)
  assert.ok(events.some(({ body }) => body.kind === 'time_passed' && body.began === 'month'))
  const given = await selectRow(
    world.orm.em.fork(),
    sql<{
      title: string
      assignee: number
    }>`select title, assignee_id as assignee from deal_task where deal_id = ${made.deal.id} and state = 'open'`,
  )
  assert.deepEqual(given, { title: title.ru, assignee: world.people.mira.id })

  at('2027-01-01T00:01')
  assert.equal(await hear(), 1)
  assert.deepEqual(statesOf(await card(made)), ['running'], 'the last one still runs: no second one, its head is told')
  assert.deepEqual((await firingsOf(made)).at(-1)!.seen, { stage: 'serving', runningProcesses: ['contract', 'monthly'] })

  assert.equal(statusOf(await move(made, 'act', 'monthly')), 'support', 'it takes it forward')
  await move(made, 'done', 'monthly')
  at('2027-02-01T00:01')
  assert.equal(await hear(), 1)
  assert.deepEqual(statesOf(await card(made)).sort(), ['finished', 'running'])

  await move(made, 'over')
  at('2027-03-01T00:01')
  assert.equal(await hear(), 0, 'the contract is over')
  assert.deepEqual(await periodsOf(made), ['2026-12-01', '2027-01-01', '2027-02-01'])
})

test('without a condition a process that still runs is not started twice, and the firing says so', async () => {
  at('2027-03-10T12:00')
  await rulesAre({ trigger: { kind: 'period_began', every: 'month' }, actions: [startMonth] })
  const made = await care()
  for (const month of ['04', '05']) {
    at(`2027-${month}-01T08:00`)
    await hear()
  }
  assert.deepEqual(statesOf(await card(made)), ['running'])
  assert.deepEqual(
    (await firingsOf(made)).map(({ outcomes }) => outcomes),
    [[{ action: 'start_process', outcome: 'done' }], [{ action: 'start_process', outcome: 'skipped' }]],
  )
})

test('a lost contract has no more cycles, nor has one of another type', async () => {
  at('2027-05-10T12:00')
  await rulesAre({ trigger: { kind: 'period_began', every: 'month' }, actions: [task] })
  const [lost, other, kept] = [await care(), await world.newDeal('mira'), await care()]
  await loseDeal(world.as('mira'), { ...seen(lost), status: 'lost', reason: 'ушли' })
  at('2027-06-01T00:00')
  await hear()
  assert.deepEqual(await Promise.all([lost, other, kept].map(periodsOf)), [[], [], ['2027-06-01']])
})

test('a server that was down tells the newest period only, once; whom it was made within waits for the next', async () => {
  at('2027-06-10T12:00')
  await rulesAre({ trigger: { kind: 'period_began', every: 'month' }, actions: [task] })
  const old = await care()
  at('2027-09-05T12:00')
  const young = await care()
  await Promise.all([hear(), hear(), hear()])
  await hear()
  assert.deepEqual([await periodsOf(old), await periodsOf(young)], [['2027-09-01'], []])
  at('2027-10-01T00:00')
  await Promise.all([hear(), hear()])
  assert.deepEqual([await periodsOf(old), await periodsOf(young)], [['2027-09-01', '2027-10-01'], ['2027-10-01']])
})

test('what broke off in the middle goes on where it stopped', async () => {
  at('2027-10-10T12:00')
  await rulesAre({ trigger: { kind: 'period_began', every: 'month' }, actions: [task] })
  const [first, second] = [await care(), await care()]
  at('2027-11-01T00:00')
  await selectRows(
    world.orm.em.fork(),
    sql.raw(`create function break_off() returns trigger language plpgsql as $$ begin
      if new.deal_id = ${second.deal.id} then raise exception 'power cut'; end if; return new; end $$;
      create trigger break_off before insert on calendar_told for each row execute function break_off()`),
  )
  await assert.rejects(hear())
  assert.deepEqual([await periodsOf(first), await periodsOf(second)], [['2027-11-01'], []])
  await selectRows(world.orm.em.fork(), sql.raw('drop trigger break_off on calendar_told; drop function break_off()'))
  await hear()
  assert.deepEqual([await periodsOf(first), await periodsOf(second)], [['2027-11-01'], ['2027-11-01']])
})

test('a rule put in force, or back in force, within a period waits for the next one', async () => {
  const rule: Given = { trigger: { kind: 'period_began', every: 'quarter' }, actions: [task] }
  at('2027-11-20T12:00')
  const made = await care()
  await rulesAre(rule)
  at('2028-01-01T00:00')
  await rulesAre()
  at('2028-01-20T12:00')
  await rulesAre(rule)
  assert.equal(await hear(), 0)
  at('2028-04-01T00:00')
  await hear()
  assert.deepEqual(await periodsOf(made), ['2028-04-01'])
  const rounds = () => selectRows(world.orm.em.fork(), sql`select topic from calendar_round`)
  assert.deepEqual(await rounds(), [{ topic: 'quarter' }])
  await rulesAre()
  assert.deepEqual([await hear(), await rounds()], [0, []], 'nothing is kept that nobody waits for')
})

test('a rule saved in the last minute of a month hears of the next one, though no job came by between', async () => {
  await rulesAre()
  at('2028-05-20T12:00')
  const made = await care()
  at('2028-05-31T23:59')
  const input = {
    names: { ru: 'Каждый месяц', en: 'Each month' },
    dealTypes: ['care'],
    trigger: { kind: 'period_began', every: 'month' } as const,
    condition: everything,
    forwardOnly: false,
    actions: [task],
    isActive: true,
  }
  const [rule] = (await createRule(world.as('ada'), input)).rows
  at('2028-06-01T00:00')
  await hear()
  assert.deepEqual(await periodsOf(made), ['2028-06-01'])
  await editRule(world.as('ada'), { code: rule!.code, version: rule!.version, isActive: false })
  at('2028-06-10T12:00')
  const { version } = (await listRules(world.as('ada'))).rows.find(({ code }) => code === rule!.code)!
  await editRule(world.as('ada'), { code: rule!.code, version, isActive: true })
  at('2028-07-01T00:00')
  await hear()
  assert.deepEqual(await periodsOf(made), ['2028-06-01', '2028-07-01'])
})

test('on the first working day: holidays of the calendar put it off', async () => {
  await selectRows(
    world.orm.em.fork(),
    sql`insert into calendar_day (day, is_working) select day::date, false from generate_series('2029-01-01'::date, '2029-01-08', '1 day') day`,
  )
  at('2028-12-10T12:00')
  await rulesAre(
    { trigger: { kind: 'period_began', every: 'month', onWorkingDay: true }, actions: [task] },
    { trigger: { kind: 'period_began', every: 'month' }, actions: [task] },
  )
  const made = await care()
  const days = async () =>
    (await firingsOf(made)).map(({ event, firedAt }) => [
      dayOf(firedAt, organization.timeZone),
      event.kind === 'period_began' && event.onWorkingDay,
    ])
  for (const day of ['01', '08', '09', '10']) {
    at(`2029-01-${day}T09:00`)
    await hear()
  }
  assert.deepEqual(await days(), [
    ['2029-01-01', false],
    ['2029-01-09', true],
  ])
})

test('a contract is renewed in time: once for each date, also where the date comes late or is put off', async () => {
  at('2029-02-01T12:00')
  await rulesAre({
    trigger: { kind: 'date_near', fact: 'field.until', daysBefore: 60 },
    condition: everything,
    actions: [{ kind: 'create_deal', dealType: 'care', title: { ru: 'Продление', en: 'Renewal' } }],
  })
  const made = await care()
  const until = (day: string) =>
    selectRows(
      world.orm.em.fork(),
      sql`update deal set fields = fields || jsonb_build_object('until', ${day}::text), changed_at = ${world.clock.now()} where id = ${made.deal.id}`,
    )
  const renewals = async () =>
    (
      await selectRows<{ count: number }>(
        world.orm.em.fork(),
        sql`select count(*)::int as count from deal where parent_id = ${made.deal.id}`,
      )
    )[0]!.count
  await hear()
  await until('2029-06-30')
  for (const [day, expected] of [
    ['2029-04-30', 0],
    ['2029-05-01', 1],
    ['2029-05-02', 1],
  ] as const) {
    at(`${day}T00:05`)
    await Promise.all([hear(), hear()])
    assert.equal(await renewals(), expected, day)
  }
  const [{ event }] = (await firingsOf(made)) as [RuleFiring]
  assert.deepEqual(event, { kind: 'date_near', fact: 'field.until', daysBefore: 60, date: '2029-06-30' })
  at('2029-05-02T15:00')
  await until('2029-06-15')
  await hear()
  assert.equal(await renewals(), 2, 'another date, of which less than 60 days are left')
  await until('2028-06-15')
  await hear()
  assert.equal(await renewals(), 2, 'a date long gone is not told')
})

test('a server that was down over the day tells the date when it is back', async () => {
  at('2029-06-01T12:00')
  await rulesAre({ trigger: { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: -3 }, actions: [task] })
  const [made, older] = [await care(), await care()]
  const close = (one: DealCard, day: string) =>
    selectRows(
      world.orm.em.fork(),
      sql`update deal set expected_close_on = ${day}::date, changed_at = ${world.clock.now()} where id = ${one.deal.id}`,
    )
  await close(made, '2029-06-10')
  await close(older, '2029-05-20')
  await hear()
  at('2029-06-12T12:00')
  assert.equal(await hear(), 0)
  at('2029-06-20T12:00')
  assert.equal(await hear(), 1)
  assert.deepEqual([(await firingsOf(made)).length, (await firingsOf(older)).length], [1, 0])
})

test('whatever the clock does, a deal hears each period at most once, in order, and none from before it was made', async () => {
  at('2030-01-01T12:00')
  await rulesAre(
    { trigger: { kind: 'period_began', every: 'week' }, actions: [task] },
    { trigger: { kind: 'period_began', every: 'quarter' }, actions: [task] },
  )
  await selectRows(world.orm.em.fork(), sql`update deal set withdrawn_at = now()`)
  const step = fc.record({
    hours: fc.integer({ min: 0, max: 24 * 40 }),
    jobs: fc.integer({ min: 0, max: 3 }),
    isNew: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const start = world.clock.now()
      const deals = [await care()]
      const told = new Set<string>()
      for (const { hours, jobs, isNew } of steps) {
        const now = world.clock.advance({ minutes: hours * 60 })
        const today = dayOf(now, organization.timeZone)
        // The job runs by itself or beside another one of its kind, or the server is down.
        await Promise.all(Array.from({ length: jobs }, hear))
        if (jobs > 0) for (const every of ['week', 'quarter'] as const) told.add(`${every} ${firstDayOf(every, today)}`)
        if (isNew) deals.push(await care())
      }
      for (const deal of deals) {
        const heard = (await firingsOf(deal)).flatMap(({ event }) =>
          event.kind === 'period_began' ? [`${event.every} ${event.startsOn}`] : [],
        )
        assert.equal(new Set(heard).size, heard.length, 'at most once')
        const born = dayOf(deal.deal.createdAt, organization.timeZone)
        const expected = [...told].filter((one) => one.split(' ')[1]! > born)
        assert.deepEqual(heard.toSorted(), expected.toSorted(), `since ${start.toISOString()}`)
      }
      await selectRows(
        world.orm.em.fork(),
        sql`update deal set withdrawn_at = now() where id = any(${deals.map(({ deal }) => deal.id)}::bigint[])`,
      )
    }),
    { numRuns: 12 },
  )
})
