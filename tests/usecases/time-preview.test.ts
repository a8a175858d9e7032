import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { hearTime } from '../../api/usecases/rules/hear-time.ts'
import { previewRules } from '../../api/usecases/rules/preview-rules.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { StatusRule } from '../../shared/domain/status-rules.ts'
import { PreviewRules } from '../../shared/schemas/process.ts'
import { insertProcess, insertType } from '../support/processes.ts'
import { createWorld, type World } from '../support/world.ts'
import { seen } from './deal-facts.ts'

type Rule = Pick<StatusRule, 'trigger' | 'condition' | 'actions'> & { readonly forwardOnly?: boolean }
const to = (status: string) => [{ kind: 'set_status', status } as const]
const rules: readonly Rule[] = [
  {
    trigger: { kind: 'deadline_passed' },
    condition: { all: [{ fact: 'status', is: 'is', value: 'new' }] },
    actions: to('qualification'),
  },
  {
    trigger: { kind: 'deadline_passed' },
    condition: { all: [{ fact: 'status', is: 'is', value: 'proposal' }] },
    actions: to('negotiation'),
  },
  {
    trigger: { kind: 'deal_idle', days: 2 },
    condition: { all: [{ fact: 'amount', is: 'atLeast', value: 500_00 }] },
    actions: to('contract'),
  },
  {
    trigger: { kind: 'deal_idle', days: 3 },
    condition: { all: [{ fact: 'status', is: 'isNot', value: 'payment' }] },
    actions: to('payment'),
  },
  {
    trigger: { kind: 'status_changed', status: 'qualification' },
    condition: { all: [{ fact: 'title', is: 'contains', value: 'срочно' }] },
    actions: to('proposal'),
  },
  { trigger: { kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 1 }, condition: { all: [] }, actions: to('delivery') },
  {
    trigger: { kind: 'period_began', every: 'week' },
    condition: { all: [{ fact: 'amount', is: 'atMost', value: 200_00 }] },
    actions: to('support'),
  },
]

let world: World
before(async () => {
  world = await createWorld()
  const id = await insertProcess(world.orm, 'timed', [
    { code: 'ask', status: 'new', to: ['offer'] },
    { code: 'offer', status: 'proposal', to: ['sign', 'ask'] },
    { code: 'sign', status: 'contract', to: ['offer'] },
    { code: 'over', to: [] },
  ])
  await insertType(world.orm, 'timed', id)
  const em = world.orm.em.fork()
  await em
    .getConnection()
    .execute("update status set time_limit_hours = case code when 'proposal' then 43 when 'new' then 30 end")
  for (const [position, rule] of rules.entries())
    em.create(StatusRuleEntity, {
      code: `t${position}`,
      nameRu: `П${position}`,
      nameEn: `R${position}`,
      position,
      triggerKind: rule.trigger.kind,
      dealTypes: ['timed'],
      forwardOnly: false,
      ...rule,
    })
  await em.flush()
})

type Deed = (card: DealCard) => Promise<DealCard>
const ada = () => world.as('ada')
const deed: fc.Arbitrary<Deed | number> = fc.oneof(
  fc.constantFrom('ask', 'offer', 'sign').map(
    (stage): Deed =>
      (card) =>
        moveDeal(ada(), { ...seen(card), stage }),
  ),
  fc.integer({ min: 1, max: 9 }).map(
    (n): Deed =>
      (card) =>
        editDeal(ada(), { ...seen(card), amount: { amountMinor: n * 100_00, currency: 'RUB' } }),
  ),
  fc.integer({ min: 0, max: 6 }).map(
    (days): Deed =>
      (card) =>
        editDeal(ada(), { ...seen(card), expectedCloseOn: dayAfter(days) }),
  ),
  fc.constant<Deed>((card) => commentDeal(ada(), { ...seen(card), text: 'Позвонил' })),
  fc.tuple(fc.constantFrom('new', 'proposal', 'contract'), fc.boolean()).map(
    ([status, hold]): Deed =>
      (card) =>
        setStatus(ada(), { ...seen(card), status, reason: 'так', hold }),
  ),
  fc.constant<Deed>((card) => liftHold(ada(), seen(card))),
  fc.constant<Deed>((card) => loseDeal(ada(), { ...seen(card), status: 'lost', reason: 'нет' })),
  fc.constant<Deed>((card) => reopenDeal(ada(), { ...seen(card), reason: 'да' })),
  fc.integer({ min: 5, max: 80 }).map((hours) => hours * 60),
)

function dayAfter(days: number): string {
  return new Date(world.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)
}

/** Time goes by as it does for the job, which looks whenever something is due. */
async function wait(minutes: number): Promise<void> {
  const end = world.clock.now().getTime() + minutes * 60_000
  for (let now = await nextDue(end); now < end; now = await nextDue(end)) await hearAt(now)
  await hearAt(end)
}

async function hearAt(instant: number): Promise<void> {
  world.clock.set(new Date(instant))
  await hearTime(world.orm.em.fork(), world.clock.now())
}

/** When next a limit runs out, a day of a quiet spell is full or a day begins; at most `end`. */
async function nextDue(end: number): Promise<number> {
  const now = world.clock.now().toISOString()
  const rows = await world.orm.em
    .fork()
    .getConnection()
    .execute<{ due: Date | null }[]>(
      `select min(due) as due from (
      select deal.status_since + make_interval(hours => status.time_limit_hours) + interval '1 ms' from deal join status on status.id = deal.status_id
      union all select deal.changed_at + make_interval(days => n) from deal, generate_series(1, 12) n
      union all select (date_trunc('day', ?::timestamptz at time zone 'Europe/Moscow') + interval '1 day') at time zone 'Europe/Moscow'
    ) as moments (due) where due > ?::timestamptz`,
      [now, now],
    )
  return Math.min(end, new Date(rows[0]!.due!).getTime())
}

/** The clock stands on a Friday: a week begins and a date is near at one instant. */
const nearOnMonday: (Deed | number)[] = [
  (card) => editDeal(ada(), { ...seen(card), amount: { amountMinor: 100_00, currency: 'RUB' } }),
  (card) => editDeal(ada(), { ...seen(card), expectedCloseOn: dayAfter(4) }),
  62 * 60,
]

test('what time brought to deals is brought again by the play, in the same order and once each', async () => {
  await hearTime(world.orm.em.fork(), world.clock.now())
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 2, maxLength: 7 }), fc.boolean(), async (deeds, isUrgent) => {
      let card = await world.newDeal('mira', { type: 'timed', title: isUrgent ? 'Срочно' : 'Станок', amountMinor: 300_00 })
      const { number, id } = card.deal
      for (const act of [...deeds, 30 * 60]) {
        await wait(7)
        if (typeof act === 'number') await wait(act)
        else
          await act(card).catch((error: unknown) => {
            if (!(error instanceof AppError)) throw error
          })
        await hearTime(world.orm.em.fork(), world.clock.now())
        card = await showDeal(ada(), { number })
      }
      // Held against no rules at all: a deal that some rule moved differs, and its present side is what happened.
      const input = PreviewRules.parse({
        from: '2026-11-01',
        to: '2028-12-31',
        rules: [],
        limit: 1,
        ...(id > 1 && { after: id - 1 }),
      })
      const { items } = await previewRules(ada(), input)
      const happened = card.visits.filter((visit) => !visit.voided).toReversed()
      const codeOf = (statusId: number) => card.statuses.byId(statusId).code
      const expected = happened.map((visit) => codeOf(visit.statusId))
      const isRuled = happened.some((visit) => visit.cause.kind === 'rule')
      assert.deepEqual(items[0]?.before.visits.map(({ status }) => status) ?? null, isRuled ? expected : null)
    }),
    { numRuns: 12, examples: [[nearOnMonday, false]] },
  )
})
