import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { toPastDeal } from '../../api/usecases/rules/past-deal.ts'
import { previewRules } from '../../api/usecases/rules/preview-rules.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectProcessVersions } from '../../db/queries/dictionaries.ts'
import { selectPastDeals } from '../../db/queries/past.ts'
import { selectAllRules } from '../../db/queries/rules.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { replayDeal } from '../../shared/domain/simulate.ts'
import type { Setup } from '../../shared/domain/simulate-past.ts'
import type { StatusRule } from '../../shared/domain/status-rules.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { PreviewRules } from '../../shared/schemas/process.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused, seen } from './deal-facts.ts'

type Rule = Pick<StatusRule, 'trigger' | 'condition' | 'forwardOnly' | 'actions' | 'dealTypes'>
const rules: readonly Rule[] = [
  {
    trigger: { kind: 'stage_entered', stage: 'qualification' },
    condition: { all: [{ fact: 'amount', is: 'atLeast', value: 500_00 }] },
    forwardOnly: true,
    dealTypes: [],
    actions: [{ kind: 'set_status', status: 'negotiation' }],
  },
  {
    trigger: { kind: 'status_changed', status: 'negotiation' },
    condition: { any: [{ fact: 'title', is: 'contains', value: 'срочно' }] },
    forwardOnly: false,
    dealTypes: ['product_sale'],
    actions: [{ kind: 'set_status', status: 'contract' }],
  },
  {
    trigger: { kind: 'field_changed', fact: 'amount' },
    condition: { all: [{ fact: 'amount', is: 'atMost', value: 200_00 }] },
    forwardOnly: false,
    dealTypes: [],
    actions: [{ kind: 'set_status', status: 'proposal' }],
  },
]

let world: World
before(async () => {
  world = await createWorld()
  const em = world.orm.em.fork()
  for (const [position, rule] of rules.entries())
    em.create(StatusRuleEntity, {
      code: `r${position}`,
      nameRu: `П${position}`,
      nameEn: `R${position}`,
      position,
      triggerKind: rule.trigger.kind,
      ...rule,
    })
  await em.flush()
})

const body = (rule: Rule) => ({ ...rule, names: { ru: 'П', en: 'R' }, isActive: true })
const ask = (given: object) =>
  previewRules(world.as('ada'), PreviewRules.parse({ from: '2026-11-01', to: '2026-12-31', ...given }))

type Deed = (card: DealCard) => Promise<DealCard>
const deed = fc.oneof(
  fc.constantFrom('qualification', 'proposal', 'negotiation', 'contract', 'request').map(
    (stage): Deed =>
      (card) =>
        moveDeal(world.as('ada'), { ...seen(card), stage }),
  ),
  fc.tuple(fc.constantFrom('new', 'proposal', 'contract', 'delivery'), fc.boolean()).map(
    ([status, hold]): Deed =>
      (card) =>
        setStatus(world.as('ada'), { ...seen(card), status, reason: 'так', hold }),
  ),
  fc.constant<Deed>((card) => liftHold(world.as('ada'), seen(card))),
  fc.integer({ min: 1, max: 9 }).map(
    (n): Deed =>
      (card) =>
        editDeal(world.as('ada'), { ...seen(card), amount: { amountMinor: n * 100_00, currency: 'RUB' } }),
  ),
  fc.constantFrom('Станок', 'Станок срочно').map(
    (title): Deed =>
      (card) =>
        editDeal(world.as('ada'), { ...seen(card), title }),
  ),
  fc.constant<Deed>((card) => loseDeal(world.as('ada'), { ...seen(card), status: 'lost', reason: 'нет' })),
  fc.constant<Deed>((card) => reopenDeal(world.as('ada'), { ...seen(card), reason: 'да' })),
)

test('playing the recorded past again gives the very visits that happened, whatever was done', async () => {
  const em = world.orm.em.fork()
  const versions = new Map((await selectProcessVersions(em)).map((version) => [version.id, version]))
  const all = await selectAllRules(em)
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 12 }),
      fc.constantFrom('product_sale', 'service'),
      async (deeds, type) => {
        let card = await world.newDeal('mira', { type })
        for (const act of deeds) {
          world.clock.advance({ minutes: 1 })
          card = await act(card).catch((error: unknown) => {
            if (error instanceof AppError) return card
            throw error
          })
        }
        const [row] = await selectPastDeals(world.orm.em.fork(), new Date(0), new Date('2100-01-01'), card.deal.id - 1, 1)
        const now = await showDeal(world.as('ada'), card.deal)
        const { statuses } = now
        const codes = (id: number) => statuses.byId(id)
        const setup: Setup = {
          rules: all,
          statusOfStage: (template, stage) => {
            const version = [...versions.values()].find((one) => one.templateCode === template)!
            const found = version.stages.find((one) => one.code === stage)
            return found?.statusId ? codes(found.statusId).code : null
          },
          rankOf: (code) => (statuses.find(code).category === 'lost' ? null : statuses.find(code).rank),
          isLost: (code) => statuses.find(code).category === 'lost',
        }
        const played = replayDeal(toPastDeal(row!, { versions, kinds: new Map() }), setup)
        const happened = now.visits.filter((visit) => !visit.voided).toReversed()
        assert.deepEqual(
          played.visits.map((visit) => [visit.status, visit.ruleId]),
          happened.map((visit) => [codes(visit.statusId).code, visit.cause.kind === 'rule' ? visit.cause.rule.id : null]),
        )
      },
    ),
    { numRuns: 40 },
  )
})

test('unchanged rules make no difference, and the layers are those of the funnel itself', async () => {
  const same = await ask({})
  assert.deepEqual([same.differing, same.items.length], [0, 0])
  assert.ok(same.deals >= 40)
  const again = await ask({ rules: rules.map(body) })
  assert.equal(again.differing, 0)
  const shown = await showFunnel(world.as('ada'), ShowFunnel.parse({ from: '2026-11-01', to: '2026-12-31' }))
  assert.ok(shown.basis === 'cohort')
  assert.deepEqual(
    same.layers.map(({ statusId, before }) => [statusId, before.reached, before.lost]),
    shown.funnel.layers.map(({ status, reached, lost }) => [status.id, reached, lost]),
  )
})

test('a changed rule names the deals that would have gone another way, and nothing is written', async () => {
  const big = await world.newDeal('mira', { amountMinor: 900_00, title: 'Пресс' })
  const moved = await moveDeal(world.as('mira'), { ...seen(big), stage: 'qualification' })
  const count = async () =>
    (await selectRows<{ n: number }>(world.orm.em.fork(), sql`select count(*)::int as n from deal_event`))[0]!.n
  const events = await count()
  const changed = await ask({
    rules: [body({ ...rules[0]!, actions: [{ kind: 'set_status', status: 'payment' }] }), ...rules.slice(1).map(body)],
  })
  const item = changed.items.find(({ deal }) => deal.number === moved.deal.number)!
  assert.deepEqual(
    [item.before.visits.map((visit) => visit.status), item.after.visits.map((visit) => visit.status)],
    [
      ['new', 'negotiation'],
      ['new', 'payment'],
    ],
  )
  assert.equal(await count(), events)
  const payment = changed.layers.find(({ statusId }) => changed.statuses.byId(statusId).code === 'payment')!
  assert.ok(payment.after.reached > payment.before.reached)
})

test('another status of a stage is tried the same way; what is unknown or too early is refused', async () => {
  const changed = await ask({ rules: [], stages: [{ template: 'product_sale', stage: 'qualification', status: 'delivery' }] })
  assert.ok(changed.items.some(({ after }) => after.visits.some((visit) => visit.status === 'delivery')))
  await refused(ask({ stages: [{ template: 'product_sale', stage: 'nowhere', status: null }] }), 'not_found')
  await refused(ask({ from: '2026-12-31', to: '2026-11-01' }), 'input_invalid')
  await refused(previewRules(world.as('mira'), PreviewRules.parse({ from: '2026-11-01', to: '2026-12-31' })), 'forbidden')
})
