import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentRulePreview } from '../../api/presenters/rule-preview.ts'
import { decideApproval } from '../../api/usecases/approvals/decide-approval.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { setDocumentState } from '../../api/usecases/documents/set-document-state.ts'
import { saveDraft } from '../../api/usecases/processes/edit-draft.ts'
import { showTemplate } from '../../api/usecases/processes/templates.ts'
import { previewRules, type RulePreview } from '../../api/usecases/rules/preview-rules.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { PreviewRules, type ProcessDraft } from '../../shared/schemas/process.ts'
import { stage as newStage, type StageDraft } from '../support/drafts.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused, seen } from './deal-facts.ts'

const code = 'trial'
let world: World
let body: ProcessDraft
before(async () => {
  world = await createWorld()
  const id = await insertProcess(world.orm, code, [
    { code: 'ask', status: 'new', to: ['offer'] },
    { code: 'offer', status: 'proposal', to: ['sign', 'ask'], gates: [{ kind: 'fields', facts: ['expectedCloseOn'] }] },
    { code: 'sign', status: 'contract', to: ['work', 'offer'], gates: [{ kind: 'approval', role: 'head' }] },
    { code: 'work', status: 'delivery', to: ['done', 'sign'] },
    { code: 'done', status: 'closed', to: [] },
  ])
  await insertType(world.orm, 'trial', id)
  await selectRows(
    world.orm.em.fork(),
    sql`insert into deal_type_document (deal_type_id, document_type_id) select t.id, d.id from deal_type t, document_type d where t.code = 'trial'`,
  )
  body = (await showTemplate(world.as('ada'), { code })).published!.body
})

const ask = (given: object) =>
  previewRules(world.as('ada'), PreviewRules.parse({ from: '2026-11-01', to: '2027-12-31', ...given }))
const tryDraft = (draft: ProcessDraft) => ask({ process: { code, draft } })
const change = (stage: string, changes: Partial<StageDraft>): ProcessDraft => ({
  ...body,
  stages: body.stages.map((one) => (one.code === stage ? { ...one, ...changes } : one)),
})
const ways = (...to: string[]): StageDraft['ways'] => to.map((one) => ({ to: one }))
const itemOf = (preview: RulePreview, card: DealCard) => preview.items.find(({ deal }) => deal.number === card.deal.number)
const statusesOf = (played: { readonly visits: readonly { readonly status: string }[] }) =>
  played.visits.map(({ status }) => status)

async function move(card: DealCard, stage: string): Promise<DealCard> {
  world.clock.advance({ days: 1 })
  return moveDeal(world.as('ada'), { ...seen(card), stage })
}

async function approve(card: DealCard, stage: string): Promise<DealCard> {
  const run = card.runs.find((one) => one.isMain)!
  return decideApproval(world.as('ada'), { ...seen(card), run: run.id, stage, approved: true, comment: '', role: 'head' })
}

async function document(card: DealCard, ...states: ('on_approval' | 'approved' | 'signed')[]): Promise<DealCard> {
  const given = { deal: card.deal.number, type: 'contract', number: '1', datedOn: '2026-11-20' }
  await createDocument(world.as('ada'), given)
  for (const state of states) {
    const [row] = await selectRows<{ id: number; version: number }>(
      world.orm.em.fork(),
      sql`select id, version from deal_document where deal_id = ${card.deal.id} order by id desc limit 1`,
    )
    await setDocumentState(world.as('ada'), { id: row!.id, version: row!.version, state })
  }
  return showDeal(world.as('ada'), card.deal)
}

/** A deal whose close is expected, so that it may be offered something. */
async function newDeal(title: string): Promise<DealCard> {
  const card = await world.newDeal('mira', { type: 'trial', title })
  return editDeal(world.as('ada'), { ...seen(card), expectedCloseOn: '2026-12-31' })
}

async function toWork(title: string, signed: 'never' | 'early' | 'late'): Promise<DealCard> {
  let card = await move(await newDeal(title), 'offer')
  card = await approve(card, 'sign')
  if (signed === 'early') card = await document(card, 'on_approval', 'approved', 'signed')
  card = await move(card, 'sign')
  if (signed === 'late') card = await document(card, 'on_approval', 'approved', 'signed')
  return move(card, 'work')
}

async function checksums(): Promise<unknown> {
  const em = world.orm.em.fork()
  const tables = await selectRows<{ name: string }>(
    em,
    sql`select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const sums: unknown[] = []
  for (const { name } of tables)
    sums.push([
      name,
      await selectRows(
        em,
        sql`select count(*)::int as n, md5(string_agg(t::text, '|' order by t::text)) as sum from ${sql.raw(name)} t`,
      ),
    ])
  return sums
}

test('an unchanged template makes no difference, whatever way deals went', async () => {
  await toWork('Ровная', 'early')
  const deed = fc.constantFrom('ask', 'offer', 'sign', 'work', 'done', 'approve', 'document')
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 10 }), async (deeds) => {
      let card = await newDeal('Любая')
      for (const one of deeds) {
        world.clock.advance({ minutes: 7 })
        const done =
          one === 'approve' ? approve(card, 'sign') : one === 'document' ? document(card, 'on_approval') : move(card, one)
        card = await done.catch((error: unknown) => {
          if (error instanceof AppError) return card
          throw error
        })
      }
    }),
    { numRuns: 15 },
  )
  const same = await tryDraft(body)
  assert.deepEqual([same.differing, same.refused, same.gone.size, same.unknown], [0, 0, 0, []])
  assert.ok(same.deals >= 16)
})

test('a gate of the draft holds back the moves that it would have refused, says why, and lets the deal go on once it is passed', async () => {
  const [never, early, late] = [
    await toWork('Без договора', 'never'),
    await toWork('С договором', 'early'),
    await toWork('Позже', 'late'),
  ]
  const sign = body.stages.find((stage) => stage.code === 'sign')!
  const preview = await tryDraft(
    change('sign', { gates: [...sign.gates, { kind: 'document', documentType: 'contract', goal: 'signed' }] }),
  )
  assert.equal(itemOf(preview, early), undefined)
  const held = itemOf(preview, never)!
  assert.deepEqual(statusesOf(held.before), ['new', 'proposal', 'contract', 'delivery'])
  assert.deepEqual([statusesOf(held.after), held.after.stage], [['new', 'proposal'], 'offer'])
  assert.deepEqual(
    held.after.refused.map(({ from, to }) => [from, to]),
    [
      ['offer', 'sign'],
      ['offer', 'sign'],
    ],
  )
  const later = itemOf(preview, late)!
  assert.deepEqual(statusesOf(later.after), ['new', 'proposal', 'contract', 'delivery'], 'with the next move it catches up')
  assert.deepEqual(later.after.refused.length, 1)
  const view = presentRulePreview(preview, world.as('ada'))
  const item = view.items.find(({ number }) => number === never.deal.number)!
  assert.match(item.refused[0]!.why.join(' '), /подписан/i)
  assert.equal(item.stage.after, 'Этап offer')
})

test('a decision that nobody was asked for is not guessed: the move is played, and it is said', async () => {
  const card = await toWork('Решение', 'never')
  const preview = await tryDraft(change('work', { gates: [{ kind: 'approval', role: 'executive' }] }))
  assert.equal(itemOf(preview, card), undefined)
  assert.deepEqual(
    preview.unknown.map(({ kind, what }) => [kind, what]),
    [['approval', 'executive']],
  )
  const cautious = await tryDraft(change('offer', { gates: [{ kind: 'requisites' }] }))
  assert.ok(cautious.unknown.some(({ kind, what }) => kind === 'fact' && what === 'requisitesComplete'))
})

test('fields are looked at as they were at the move', async () => {
  let card = await move(await newDeal('Дата'), 'offer')
  card = await approve(card, 'sign')
  card = await editDeal(world.as('ada'), { ...seen(card), expectedCloseOn: null })
  card = await move(card, 'sign')
  card = await editDeal(world.as('ada'), { ...seen(card), expectedCloseOn: '2027-01-15' })
  card = await move(card, 'work')
  const preview = await tryDraft(change('sign', { gates: [{ kind: 'fields', facts: ['expectedCloseOn'] }] }))
  const item = itemOf(preview, card)!
  assert.equal(item.after.refused.length, 1)
  assert.equal(item.after.stage, 'work')
})

test('moves into a stage that is gone are counted by stage, a new stage is passed through, a changed status is given', async () => {
  const card = await toWork('Этапы', 'early')
  const without = {
    ...body,
    stages: body.stages
      .filter((stage) => stage.code !== 'sign')
      .map((stage) =>
        stage.code === 'offer'
          ? { ...stage, ways: ways('work', 'ask') }
          : { ...stage, ways: stage.ways.filter(({ to }) => to !== 'sign') },
      ),
  }
  const gone = await tryDraft(without)
  assert.ok(gone.gone.get('sign')! > 0)
  assert.deepEqual(statusesOf(itemOf(gone, card)!.after), ['new', 'proposal', 'delivery'])

  const [first, ...rest] = change('ask', { ways: ways('survey') }).stages
  const survey = newStage('survey', ['offer'], { status: 'qualification' })
  const added = await tryDraft({ ...body, stages: [first!, survey, ...rest] })
  assert.deepEqual(statusesOf(itemOf(added, card)!.after), ['new', 'qualification', 'proposal', 'contract', 'delivery'])

  const renamed = await tryDraft(change('sign', { names: { ru: 'Подпись', en: 'Signature' }, status: 'negotiation' }))
  assert.deepEqual(statusesOf(itemOf(renamed, card)!.after), ['new', 'proposal', 'negotiation', 'delivery'])
  const layer = (preview: RulePreview, status: string) =>
    preview.layers.find(({ statusId }) => preview.statuses.byId(statusId).code === status)!
  assert.ok(layer(renamed, 'negotiation').after.reached > 0)
})

test('a way that the draft does not offer any more is listed as such', async () => {
  const card = await toWork('Путь', 'early')
  const preview = await tryDraft(change('offer', { ways: ways('ask') }))
  const item = itemOf(preview, card)!
  assert.deepEqual(item.after.refused[0]!.requirements, [{ kind: 'no_way', from: 'offer', to: 'sign' }])
})

test('without a draft the kept one is tried; parts add up to the whole; what cannot be tried is refused', async () => {
  await refused(ask({ process: { code } }), 'not_found')
  const { template } = await showTemplate(world.as('ada'), { code })
  const kept = change('sign', { status: 'negotiation' })
  await saveDraft(world.as('ada'), { code, version: template.version, draft: kept })
  const [whole, given] = [await ask({ process: { code } }), await tryDraft(kept)]
  assert.deepEqual([whole.differing, whole.refused], [given.differing, given.refused])
  assert.ok(whole.differing > 0)

  let [after, deals, differing, reached]: [number | undefined, number, number, number] = [undefined, 0, 0, 0]
  for (;;) {
    const part = await ask({ process: { code }, limit: 3, ...(after === undefined ? {} : { after }) })
    assert.equal(part.total, whole.total)
    deals += part.deals
    differing += part.differing
    reached += part.layers[1]!.after.reached
    if (part.next === null) break
    after = part.next
  }
  assert.deepEqual([deals, differing, reached], [whole.deals, whole.differing, whole.layers[1]!.after.reached])
  await refused(ask({ process: { code: 'nowhere' } }), 'not_found')
  await refused(tryDraft(change('sign', { ways: ways('moon') })), 'process_findings')
  await refused(tryDraft(change('sign', { status: 'no-such-status' })), 'process_findings')
})

test('rules that wait for time are played between the real events, once each', async () => {
  const quiet = await move(await newDeal('Тихая'), 'offer')
  world.clock.advance({ days: 20 })
  const idle = {
    trigger: { kind: 'deal_idle', days: 10 },
    condition: { all: [{ fact: 'title', is: 'is', value: 'Тихая' }] },
    forwardOnly: false,
    dealTypes: ['trial'],
    actions: [{ kind: 'set_status', status: 'negotiation' }],
    names: { ru: 'П', en: 'R' },
    isActive: true,
  }
  const slept = itemOf(await ask({ rules: [idle] }), quiet)!
  assert.deepEqual(statusesOf(slept.after), ['new', 'proposal', 'negotiation'])
  assert.equal(Date.parse(slept.after.visits[2]!.at) - Date.parse(slept.after.visits[1]!.at), 10 * 86_400_000)
  const late = { ...idle, trigger: { kind: 'deadline_passed' } }
  const drafted = await ask({ rules: [late], process: { code, draft: change('offer', { timeLimitHours: 48 }) } })
  assert.deepEqual(statusesOf(itemOf(drafted, quiet)!.after), ['new', 'proposal', 'negotiation'])
})

test('a preview writes nothing at all', async () => {
  const sums = await checksums()
  await tryDraft(change('sign', { status: 'negotiation', gates: [{ kind: 'tasks' }] }))
  await ask({ rules: [] })
  assert.deepEqual(await checksums(), sums)
})
