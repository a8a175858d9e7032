import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { deleteDraft, publishDraft, saveDraft } from '../../api/usecases/processes/edit-draft.ts'
import { migrateRuns } from '../../api/usecases/processes/migrate-runs.ts'
import {
  archiveTemplate,
  createTemplate,
  listTemplates,
  showTemplate,
  type TemplateCard,
} from '../../api/usecases/processes/templates.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused, seen, statusOf } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

type StagePart = Partial<ProcessDraft['stages'][number]>
const stage = (code: string, to: readonly string[], more: StagePart = {}): ProcessDraft['stages'][number] => ({
  code,
  names: { ru: `Этап ${code}`, en: `Stage ${code}` },
  status: null,
  timeLimitHours: null,
  gates: [],
  tasks: [],
  ways: to.map((target) => ({ to: target, names: null, condition: null })),
  ...more,
})
const draftWith = (...stages: ProcessDraft['stages']): ProcessDraft => ({
  names: { ru: 'Проба', en: 'Trial run' },
  status: 'qualification',
  stages,
})
const good = draftWith(stage('a', ['b'], { timeLimitHours: 5 }), stage('b', ['a', 'c'], { status: 'contract' }), stage('c', []))
const publish = (card: TemplateCard) =>
  publishDraft(world.as('ada'), { code: card.template.code, version: card.template.version })
const save = (card: TemplateCard, draft: ProcessDraft) =>
  saveDraft(world.as('ada'), { code: card.template.code, version: card.template.version, draft })

/** The template of a seeded type, published again with its stages changed by `change`. */
async function republish(code: string, change: (draft: ProcessDraft) => ProcessDraft): Promise<TemplateCard> {
  const card = await showTemplate(world.as('ada'), { code })
  return publish(await save(card, change(card.published!.body)))
}

test('a draft is saved and read back as it was, with gates, tasks, names of ways and conditions', async () => {
  const whole = draftWith(
    stage('one', [], {
      tasks: [{ title: { ru: 'Позвонить', en: 'Call' }, assignee: { kind: 'owner' }, dueInHours: 8 }],
      ways: [
        { to: 'two', names: { ru: 'Дорого', en: 'Dear' }, condition: { fact: 'amount', is: 'atLeast', value: 5 } },
        { to: 'three', names: null, condition: null },
      ],
    }),
    stage('two', ['three', 'one'], { gates: [{ kind: 'requisites' }, { kind: 'amount', fromMinor: 1, toMinor: null }] }),
    stage('three', [], { status: 'delivery', timeLimitHours: 100 }),
  )
  const made = await createTemplate(world.as('ada'), { draft: whole })
  assert.equal(made.template.code, 'trial_run')
  assert.deepEqual(made.draft!.body, whole)
  assert.equal(made.published, null)
  const swapped = draftWith(whole.stages[1]!, { ...whole.stages[0]!, gates: [{ kind: 'tasks' }] }, stage('four', ['one']))
  const without = {
    ...swapped,
    stages: swapped.stages.map((one) => ({ ...one, ways: one.ways.filter(({ to }) => to !== 'three') })),
  }
  const saved = await save(made, without)
  assert.deepEqual(saved.draft!.body, without)
  assert.equal(saved.draft!.version.number, 1)
  const copy = await createTemplate(world.as('ada'), { draft: without })
  assert.deepEqual([copy.template.code, copy.draft!.body], ['trial_run_2', without])
})

test('only administrators see and change templates with their drafts; the published ones are for all', async () => {
  const input = { code: 'service', version: 1 }
  for (const name of ['eva', 'carl', 'mira', 'finn'] as const) {
    const session = world.as(name)
    await refused(listTemplates(session, { all: true }), 'forbidden')
    await refused(showTemplate(session, input), 'forbidden')
    await refused(createTemplate(session, { draft: good }), 'forbidden')
    await refused(saveDraft(session, { ...input, draft: good }), 'forbidden')
    await refused(deleteDraft(session, input), 'forbidden')
    await refused(publishDraft(session, input), 'forbidden')
    await refused(archiveTemplate(session, { ...input, archived: true }), 'forbidden')
    await refused(migrateRuns(session, { code: 'service', fromVersion: 1, stages: {}, dryRun: true }), 'forbidden')
    const seenByAll = await listTemplates(session, {})
    assert.equal(seenByAll.all, false)
  }
})

test('a draft with errors is kept but not published, and every error is said', async () => {
  const kept = await createTemplate(world.as('ada'), {
    draft: draftWith(
      stage('a', ['b']),
      stage('b', [], { gates: [{ kind: 'document', documentType: 'nothing', goal: 'signed' }] }),
      stage('lonely', []),
    ),
  })
  const error = await refused(publish(kept), 'process_findings')
  const findings = error.details['findings'] as { kind: string; stage: string; text: string }[]
  assert.deepEqual(
    findings.map(({ kind, stage: code }) => [kind, code]),
    [
      ['document_type_unknown', 'b'],
      ['stage_unreachable', 'lonely'],
    ],
  )
  assert.match(String(error.details['why']), /Этап lonely/)
  assert.equal((await showTemplate(world.as('ada'), { code: kept.template.code })).published, null)
})

test('what cannot be written down is refused by name: a code twice, a way to nowhere, a status that never was', async () => {
  const twice = await refused(
    createTemplate(world.as('ada'), { draft: draftWith(stage('a', []), stage('a', [])) }),
    'process_findings',
  )
  assert.equal((twice.details['findings'] as { kind: string }[])[0]!.kind, 'code_twice')
  const nowhere = await refused(createTemplate(world.as('ada'), { draft: draftWith(stage('a', ['x'])) }), 'process_findings')
  assert.equal((nowhere.details['findings'] as { kind: string }[])[0]!.kind, 'way_to_nowhere')
  const unknown = draftWith(stage('a', [], { status: 'never_was' }))
  const status = await refused(createTemplate(world.as('ada'), { draft: unknown }), 'process_findings')
  assert.match(String(status.details['why']), /never_was/)
})

test('new deals begin on what is published last; running ones stay on theirs, and a published version never changes', async () => {
  const before = await world.newDeal('mira', { type: 'project' })
  const saved = await save(await showTemplate(world.as('ada'), { code: 'project' }), good)
  assert.equal((await world.newDeal('mira', { type: 'project' })).deal.stageCode, 'request')
  const published = await publish(saved)
  assert.deepEqual([published.published!.version.number, published.draft], [2, null])
  assert.deepEqual(published.published!.body, good)
  const after = await world.newDeal('mira', { type: 'project' })
  assert.deepEqual([after.deal.stageCode, statusOf(after)], ['a', 'qualification'])
  assert.equal((await showDeal(world.as('mira'), before.deal)).deal.stageCode, 'request')
  assert.deepEqual(
    published.running.map(({ version, runs }) => [version.number, runs]),
    [[1, 2]],
  )
  const change = selectRows(
    world.orm.em.fork(),
    sql`update stage set name_ru = 'Иначе' where id = ${published.published!.version.stages[0]!.id}`,
  )
  await assert.rejects(change, /never changes/)
  await refused(publish(published), 'not_found')
})

test('whoever saves on a version that is no longer the newest is refused; of two at once one wins', async () => {
  const made = await createTemplate(world.as('ada'), { draft: good })
  const outcomes = await Promise.allSettled([save(made, draftWith(stage('x', []))), save(made, draftWith(stage('y', [])))])
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
  const error = await refused(save(made, good), 'version_stale')
  const current = await showTemplate(world.as('ada'), { code: made.template.code })
  assert.deepEqual(error.details['current'], { version: current.template.version })
})

test('a draft can be thrown away; without one there is nothing to throw away or publish', async () => {
  const made = await createTemplate(world.as('ada'), { draft: good })
  const without = await deleteDraft(world.as('ada'), { code: made.template.code, version: made.template.version })
  assert.deepEqual([without.draft, without.published], [null, null])
  await refused(deleteDraft(world.as('ada'), { code: made.template.code, version: without.template.version }), 'not_found')
  await refused(publish(without), 'not_found')
  assert.deepEqual((await save(without, good)).draft!.body, good)
})

test('a template that deal types use is not archived; another is, and comes back', async () => {
  const used = await showTemplate(world.as('ada'), { code: 'service' })
  const archive = (card: TemplateCard, archived: boolean) =>
    archiveTemplate(world.as('ada'), { code: card.template.code, version: card.template.version, archived })
  await refused(archive(used, true), 'process_in_use')
  const free = await createTemplate(world.as('ada'), { draft: good })
  const archived = await archive(free, true)
  assert.equal(archived.template.archived, true)
  assert.equal((await archive(archived, false)).template.archived, false)
})

test('running deals are moved to the newest version by a mapping, after a look at what that does', async () => {
  const [first, held, waiting, stays, lost] = [
    await world.newDeal('mira', { type: 'service' }),
    await world.newDeal('mira', { type: 'service' }),
    await world.newDeal('mira', { type: 'service' }),
    await world.newDeal('mira', { type: 'service' }),
    await world.newDeal('mira', { type: 'service' }),
  ] as [DealCard, DealCard, DealCard, DealCard, DealCard]
  await setStatus(world.as('mira'), { ...seen(held), status: 'negotiation', reason: 'так', hold: true })
  await moveDeal(world.as('mira'), { ...seen(waiting), stage: 'diagnostics' })
  await moveDeal(world.as('mira'), { ...seen(stays), stage: 'estimate' })
  const { loseDeal } = await import('../../api/usecases/deals/lose-deal.ts')
  await loseDeal(world.as('mira'), { ...seen(lost), status: 'lost', reason: 'так' })
  await republish('service', () => ({
    ...draftWith(
      stage('intake', ['check'], { status: 'proposal' }),
      stage('check', ['done'], { status: 'qualification' }),
      stage('done', []),
    ),
    names: { ru: 'Сервис', en: 'Service' },
  }))
  world.clock.advance({ minutes: 30 })

  const input = { code: 'service', fromVersion: 1, stages: { request: 'intake', diagnostics: 'check' } }
  const seenFirst = await migrateRuns(world.as('ada'), { ...input, dryRun: true })
  const counts = ({ stages }: typeof seenFirst) =>
    stages.filter(({ runs }) => runs > 0).map(({ from, to, runs, statusChanges }) => [from.code, to?.code, runs, statusChanges])
  const expected = [
    ['request', 'intake', 2, 1],
    ['diagnostics', 'check', 1, 0],
    ['estimate', undefined, 1, 0],
  ]
  assert.deepEqual([seenFirst.moved, counts(seenFirst)], [3, expected])
  assert.equal((await showDeal(world.as('mira'), first.deal)).deal.stageCode, 'request')

  const both = await Promise.all([
    migrateRuns(world.as('ada'), { ...input, dryRun: false }),
    migrateRuns(world.as('ada'), { ...input, dryRun: false }),
  ])
  assert.deepEqual(both.map(({ moved }) => moved).sort(), [0, 3])
  const now = async (card: DealCard) => showDeal(world.as('mira'), card.deal)
  const states = await Promise.all([first, held, waiting, stays, lost].map(now))
  assert.deepEqual(
    states.map((card) => [card.deal.stageCode, statusOf(card)]),
    [
      ['intake', 'proposal'],
      ['intake', 'negotiation'],
      ['check', 'qualification'],
      ['estimate', 'proposal'],
      ['request', 'lost'],
    ],
  )
  const moved = states[0]!
  assert.deepEqual(moved.runs[0]!.stageSince, first.runs[0]!.stageSince)
  assert.equal(moved.deal.version, first.deal.version + 1)
  assert.deepEqual([moved.visits[0]!.cause.kind, moved.undo], ['stage', null])
  const { events } = await showHistory(world.as('mira'), first.deal)
  assert.deepEqual(events.map(({ body }) => body.kind).sort(), ['deal_created', 'stage_entered', 'status_changed'])
  const entered = events.find(({ body }) => body.kind === 'stage_entered')!
  assert.deepEqual(entered.body.kind === 'stage_entered' && entered.body.versions, { from: 1, to: 2 })
  assert.equal(entered.actorId, world.people.ada.id)
  const audited = await selectRow<{ count: number }>(
    world.orm.em.fork(),
    sql`select count(*)::int as count from audit_entry where entity = 'process_run' and actor_id = ${world.people.ada.id} and action = 'update'`,
  )
  assert.equal(audited!.count, 3)
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
  const onward = await moveDeal(world.as('mira'), { ...seen(states[2]!), stage: 'done' })
  assert.equal(onward.runs[0]!.state, 'finished')
})

test('a stage that is moved to an end finishes the process, and its open tasks with it', async () => {
  await republish('support_contract', (body) => ({
    ...body,
    stages: body.stages.map((one, index) =>
      index === 0
        ? { ...one, tasks: [{ title: { ru: 'Дело', en: 'Job' }, assignee: { kind: 'owner' }, dueInHours: null }] }
        : one,
    ),
  }))
  const card = await world.newDeal('mira', { type: 'support_contract' })
  const taskStates = () =>
    selectRows<{ state: string }>(world.orm.em.fork(), sql`select state from deal_task where deal_id = ${card.deal.id}`)
  assert.deepEqual(await taskStates(), [{ state: 'open' }])
  await republish('support_contract', (body) => ({
    ...body,
    stages: [body.stages[0]!, { ...body.stages[3]!, code: 'end', ways: [] }].map((one) => ({
      ...one,
      ways: one.code === 'offer' ? [{ to: 'end', names: null, condition: null }] : [],
    })),
  }))
  await migrateRuns(world.as('ada'), { code: 'support_contract', fromVersion: 2, stages: { offer: 'end' }, dryRun: false })
  const after = await showDeal(world.as('mira'), card.deal)
  assert.deepEqual([after.runs[0]!.state, statusOf(after)], ['finished', 'support'])
  assert.deepEqual(await taskStates(), [{ state: 'cancelled' }])
  assert.deepEqual((await checkInvariants(world.orm.em.fork())).findings, [])
})

test('a mapping of stages that are not there, or with nothing newer to go to, is refused', async () => {
  const input = { code: 'product_sale', fromVersion: 1, stages: {}, dryRun: false }
  await refused(migrateRuns(world.as('ada'), input), 'process_not_published')
  await refused(migrateRuns(world.as('ada'), { ...input, fromVersion: 9 }), 'not_found')
  await refused(migrateRuns(world.as('ada'), { ...input, code: 'absent' }), 'not_found')
  await republish('product_sale', (body) => body)
  const error = await refused(
    migrateRuns(world.as('ada'), { ...input, stages: { request: 'absent', nothing: 'request' } }),
    'input_invalid',
  )
  assert.deepEqual(error.details['problems'], [
    { path: 'stages.request', message: 'absent' },
    { path: 'stages.nothing', message: 'nothing' },
  ])
})
