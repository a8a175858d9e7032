import assert from 'node:assert/strict'
import { test } from 'node:test'
import { funnelText } from '../../api/reports/funnel-report.ts'
import type { Session } from '../../api/session.ts'
import { reportCaption } from '../../bot/report-caption.ts'
import { cohortOf, head, snapshotOf, statusOf } from '../reports/fixture.ts'

/** What a report says in the chat: all its layers, or how many more there are. */
const sessionIn = (locale: 'ru' | 'en') => ({ locale, organization: { timeZone: 'Europe/Moscow' } }) as unknown as Session
const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const countsOf = (lines: readonly string[]) =>
  lines.map((line) => Number(/: ([\d ]+) ·/.exec(plain(line))![1]!.replace(/ /g, '')))

test('a snapshot names every layer, and the lines add up to its sentence', () => {
  const view = snapshotOf('ru')
  const lines = reportCaption(sessionIn('ru'), view).split('\n').slice(1, -1)
  assert.equal(lines.length, 8)
  assert.equal(
    countsOf(lines).reduce((sum, count) => sum + count, 0),
    view.totals.deals,
  )
})

test('deals in statuses that the funnel does not show have a line of their own', () => {
  const view = snapshotOf('ru')
  const more = { ...view, totals: { ...view.totals, deals: 600, amountMinor: view.totals.amountMinor + 100_000_000 } }
  const lines = reportCaption(sessionIn('ru'), more).split('\n')
  assert.equal(plain(lines.at(-2)!), 'вне показанных статусов: 12 · 1 млн ₽')
})

for (const [locale, words] of [
  ['ru', /^ещё (\d+): ([\d ]+) · /],
  ['en', /^(\d+) more: ([\d,]+) · /],
] as const)
  test(`what a caption cannot hold is counted, with its sum (${locale})`, () => {
    const name = 'Согласование условий с юристами и безопасностью'
    const layers = Array.from({ length: 40 }, (_, index) => ({
      ...snapshotOf(locale).layers[0]!,
      status: statusOf(index, `${index} ${name}`),
      count: 1000 + index,
    }))
    const deals = layers.reduce((sum, { count }) => sum + count, 0)
    const amountMinor = layers.reduce((sum, layer) => sum + layer.amountMinor, 0)
    const view = { ...snapshotOf(locale), layers, totals: { deals, amountMinor, weightedMinor: 0, overdue: 0 } }
    const caption = reportCaption(sessionIn(locale), view)
    assert.ok(caption.length <= 1024 && caption.length > 850, `${caption.length} signs`)
    const lines = caption.split('\n').slice(1, -1).map(plain)
    const [, more, count] = words.exec(lines.at(-1)!)!
    const shown = lines.slice(0, -1)
    assert.equal(shown.length + Number(more), 40)
    const rest = layers.slice(shown.length).reduce((sum, layer) => sum + layer.count, 0)
    assert.equal(Number(count!.replace(/[ ,]/g, '')), rest)
  })

test('a flow that is too long says how many statuses more there are', () => {
  const layers = Array.from({ length: 40 }, (_, index) => {
    const figures = { entered: 5000, advanced: 1000, stillThere: 1000, handedOff: 1000, movedBack: 1000, lost: 1000 }
    const status = statusOf(index, `Очень длинное название статуса ${index}`)
    return { status, ...figures, entries: 6000, pingPong: 0.2, amountMinor: figures }
  })
  const totals = { deals: 5000, amountMinor: 0, entries: 6000 }
  const lines = reportCaption(sessionIn('ru'), { ...head, basis: 'flow', layers, totals }).split('\n')
  const more = lines.findIndex((line) => /^ещё \d+ статус/.test(plain(line)))
  assert.ok(more > 5, lines.join('\n'))
  assert.ok(lines.join('\n').length <= 1024)
})

test('a figure stays with its sign and its word at the end of a line', () => {
  const view = cohortOf('ru')
  assert.ok(view.sentence.includes(funnelText.ru('shortfall', { money: '3,1\u00a0млн\u00a0₽' })))
  const caption = reportCaption(sessionIn('ru'), view)
  assert.ok(caption.includes('≈\u00a03,1\u00a0млн\u00a0₽'), caption)
  assert.ok(caption.includes('70\u00a0%\u00a0решённых') && caption.includes('130\u00a0сделок'), caption)
})
