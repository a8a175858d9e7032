import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isWanted, noticeTopics, quietUntil, topicOfEvent } from '../../shared/domain/notices.ts'

const night = { from: '22:00', to: '08:00' }
const noon = { from: '12:00', to: '13:30' }
for (const [hours, at, zone, until] of [
  [night, '2026-11-13T18:59:00Z', 'Europe/Moscow', null],
  [night, '2026-11-13T19:00:00Z', 'Europe/Moscow', '2026-11-14T05:00:00.000Z'],
  [night, '2026-11-13T22:30:00Z', 'Europe/Moscow', '2026-11-14T05:00:00.000Z'],
  [night, '2026-11-14T04:59:59Z', 'Europe/Moscow', '2026-11-14T05:00:00.000Z'],
  [night, '2026-11-14T05:00:00Z', 'Europe/Moscow', null],
  [night, '2026-11-13T22:30:00Z', 'Asia/Vladivostok', null],
  [noon, '2026-11-13T09:00:00Z', 'Europe/Moscow', '2026-11-13T10:30:00.000Z'],
  [noon, '2026-11-13T10:30:00Z', 'Europe/Moscow', null],
  // The night in which the clocks go forward, and the one in which they go back.
  [night, '2026-03-28T23:00:00Z', 'Europe/Berlin', '2026-03-29T06:00:00.000Z'],
  [night, '2026-10-24T23:00:00Z', 'Europe/Berlin', '2026-10-25T07:00:00.000Z'],
  [{ from: '01:00', to: '02:30' }, '2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
  [null, '2026-11-13T22:30:00Z', 'Europe/Moscow', null],
] as const)
  test(`at ${at} in ${zone} it is ${until === null ? 'not quiet' : `quiet until ${until}`} (${hours ? `${hours.from} to ${hours.to}` : 'never'})`, () => {
    assert.equal(quietUntil(hours, zone, new Date(at))?.toISOString() ?? null, until)
  })

test('everything is told but what asks nothing of its reader; what he says himself goes before', () => {
  assert.deepEqual(
    noticeTopics.filter((topic) => !isWanted({}, topic)),
    ['moved'],
  )
  assert.equal(isWanted({ moved: true }, 'moved'), true)
  assert.equal(isWanted({ task: false }, 'task'), false)
  assert.equal(isWanted({ task: false }, 'overdue'), true)
})

test('a payment that was taken back, and a document that was only edited, are no news', () => {
  const amount = { amountMinor: 1, currency: 'RUB' }
  const payment = { kind: 'payment_recorded', documentId: 1, number: '1', amount, paidOn: '2026-11-13' } as never as object
  assert.equal(topicOfEvent({ ...payment, voided: false } as never), 'payment')
  assert.equal(topicOfEvent({ ...payment, voided: true } as never), null)
  assert.equal(topicOfEvent({ kind: 'document_changed', state: 'approved' } as never), 'decision')
  assert.equal(topicOfEvent({ kind: 'document_changed', state: 'draft' } as never), null)
  assert.equal(topicOfEvent({ kind: 'document_changed', state: 'approved', changes: {} } as never), null)
})
