import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { presentOutlook } from '../../api/presenters/outlook.ts'
import { loseDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { lookAhead } from '../../api/usecases/rules/look-ahead.ts'
import { StatusRuleEntity } from '../../db/entities/rules.ts'
import { selectRows, sql } from '../../db/sql.ts'
import type { RuleTrigger } from '../../shared/domain/status-rules.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused, seen } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld({ deals: true })
  const em = world.orm.em.fork()
  const rule = (
    position: number,
    name: string,
    trigger: RuleTrigger,
    status: string,
    more: { dealTypes?: string[]; forwardOnly?: boolean } = {},
  ) =>
    em.create(StatusRuleEntity, {
      code: `r${position}`,
      nameRu: name,
      nameEn: name,
      position,
      triggerKind: trigger.kind,
      trigger,
      condition: { all: [{ fact: 'amount', is: 'atLeast', value: 100_00 }] },
      actions: [{ kind: 'set_status', status }],
      ...more,
    })
  rule(0, 'Вверх', { kind: 'stage_entered', stage: 'qualification' }, 'negotiation')
  rule(1, 'Оплата', { kind: 'payment_received', documentType: 'invoice', isFull: true }, 'delivery')
  rule(2, 'Назад', { kind: 'deal_idle', days: 30 }, 'qualification', { forwardOnly: true })
  rule(3, 'Чужой тип', { kind: 'deal_idle', days: 30 }, 'delivery', { dealTypes: ['service'] })
  rule(5, 'Месяц', { kind: 'period_began', every: 'month' }, 'support')
  rule(4, 'Рождение', { kind: 'deal_created' }, 'new')
  await em.flush()
})

const look = async (number: number) => presentOutlook(await lookAhead(world.as('mira'), { number }), world.as('mira'))

test('a status set by a rule is explained to the event and the values that the rule saw', async () => {
  const made = await world.newDeal('mira', { amountMinor: 150_000_00 })
  assert.equal((await look(made.deal.number)).because, null)
  const card = await moveDeal(world.as('mira'), { ...seen(made), stage: 'qualification' })
  const { because } = await look(card.deal.number)
  assert.match(because!.event, /Квалификация/)
  assert.deepEqual(because!.seen, [{ name: 'Сумма', text: '150\u00a0000\u00a0₽' }])
})

test('ahead are the rules that can still fire and change the status, as sentences; nothing for a lost deal', async () => {
  const made = await world.newDeal('mira', { amountMinor: 150_000_00 })
  const names = async () => (await look(made.deal.number)).ahead.map(({ name }) => name)
  assert.deepEqual(await names(), ['Вверх', 'Оплата', 'Назад', 'Месяц'])
  const card = await moveDeal(world.as('mira'), { ...seen(made), stage: 'qualification' })
  assert.deepEqual(await names(), ['Оплата', 'Месяц'], 'the stage is behind, forward only goes no way back')
  assert.match((await look(made.deal.number)).ahead[0]!.sentence, /100\u00a0₽/)
  await selectRows(
    world.orm.em.fork(),
    sql`update process_run set state = 'finished', ended_at = now() where deal_id = ${card.deal.id}`,
  )
  assert.deepEqual(await names(), ['Оплата'], 'at the end of its process a deal hears no more of periods')
  await loseDeal(world.as('mira'), { ...seen(card), status: 'lost', reason: 'нет' })
  assert.deepEqual(await names(), [])
})

test('who does not see the deal learns nothing of it', async () => {
  await refused(lookAhead(world.as('mira'), { number: world.deals.sara }), 'not_found')
})
