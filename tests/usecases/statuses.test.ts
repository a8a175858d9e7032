import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { showHistory } from '../../api/usecases/deals/show-deal.ts'
import { mergeStatus } from '../../api/usecases/merge-statuses.ts'
import { readFacts } from '../../api/usecases/rules/read-facts.ts'
import { createStatus, editStatus, inOrder, listStatuses, orderStatuses } from '../../api/usecases/statuses.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectProcessVersions } from '../../db/queries/dictionaries.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { AppError } from '../../shared/domain/app-error.ts'
import type { RuleTrigger } from '../../shared/domain/status-rules.ts'
import { CreateStatus, type EditStatusInput } from '../../shared/schemas/statuses.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const admin = () => world.as('ada')
const order = async () => inOrder(await listStatuses(admin())).map((status) => status.code)
const add = (ru: string, en: string, more: object = {}) =>
  createStatus(admin(), CreateStatus.parse({ names: { ru, en }, phase: 'presale', ...more }))
const versionOf = async (code: string) => (await listStatuses(admin())).find(code).version
const edit = async (code: string, change: Omit<EditStatusInput, 'code' | 'version'>) =>
  editStatus(admin(), { code, version: await versionOf(code), ...change })
const merge = async (code: string, into: string) => mergeStatus(admin(), { code, version: await versionOf(code), into })

/** A rule in force that sets a status and asks for one. */
async function addRule(code: string, status: string, asks: string): Promise<number> {
  const em = world.orm.em.fork()
  const trigger: RuleTrigger = { kind: 'status_changed', status: asks }
  const rule = em.create(StatusRuleEntity, {
    code,
    nameRu: `Правило ${code}`,
    nameEn: `Rule ${code}`,
    position: 1,
    dealTypes: [],
    triggerKind: trigger.kind,
    trigger,
    condition: { any: [{ fact: 'status', is: 'oneOf', value: [asks, 'new'] }] },
    forwardOnly: false,
    actions: [{ kind: 'set_status', status }],
  })
  await em.flush()
  return rule.id
}
const readRule = (id: number) => world.orm.em.fork().findOneOrFail(StatusRuleEntity, id)

test('a status is added where it is told, with a code of its own, and the others keep their order', async () => {
  const was = await order()
  const { statuses, id } = await add('Замер', 'Site survey', { after: 'qualification', probabilityPct: 30 })
  assert.equal(statuses.byId(id).code, 'site-survey')
  assert.deepEqual(await order(), was.toSpliced(was.indexOf('qualification') + 1, 0, 'site-survey'))
  const front = await add('Первый', 'First', { after: null })
  assert.equal((await order())[0], front.statuses.byId(front.id).code)
  const last = await add('Последний', '最后')
  assert.deepEqual((await order()).at(-1), last.statuses.byId(last.id).code)
  assert.equal(last.statuses.byId(last.id).code, 'status')
  assert.equal((await add('Site 2', 'Site survey!')).statuses.all.filter(({ code }) => code === 'site-survey-2').length, 1)
  await refused(add('замер', 'Something else'), 'already_exists')
  await refused(add('Иной', 'Another', { code: 'new' }), 'already_exists')
  await refused(add('Иной', 'Another', { after: 'lost' }), 'not_found')
  await refused(add('Иной', 'Another', { category: 'lost', isWon: true }), 'status_category_fixed')
})

test('every property changes, and the colour that was chosen is the one drawn', async () => {
  const stepOf = async (code: string) => {
    const statuses = await listStatuses(admin())
    return statuses.view(statuses.find(code).id, 'ru').step
  }
  const byOrder = await stepOf('site-survey')
  await edit('site-survey', {
    names: { ru: 'Обмер', en: 'Survey' },
    phase: 'sale',
    category: 'paused',
    isWon: true,
    probabilityPct: 55,
    timeLimitHours: 72,
    targetConversionPct: 80,
    colour: 8,
    shownInFunnel: false,
  })
  const row = (await listStatuses(admin())).find('site-survey')
  assert.deepEqual(
    [row.names.ru, row.phase, row.category, row.isWon, row.probabilityPct, row.timeLimitHours, row.targetConversionPct],
    ['Обмер', 'sale', 'paused', true, 55, 72, 80],
  )
  assert.deepEqual([row.shownInFunnel, await stepOf('site-survey')], [false, 8])
  await edit('site-survey', { colour: null, shownInFunnel: true, timeLimitHours: null })
  assert.equal(await stepOf('site-survey'), byOrder)
  const stale = editStatus(admin(), { code: 'site-survey', version: row.version, probabilityPct: 1 })
  await refused(stale, 'version_stale')
  for (const status of (await listStatuses(admin())).all) {
    const step = await stepOf(status.code)
    assert.ok(step === null ? status.category === 'lost' : Number.isInteger(step) && step >= 1 && step <= 8, status.code)
  }
})

test('what is lost stays lost, and what is not never becomes so', async () => {
  await refused(edit('lost', { category: 'open' }), 'status_category_fixed')
  await refused(edit('lost', { isWon: true }), 'status_category_fixed')
  await refused(edit('new', { category: 'lost' }), 'status_category_fixed')
  await refused(merge('new', 'lost'), 'status_kinds_differ')
  await refused(merge('lost', 'new'), 'status_kinds_differ')
})

test('an order that somebody else has changed meanwhile is refused, and the present one is told', async () => {
  const present = await order()
  const codes = present.toReversed()
  await refused(orderStatuses(admin(), { codes: present.slice(1), seen: present }), 'conflict')
  await refused(orderStatuses(admin(), { codes: [...present.slice(1), present[1]!], seen: present }), 'conflict')
  await refused(orderStatuses(admin(), { codes: [...present, 'lost'], seen: present }), 'conflict')
  await orderStatuses(admin(), { codes, seen: present })
  const refusal: AppError = await refused(orderStatuses(admin(), { codes: present, seen: present }), 'conflict')
  assert.deepEqual(refusal.details['current'], { order: codes })
  await orderStatuses(admin(), { codes: present, seen: codes })
  assert.deepEqual(await order(), present)
})

test('of two administrators who order and add at once none loses anything, and no rank is given twice', async () => {
  const present = await order()
  const turned = [...present.slice(1), present[0]!]
  const outcomes = await Promise.allSettled([
    orderStatuses(admin(), { codes: turned, seen: present }),
    orderStatuses(admin(), { codes: present.toReversed(), seen: present }),
    add('Вместе 1', 'Together 1', { after: 'new' }),
    add('Вместе 2', 'Together 2', { after: 'new' }),
    add('Вместе 3', 'Together 3'),
  ])
  const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as AppError).code] : []))
  assert.ok(
    codes.every((code) => code === 'conflict'),
    codes.join(),
  )
  assert.deepEqual(
    outcomes.slice(2).map((outcome) => outcome.status),
    ['fulfilled', 'fulfilled', 'fulfilled'],
  )
  const ranks = inOrder(await listStatuses(admin())).map((status) => status.rank)
  assert.equal(new Set(ranks).size, present.length + 3)
})

test('an archived status is offered nowhere and no layer; coming back, it stands where it stood', async () => {
  const was = await order()
  const statuses = await edit('site-survey', { archived: true })
  assert.deepEqual([statuses.find('site-survey').archived, statuses.find('site-survey').shownInFunnel], [true, false])
  assert.deepEqual(
    await order(),
    was.filter((code) => code !== 'site-survey'),
  )
  await refused(edit('site-survey', { shownInFunnel: true }), 'status_archived')
  await edit('site-survey', { archived: false })
  assert.deepEqual(await order(), was)
  assert.equal((await listStatuses(admin())).find('site-survey').shownInFunnel, true)
})

test('a status that a process or a rule gives, or in which deals stand, is not archived; the refusal names them', async () => {
  const given = await refused(edit('qualification', { archived: true }), 'status_given')
  assert.match(String(given.details['by']), /«.+»/)
  const rule = await addRule('gives', 'site-survey', 'payment')
  const byRule = await refused(edit('site-survey', { archived: true }), 'status_given')
  assert.equal(byRule.details['by'], '«Правило gives»')
  await selectRows(world.orm.em.fork(), sql`update status_rule set is_active = false where id = ${rule}`)
  const card = await world.newDeal('mira')
  await setStatus(world.as('mira'), { ...seen(card), status: 'site-survey', reason: 'замер', hold: false })
  assert.equal((await refused(edit('site-survey', { archived: true }), 'status_has_deals')).details['count'], 1)
  await refused(
    edit('declined', { archived: true }).then(() => edit('lost', { archived: true })),
    'status_last',
  )
  await edit('declined', { archived: false })
})

test('a merged status is one no more: it takes no change, no second merger, and nothing is merged into it', async () => {
  const rule = await addRule('merged', 'site-survey', 'site-survey')
  await refused(merge('site-survey', 'site-survey'), 'status_merge_itself')
  const stale = mergeStatus(admin(), { code: 'site-survey', version: 999, into: 'proposal' })
  await refused(stale, 'version_stale')
  await merge('site-survey', 'proposal')
  await refused(merge('proposal', 'site-survey'), 'status_merged')
  await refused(merge('new', 'site-survey'), 'status_merged')
  await refused(merge('site-survey', 'new'), 'status_merged')
  await refused(edit('site-survey', { names: { ru: 'А', en: 'B' } }), 'status_merged')
  await refused(edit('site-survey', { archived: false }), 'status_merged')
  const { trigger, condition, actions } = await readRule(rule)
  assert.deepEqual(trigger, { kind: 'status_changed', status: 'proposal' })
  assert.deepEqual(condition, { any: [{ fact: 'status', is: 'oneOf', value: ['proposal', 'new'] }] })
  assert.deepEqual(actions, [{ kind: 'set_status', status: 'proposal' }])
})

test('a process whose status was merged gives the other; a deal that stands in the merged one goes on from there', async () => {
  await selectRows(world.orm.em.fork(), sql`update status_rule set is_active = false`)
  let card = await world.newDeal('mira')
  card = await moveDeal(world.as('mira'), { ...seen(card), stage: 'qualification' })
  assert.equal(statusOf(card), 'qualification')
  await merge('qualification', 'new')
  await refused(
    setStatus(world.as('mira'), {
      number: card.deal.number,
      version: card.deal.version,
      status: 'new',
      reason: 'то же',
      hold: false,
    }),
    'status_unchanged',
  )
  assert.equal((await readFacts(world.as('mira'), card.deal.id, null))['status'], 'new', 'so rules and gates see it')
  const fresh = await moveDeal(world.as('mira'), { ...seen(await world.newDeal('mira')), stage: 'qualification' })
  assert.equal(statusOf(fresh), 'new')
  const { visits } = await showHistory(world.as('mira'), { number: fresh.deal.number })
  assert.equal(visits.length, 1, 'it stands where it stood: its clock goes on')
  const { visits: kept, statuses } = await showHistory(world.as('mira'), { number: card.deal.number })
  assert.deepEqual(
    kept.map((visit) => statuses.view(visit.statusId, 'ru').name),
    ['Квалификация', 'Новая'],
  )
})

test('what was merged before follows into the next merger', async () => {
  await merge('new', 'proposal')
  const statuses = await listStatuses(admin())
  const into = statuses.find('proposal').id
  for (const code of ['site-survey', 'qualification', 'new']) assert.equal(statuses.find(code).mergedIntoId, into, code)
})

test('the way of a published process that asks for a merged status asks for the other', async () => {
  const em = world.orm.em.fork()
  const asks = JSON.stringify({ all: [{ fact: 'status', is: 'oneOf', value: ['new', 'contract'] }] })
  await selectRows(em, sql`alter table stage_transition disable trigger user`)
  await selectRows(
    em,
    sql`update stage_transition set condition = ${asks}::jsonb where id = (select min(id) from stage_transition)`,
  )
  await selectRows(em, sql`alter table stage_transition enable trigger user`)
  const versions = await selectProcessVersions(em)
  const asked = versions.flatMap(({ stages }) => stages.flatMap(({ ways }) => ways.flatMap((way) => way.condition ?? [])))
  assert.deepEqual(asked, [{ all: [{ fact: 'status', is: 'oneOf', value: ['proposal', 'contract'] }] }])
})

test('who may not change the settings changes nothing in the dictionary', async () => {
  const before = (await listStatuses(admin())).all
  const present = await order()
  for (const name of ['eva', 'carl', 'mira', 'finn'] as const) {
    await refused(createStatus(world.as(name), CreateStatus.parse({ names: { ru: 'Я', en: 'I' }, phase: 'sale' })), 'forbidden')
    await refused(orderStatuses(world.as(name), { codes: present.toReversed(), seen: present }), 'forbidden')
    await refused(mergeStatus(world.as(name), { code: 'payment', version: 1, into: 'contract' }), 'forbidden')
  }
  assert.deepEqual((await listStatuses(admin())).all, before)
})
