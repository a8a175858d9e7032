import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDay, readSlice } from '../../pwa/src/lib/funnel/slice.ts'
import { DayField } from '../../shared/schemas/fields.ts'

test('A day that is not in the calendar is none: the period falls back to the usual one', () => {
  for (const day of ['2026-02-31', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-1-1', '1812-06-24', '', null])
    assert.equal(readDay(day), null, String(day))
  assert.equal(readDay('2028-02-29'), '2028-02-29')
  const usual = readSlice(new URLSearchParams())
  assert.deepEqual(readSlice(new URLSearchParams('from=2026-02-31&to=2026-03-05')), usual)
  assert.deepEqual(readSlice(new URLSearchParams('asOf=2026-02-31')), usual)
  assert.deepEqual(readSlice(new URLSearchParams('asOf=2026-02-31T14:05')), usual)
})

test('The app asks the server for no day that the server refuses, and takes every day that it knows', () => {
  const number = (max: number) => fc.integer({ min: 0, max })
  const day = fc
    .tuple(fc.integer({ min: 1850, max: 2150 }), number(13), number(32))
    .map(([year, month, date]) => `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`)
  fc.assert(fc.property(day, (text) => assert.equal(readDay(text) !== null, DayField.safeParse(text).success, text)))
})
