import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentFiring, presentRule, presentRules } from '../../api/presenters/rules.ts'
import { createRule, editRule, retryFiring } from '../../api/usecases/rules/edit-rules.ts'
import { listFirings, listRules } from '../../api/usecases/rules/list-rules.ts'
import { Deal } from '../../db/entities/deal.ts'
import { RuleFiring, StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { AppError } from '../../shared/domain/app-error.ts'
import type { RuleBody } from '../../shared/schemas/process.ts'
import type { RuleView } from '../../shared/views/processes.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
before(async () => {
  world = await createWorld({ deals: true })
  await selectRows(
    world.orm.em.fork(),
    sql`insert into document_type (code, name_ru, name_en, is_payable) values ('invoice', 'Счёт', 'Invoice', true), ('protocol', 'Протокол', 'Protocol', false)
      on conflict (code) do nothing`,
  )
})

const rule = (changes: Partial<RuleBody> = {}): RuleBody => ({
  names: { ru: 'Оплата счёта', en: 'Invoice paid' },
  dealTypes: [],
  trigger: { kind: 'payment_received', documentType: 'invoice', isFull: true },
  condition: { all: [{ fact: 'amount', is: 'atLeast', value: 100_000_00 }] },
  forwardOnly: true,
  actions: [{ kind: 'set_status', status: 'proposal' }],
  isActive: true,
  ...changes,
})
const ada = () => world.as('ada')
const create = async (changes: Partial<RuleBody> = {}): Promise<RuleView> =>
  presentRule(await createRule(ada(), rule(changes)), ada())
const list = async (): Promise<readonly RuleView[]> => presentRules(await listRules(ada()), ada()).items
const codes = async (): Promise<string[]> => (await list()).filter(({ archived }) => !archived).map(({ code }) => code)
const problemsOf = (error: unknown): { at: string; message: string }[] => (error as AppError).details['problems'] as never

test('a new rule stands last, reads as a sentence and has a code of its own', async () => {
  const first = await create()
  const second = await create()
  assert.deepEqual([first.code, second.code], ['invoice-paid', 'invoice-paid-2'])
  assert.equal(
    first.sentence,
    'Когда документ «Счёт» оплачен полностью, если сумма не меньше 100\u00a0000\u00a0₽, статус становится «Предложение» (только вперёд).',
  )
  assert.deepEqual(await codes(), ['invoice-paid', 'invoice-paid-2'])
})

test('moving a rule puts it among the others without touching their versions', async () => {
  const third = await create({ names: { ru: 'Третье', en: 'Third' } })
  const before = new Map((await list()).map(({ code, version }) => [code, version]))
  await editRule(ada(), { code: 'third', version: third.version, position: 0 })
  assert.deepEqual(await codes(), ['third', 'invoice-paid', 'invoice-paid-2'])
  const after = await list()
  assert.deepEqual(
    after.map(({ position }) => position),
    [0, 1, 2],
  )
  for (const { code, version } of after) if (code !== 'third') assert.equal(version, before.get(code))
  await editRule(ada(), { code: 'third', version: after[0]!.version, position: 99 })
  assert.deepEqual(await codes(), ['invoice-paid', 'invoice-paid-2', 'third'])
})

test('an archived rule leaves the order and comes back last', async () => {
  const [first] = await list()
  await editRule(ada(), { code: first!.code, version: first!.version, archived: true })
  assert.deepEqual(await codes(), ['invoice-paid-2', 'third'])
  const archived = (await list()).find(({ code }) => code === first!.code)!
  assert.equal(archived.archived, true)
  await editRule(ada(), { code: archived.code, version: archived.version, archived: false })
  assert.deepEqual(await codes(), ['invoice-paid-2', 'third', 'invoice-paid'])
})

test('a rule can be changed in part; a stale version changes nothing', async () => {
  const [found] = await list()
  const edited = presentRule(await editRule(ada(), { code: found!.code, version: found!.version, isActive: false }), ada())
  assert.deepEqual([edited.isActive, edited.trigger, edited.version], [false, found!.trigger, found!.version + 1])
  await assert.rejects(editRule(ada(), { code: found!.code, version: found!.version, isActive: true }), { code: 'version_stale' })
})

test('everything wrong with a rule is named at once, each at its place', async () => {
  const wrong = rule({
    dealTypes: ['none'],
    trigger: { kind: 'payment_received', documentType: 'protocol', status: 'proposal' },
    condition: {
      any: [
        { fact: 'field.none', is: 'isSet' },
        { fact: 'amount', is: 'contains', value: 'x' },
        { fact: 'status', is: 'is', value: 'none' },
        { fact: 'amount', is: 'atLeast', value: 'много' },
        { fact: 'status', is: 'oneOf', value: [] },
        { fact: 'owner', is: 'is', value: '11' },
      ],
    },
    actions: [
      { kind: 'set_status', status: 'none' },
      { kind: 'set_status', status: 'proposal' },
      { kind: 'create_task', title: { ru: 'а', en: 'a' }, assignee: { kind: 'employee', employeeId: 11 }, dueInHours: null },
      { kind: 'start_process', template: 'none' },
      { kind: 'create_deal', dealType: 'none', title: { ru: 'а', en: 'a' } },
    ],
  })
  await assert.rejects(createRule(ada(), wrong), (error) => {
    assert.equal((error as AppError).code, 'input_invalid')
    const count = (at: string) => problemsOf(error).filter((problem) => problem.at === at).length
    assert.deepEqual(
      ['dealTypes', 'trigger', 'condition', 'actions.0', 'actions.1', 'actions.2', 'actions.3', 'actions.4'].map(count),
      [1, 2, 6, 1, 1, 1, 1, 1],
    )
    for (const { message } of problemsOf(error)) assert.doesNotMatch(message, /[{}]|undefined/)
    return true
  })
})

test('an unknown stage, a stage of another process and an idle deal without days are refused', async () => {
  const triggers: readonly RuleBody['trigger'][] = [
    { kind: 'stage_entered', stage: 'none' },
    { kind: 'stage_entered', template: 'none', stage: 'none' },
    { kind: 'deal_idle' },
    { kind: 'field_changed', fact: 'field.none' },
    { kind: 'field_changed', fact: 'daysInStatus' },
    { kind: 'status_changed', status: 'none' },
    { kind: 'document_changed', documentType: 'none' },
  ]
  for (const trigger of triggers)
    await assert.rejects(createRule(ada(), rule({ trigger })), (error) => problemsOf(error).length === 1, JSON.stringify(trigger))
})

test('a rule whose status was archived since can be switched off and archived, but not on', async () => {
  const made = await create({ names: { ru: 'Старое', en: 'Old' }, actions: [{ kind: 'set_status', status: 'support' }] })
  await selectRows(world.orm.em.fork(), sql`update status set archived_at = now() where code = 'support'`)
  const off = presentRule(await editRule(ada(), { code: 'old', version: made.version, isActive: false }), ada())
  assert.match(off.sentence, /статус становится «(?!support)[^»]+»/, 'it still reads by the status’s name')
  await assert.rejects(editRule(ada(), { code: 'old', version: off.version, isActive: true }), { code: 'input_invalid' })
  await editRule(ada(), { code: 'old', version: off.version, archived: true })
})

test('only who edits the settings may look at rules or change them', async () => {
  const { version } = (await list())[0]!
  for (const refused of [
    () => listRules(world.as('mira')),
    () => createRule(world.as('eva'), rule()),
    () => editRule(world.as('carl'), { code: 'third', version, isActive: false }),
    () => listFirings(world.as('eva'), { limit: 10 }),
    () => retryFiring(world.as('eva'), { id: 1 }),
  ])
    await assert.rejects(refused(), { code: 'forbidden' })
})

test('a failed firing is shown with what it saw and why, counted at its rule, and can be tried again', async () => {
  const em = world.orm.em.fork()
  const [deal, made] = [
    await em.findOneOrFail(Deal, { number: world.deals.mira }),
    await em.findOneOrFail(StatusRuleEntity, { code: 'third' }),
  ]
  const fired = (outcome: 'done' | 'failed') =>
    em.create(RuleFiring, {
      rule: made,
      ruleName: { ru: 'Третье', en: 'Third' },
      deal,
      dealEvent: null,
      event: { kind: 'deal_created' },
      seen: { amount: 100_000_00 },
      outcomes: [{ action: 'set_status', outcome, ...(outcome === 'failed' && { problem: 'assignee_missing' }) }],
      hasFailed: outcome === 'failed',
      retryAt: null,
      firedAt: world.clock.now(),
    })
  const [bad, good] = [fired('failed'), fired('done')]
  em.persist([bad, good])
  await em.flush()
  const { rows, total } = await listFirings(ada(), { failed: true, rule: 'third', deal: world.deals.mira, limit: 10 })
  assert.deepEqual([rows.map(({ id }) => id), total], [[bad.id], 1])
  const view = presentFiring(rows[0]!, ada())
  assert.deepEqual(
    [view.seen, view.outcomes[0]!.problem],
    [{ amount: 100_000_00 }, 'некому назначить: нет подходящего сотрудника'],
  )
  assert.deepEqual(
    (await listFirings(ada(), { limit: 1 })).rows.map(({ id }) => id),
    [good.id],
    'newest first',
  )
  const told = (await list()).find(({ code }) => code === 'third')!
  assert.deepEqual([told.firedCount, told.failedCount], [2, 1])
  assert.deepEqual((await retryFiring(ada(), { id: bad.id })).retryAt, world.clock.now())
  await assert.rejects(retryFiring(ada(), { id: good.id }), { code: 'conflict' })
  await assert.rejects(retryFiring(ada(), { id: 987_654 }), { code: 'not_found' })
})
