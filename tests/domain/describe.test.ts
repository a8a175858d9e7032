import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DealEventBody } from '../../shared/domain/events.ts'
import { describeCause, describeEvent } from '../../shared/messages/describe.ts'
import { eventsEn } from '../../shared/messages/en/events.ts'
import { eventsRu } from '../../shared/messages/ru/events.ts'
import type { CauseView } from '../../shared/views/deals.ts'

const options = { timeZone: 'Europe/Moscow', currency: 'RUB', currentYear: 2026 }
const contract = { code: 'contract', name: { ru: 'Договор', en: 'Contract' } }
const payment = { code: 'payment', name: { ru: 'Оплата', en: 'Payment' } }
const anna = { id: 7, name: 'Анна Петрова' }
const cause: CauseView = { kind: 'stage', at: '2026-11-12T11:05:00Z', person: null, name: 'Договор', reason: null }
const say = (body: DealEventBody, locale: 'ru' | 'en' = 'ru') => describeEvent(body, locale, options)

test('a cause names the stage or rule, then day and time in the zone of the organisation', () => {
  assert.equal(describeCause(cause, 'ru', 'Europe/Moscow', 2026), 'по этапу «Договор», 12\u00a0ноя, 14:05')
  assert.equal(describeCause(cause, 'en', 'UTC', 2026), 'by stage “Договор”, 12\u00a0Nov, 11:05')
  assert.equal(
    describeCause({ ...cause, kind: 'rule', name: 'Счёт оплачен' }, 'ru', 'Europe/Moscow'),
    'по правилу «Счёт оплачен», 12\u00a0ноя\u00a02026, 14:05',
  )
})

test('a cause by hand names the person and the reason', () => {
  const byHand: CauseView = { ...cause, kind: 'user', person: anna, name: null, reason: 'клиент попросил' }
  assert.equal(describeCause(byHand, 'ru', 'Europe/Moscow', 2026), 'вручную, Анна Петрова, 12\u00a0ноя, 14:05: клиент попросил')
})

test('a change of status says from where to where and why', () => {
  const body: DealEventBody = { kind: 'status_changed', from: contract, to: payment, cause: { kind: 'stage', stage: payment } }
  assert.deepEqual(say(body), { title: 'Договор → Оплата', detail: 'по этапу «Оплата»' })
  assert.deepEqual(say({ ...body, cause: { kind: 'user', reason: 'as agreed' } }, 'en'), {
    title: 'Contract → Payment',
    detail: 'by hand: as agreed',
  })
})

test('an edit says the field, the value before and after, money in roubles and kopecks', () => {
  const amount = { field: 'amountMinor', before: 10_000_000, after: 12_345_650 }
  assert.deepEqual(say({ kind: 'deal_edited', changes: [amount] }), {
    title: 'Сумма: 100\u00a0000\u00a0₽ → 123\u00a0456,50\u00a0₽',
  })
  const cleared = { field: 'expectedCloseOn', before: '2026-12-01', after: null }
  const both = say({ kind: 'deal_edited', changes: [amount, cleared] })
  assert.equal(both.title, 'Изменены поля сделки')
  assert.match(both.detail ?? '', /Закрытие ожидается: очищено, было 1\u00a0дек$/)
})

test('a stage with a comment keeps the comment, the first stage has no arrow', () => {
  assert.deepEqual(say({ kind: 'stage_entered', runId: 1, from: contract, to: payment, comment: 'аванс пришёл' }), {
    title: 'Этап: Договор → Оплата',
    detail: 'аванс пришёл',
  })
  assert.deepEqual(say({ kind: 'stage_entered', runId: 1, from: null, to: contract }), { title: 'Этап: Договор' })
})

test('a comment with braces and apostrophes is shown as it was written', () => {
  const text = "цена {100} 'за штуку' <b>"
  assert.equal(say({ kind: 'comment_added', text }).title, `«${text}»`)
})

test('a handover names both people and the department, a loss its reason, an undo what was undone', () => {
  const to = { id: 9, name: 'Мария Ким' }
  assert.deepEqual(say({ kind: 'deal_reassigned', from: anna, to, department: { id: 1, name: 'Север' } }), {
    title: 'Ответственный: Анна Петрова → Мария Ким',
    detail: 'отдел «Север»',
  })
  assert.deepEqual(say({ kind: 'deal_lost', from: contract, to: payment, reason: 'дорого' }), {
    title: 'Договор → Оплата',
    detail: 'проигрыш: дорого',
  })
  assert.deepEqual(say({ kind: 'change_undone', eventId: 5, undone: 'stage_entered' }), { title: 'Отменено: смена этапа' })
})

test('what the calendar brought says which period began, or which date it was', () => {
  const began = { kind: 'time_passed', days: null, began: 'quarter' } as const
  assert.deepEqual([say(began), say(began, 'en')], [{ title: 'Начался квартал' }, { title: 'A quarter began' }])
  const near: DealEventBody = {
    kind: 'time_passed',
    days: null,
    near: { names: { ru: 'Действует до', en: 'Valid until' }, on: '2027-06-30' },
  }
  assert.deepEqual(say(near), { title: 'По календарю: Действует до', detail: '30\u00a0июн\u00a02027' })
  assert.equal(say({ ...near, near: { names: null, on: '2027-06-30' } }).title, 'По календарю: Закрытие ожидается')
  assert.equal(say({ kind: 'time_passed', days: null }).title, 'Срок истёк')
})

test('every message of the two languages takes the same values', () => {
  const valuesOf = (text: string) => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]).sort()
  for (const key of Object.keys(eventsRu) as (keyof typeof eventsRu)[])
    assert.deepEqual(valuesOf(eventsEn[key]), valuesOf(eventsRu[key]), key)
})
