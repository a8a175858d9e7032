import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clearedList, isNarrowed, listQuery, readList, writeList } from '../../pwa/src/lib/deal/list-query.ts'
import { nextStageOf } from '../../pwa/src/lib/deal/next-stage.ts'
import { sortToday } from '../../pwa/src/lib/deal/today-lists.ts'
import { changedValues, draftOf, readDraft } from '../../pwa/src/lib/fields/field-draft.ts'
import { joinRange, splitRange } from '../../pwa/src/lib/fields/field-filters.ts'
import { appDealsEn } from '../../shared/messages/en/app-deals.ts'
import { appMoreEn } from '../../shared/messages/en/app-more.ts'
import { appDealsRu } from '../../shared/messages/ru/app-deals.ts'
import { appMoreRu } from '../../shared/messages/ru/app-more.ts'
import type { CustomFieldView } from '../../shared/views/processes.ts'
import { cannedRow, cannedTemplates, cannedTypes, dayFromNow, lostStatus } from './deals-canned.ts'

const read = (query: string) => readList(new URLSearchParams(query))

test('what an address says and what is written into it are the same', () => {
  const address = 'q=лес&mine=1&overdue=1&status=contract,payment&department=3&sort=waiting&pages=3'
  const written = Object.entries(writeList(read(address))).flatMap(([key, value]) => (value === null ? [] : [[key, value]]))
  assert.deepEqual(Object.fromEntries(written), Object.fromEntries(new URLSearchParams(address)))
})

test('an address that cannot be read falls back to the usual list', () => {
  const state = read('sort=evil&pages=-5&status=<b>,contract&mine=yes')
  assert.deepEqual([state.sort, state.pages, state.ids.status, state.mine], ['recent', 1, ['contract'], false])
  assert.equal(isNarrowed(read('sort=amount&pages=2')), false)
  assert.equal(isNarrowed(clearedList(read('q=a&open=1&type=sale'))), false)
})

test('pages are no part of what is asked, the order always is', () => {
  assert.deepEqual(listQuery(read('pages=4')), {
    type: null,
    status: null,
    department: null,
    employee: null,
    counterparty: null,
    q: null,
    mine: null,
    others: null,
    overdue: null,
    open: null,
    currency: null,
    withoutRate: null,
    sort: 'recent',
    limit: 50,
  })
})

test('the next stage is the nearest one ahead; none after the last, none for a lost deal', () => {
  const [types, templates] = [cannedTypes('ru'), cannedTemplates('ru')]
  assert.equal(nextStageOf(cannedRow(0, 6, 'ru'), types, templates)?.code, 'stage-8')
  assert.equal(nextStageOf(cannedRow(0, 8, 'ru'), types, templates), null)
  assert.equal(nextStageOf({ ...cannedRow(0, 3, 'ru'), status: lostStatus('ru') }, types, templates), null)
  assert.equal(nextStageOf({ ...cannedRow(0, 3, 'ru'), stage: null }, types, templates), null)
})

test('a deal of the day stands in one list: late, else to close this week, else waiting', () => {
  const late = { ...cannedRow(1, 3, 'ru'), overdue: true, expectedCloseOn: dayFromNow(1) }
  const closing = { ...cannedRow(2, 3, 'ru'), overdue: false, expectedCloseOn: dayFromNow(3) }
  const missed = { ...cannedRow(3, 2, 'ru'), overdue: false, expectedCloseOn: dayFromNow(-3) }
  const sold = { ...cannedRow(4, 6, 'ru'), overdue: false, expectedCloseOn: dayFromNow(-30) }
  const through = { ...cannedRow(5, 8, 'ru'), overdue: false }
  const lists = sortToday([late, closing, missed, sold, through], [late], dayFromNow(7), (deal) => deal !== through)
  const numbers = (deals: readonly { number: number }[]) => deals.map((deal) => deal.number)
  assert.deepEqual(numbers(lists.overdue), [late.number])
  assert.deepEqual(numbers(lists.closing), [missed.number, closing.number], 'the earlier day first')
  assert.deepEqual(numbers(lists.waiting), [sold.number], 'after the sale the expected close says nothing')
})

test('every text of these screens takes the same values in both languages', () => {
  // Words inside plural branches are no values; what opens a value is followed by a comma or the closing brace.
  const valuesOf = (text: string) => [...new Set([...text.matchAll(/\{(\w+)(?=[,}])/g)].map((match) => match[1]))].sort()
  const pairs = [
    ...Object.entries(appDealsRu).map(([key, ru]) => [key, ru, appDealsEn[key as keyof typeof appDealsRu]] as const),
    ...Object.entries(appMoreRu).map(([key, ru]) => [key, ru, appMoreEn[key as keyof typeof appMoreRu]] as const),
  ]
  for (const [key, ru, en] of pairs) assert.deepEqual(valuesOf(en), valuesOf(ru), key)
})

test('fields of the chosen type stand in the address, are asked for, and go when they are cleared', () => {
  const state = read('type=sale&field.way=air,sea&field.weight=5..&field.=x&field.bad%20one=1')
  assert.deepEqual(state.fields, { way: 'air,sea', weight: '5..' })
  const query = listQuery(state)
  assert.deepEqual([query['field.way'], query['field.weight']], ['air,sea', '5..'])
  const written = writeList({ ...state, fields: { way: 'air' } }, state)
  assert.deepEqual([written['field.way'], written['field.weight']], ['air', null])
  assert.equal(isNarrowed(read('field.way=air')), true)
  assert.deepEqual(clearedList(state).fields, {})
})

test('a range is typed in roubles and decimal commas, kept in minor units and points; what cannot be read is an open end', () => {
  assert.equal(joinRange('money', { from: '1 200,50', to: '' }, 'ru', 'RUB'), '120050..')
  assert.deepEqual(splitRange('money', '120050..', 'ru', 'RUB'), { from: '1200,50', to: '' })
  assert.equal(joinRange('number', { from: '', to: '2,5' }, 'ru', 'RUB'), '..2.5')
  assert.deepEqual(splitRange('number', '7', 'en', 'RUB'), { from: '7', to: '7' })
  assert.equal(joinRange('day', { from: 'завтра', to: '' }, 'ru', 'RUB'), '')
})

const several = { code: 'ways', kind: 'several', isRequired: true, options: [] } as unknown as CustomFieldView
const words = { locale: 'ru', currency: 'RUB' } as const
const fieldOf = (kind: CustomFieldView['kind'], isRequired = false) => ({ ...several, code: kind, kind, isRequired })

test('a form reads what was typed for fields of every kind, and says what is missing or wrong', () => {
  const fields = [fieldOf('number'), fieldOf('money'), fieldOf('flag', true), fieldOf('employee'), fieldOf('text', true), several]
  const draft = { number: '1 000,5', money: '12,30', flag: null, employee: { id: '7', name: 'А' }, text: ' ', ways: [] }
  assert.deepEqual(readDraft(fields, draft, words), {
    values: { number: 1000.5, money: 1230, flag: false, employee: '7' },
    problems: { text: 'fields.required', ways: 'fields.required' },
  })
  assert.equal(readDraft([fieldOf('number')], { number: 'пять' }, words).problems['number'], 'fields.badNumber')
})

test('what a deal holds and nobody touched is not sent', () => {
  const fields = [fieldOf('number'), fieldOf('money'), fieldOf('day'), fieldOf('counterparty'), several]
  const held = [
    { code: 'number', value: -2.5, text: '' },
    { code: 'money', value: 120_050, text: '' },
    { code: 'counterparty', value: '3', text: 'ООО' },
    { code: 'ways', value: ['air'], text: '' },
  ]
  const draft = draftOf(fields, held, words)
  assert.deepEqual(changedValues(readDraft(fields, draft, words).values, held), {})
  assert.deepEqual(changedValues(readDraft(fields, { ...draft, number: '', day: '2026-01-02' }, words).values, held), {
    number: null,
    day: '2026-01-02',
  })
})
