import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { layActivity } from '../../pwa/src/lib/funnel/activity-grid.ts'
import { reasonOf } from '../../pwa/src/lib/funnel/bottleneck.ts'
import { clearedSlice, countSet, readSlice, type Slice, sliceQuery, writeSlice } from '../../pwa/src/lib/funnel/slice.ts'
import { foldRows, segmentsOf } from '../../pwa/src/lib/funnel/split-rows.ts'
import { withParams } from '../../pwa/src/lib/query.ts'

const usual = readSlice(new URLSearchParams())
const addressOf = (slice: Slice): URLSearchParams =>
  new URLSearchParams(Object.entries(writeSlice(slice)).filter((entry): entry is [string, string] => entry[1] !== null))

test('The usual slice is an empty address', () => {
  assert.equal(addressOf(usual).toString(), '')
})

test('Whatever is chosen is read back from its address unchanged', () => {
  const ids = fc.array(fc.integer({ min: 1, max: 9999 }).map(String), { maxLength: 3 })
  const day = fc
    .date({ min: new Date('2001-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const period = fc.oneof(
    fc.constantFrom('month', 'quarter', 'year', 'last12', 'all').map((preset) => ({ period: preset, own: null })),
    fc
      .tuple(day, day)
      .filter(([from, to]) => from < to)
      .map(([from, to]) => ({ period: 'own', own: { from, to } })),
  )
  const slice = fc
    .record(
      {
        chosen: period,
        asOf: fc.option(day),
        ids: fc.record({ type: ids, counterparty: ids, department: ids, employee: ids }, { noNullPrototype: true }),
        attribution: fc.constantFrom('current', 'event'),
        strict: fc.boolean(),
        basis: fc.constantFrom('cohort', 'flow', 'snapshot'),
        by: fc.constantFrom('count', 'amount'),
        phases: fc.subarray(['presale', 'sale', 'delivery', 'support', 'renewal']),
        tags: fc.uniqueArray(fc.constantFrom('vip', 'тендер', 'a b'), { maxLength: 2 }),
        fields: fc.dictionary(fc.constantFrom('region', 'budget'), fc.constantFrom('south', '1..5', 'да'), {
          noNullPrototype: true,
        }),
      },
      { noNullPrototype: true },
    )
    .map(({ chosen, ...rest }) => ({ ...rest, ...chosen }) as Slice)
  fc.assert(fc.property(slice, (chosen) => assert.deepEqual(readSlice(addressOf(chosen)), chosen)))
})

test('An address that cannot be read falls back to the usual, and asks the server for nothing strange', () => {
  const broken = readSlice(
    new URLSearchParams(
      'period=ever&from=2026-13-99&to=x&type=<b>,sale&employee=me&basis=flows&by=weight&phase=moon&tag=,&field.=x&strict=yes&asOf=today',
    ),
  )
  assert.deepEqual(broken, { ...usual, ids: { ...usual.ids, type: ['sale'] } })
  assert.deepEqual(readSlice(new URLSearchParams('from=2026-05-02&to=2026-05-01')), usual)
})

test('Named periods go to the server as half-open days up to tomorrow', () => {
  const periodOn = (period: string) => {
    const { from, to } = sliceQuery(readSlice(new URLSearchParams({ period })), () => '2026-11-23', 'Europe/Moscow')
    return [from, to]
  }
  assert.deepEqual(periodOn('month'), ['2026-11-01', '2026-11-24'])
  assert.deepEqual(periodOn('quarter'), ['2026-10-01', '2026-11-24'])
  assert.deepEqual(periodOn('year'), [undefined, undefined], 'the server knows the usual period')
  assert.deepEqual(periodOn('last12'), ['2025-11-24', '2026-11-24'])
})

test('The past moment goes to the server whatever is shown: a day as the instant at which it ends, a time as it is', () => {
  assert.equal(
    sliceQuery(readSlice(new URLSearchParams('basis=snapshot&asOf=2026-06-30')), () => '2026-11-23', 'Europe/Moscow')['asOf'],
    '2026-06-30T21:00:00.000Z',
  )
  const past = (asOf: string) => sliceQuery(readSlice(new URLSearchParams({ asOf })), () => '2026-11-23', 'Europe/Moscow')
  assert.equal(past('2026-06-30')['asOf'], '2026-06-30T21:00:00.000Z')
  assert.equal(past('2026-06-30T14:05')['asOf'], '2026-06-30T11:05:00.000Z')
  assert.equal(past('2026-06-30T25:00')['asOf'], undefined)
})

test('Named periods are those of the day that is looked at: the year to date of last June ended in June', () => {
  const past = (address: string) => {
    const { from, to } = sliceQuery(readSlice(new URLSearchParams(address)), () => '2026-11-23', 'Europe/Moscow')
    return [from, to]
  }
  assert.deepEqual(past('asOf=2025-06-30'), ['2025-01-01', '2025-07-01'])
  assert.deepEqual(past('asOf=2025-06-30T09:00&period=month'), ['2025-06-01', '2025-07-01'])
  assert.deepEqual(past('asOf=2025-06-30&from=2024-01-01&to=2024-02-01'), ['2024-01-01', '2024-02-01'])
})

test('Clearing takes away what narrows and leaves basis and measure', () => {
  const narrowed = readSlice(new URLSearchParams('employee=3&department=1,2&strict=1&period=month&basis=snapshot&by=amount'))
  assert.equal(countSet(narrowed, ['department', 'employee', 'counterparty']), 2)
  assert.equal(addressOf(clearedSlice(narrowed)).toString(), 'basis=snapshot&by=amount')
})

test('A change of one parameter leaves the others of the address alone', () => {
  const url = new URL('http://app/funnel/negotiation?type=sale&part=lost')
  assert.equal(withParams(url, { part: null, by: 'amount' }), '/funnel/negotiation?type=sale&by=amount')
  assert.equal(withParams(url, { part: null, type: null }, '/funnel'), '/funnel')
})

const row = (id: number, passed: number, open: number, lost: number) => {
  const figures = { reached: passed + open + lost, passed, open, lost, finished: 0 }
  return { id, name: `e${id}`, figures, amountMinor: figures, resolved: passed / (passed + lost), worse: false }
}

test('A folded row adds up the rest, so that the rows still add up to the layer', () => {
  const rows = [row(1, 4, 1, 5), row(2, 3, 2, 1), row(3, 6, 0, 2), row(4, 1, 1, 1), row(5, 2, 2, 2)]
  const folded = foldRows(rows, 2)
  assert.equal(folded.length, 3)
  assert.deepEqual(folded[2]!.figures, { reached: 17, passed: 9, open: 3, lost: 5, finished: 0 })
  assert.equal(folded[2]!.resolved, 9 / 14)
  assert.equal(folded[2]!.folded, 3)
  assert.equal(foldRows(rows, 4).length, 5, 'a rest of one row is that row')
})

test('Segments of a split bar stand one after another and end at its share of the largest', () => {
  const segments = segmentsOf({ reached: 50, passed: 20, finished: 5, open: 10, lost: 15 }, 100)
  assert.deepEqual(segments, [
    { kind: 'passed', left: 0, width: 25 },
    { kind: 'open', left: 25, width: 10 },
    { kind: 'lost', left: 35, width: 15 },
  ])
  assert.deepEqual(segmentsOf({ reached: 0, passed: 0, finished: 0, open: 0, lost: 0 }, 100), [])
})

test('Activity is laid out in weeks from Monday, the last weeks when there are too many, and nothing is level 0', () => {
  const days = Array.from({ length: 30 }, (_, index) => ({
    day: new Date(Date.UTC(2026, 9, 15 + index)).toISOString().slice(0, 10),
    actions: index,
  }))
  const grid = layActivity({ days }, 3)
  assert.equal(grid.weeks.length, 3)
  assert.equal(grid.weeks[0]![0]!.day, '2026-10-26')
  assert.equal(grid.most, 29)
  assert.equal(grid.weeks[2]![4]!.level, 4)
  assert.equal(grid.weeks[2]![6], null, 'after the last day')
  assert.equal(layActivity({ days: [{ day: '2026-10-15', actions: 0 }] }, 3).weeks[0]![3]!.level, 0)
  assert.deepEqual(layActivity({ days: [] }, 3).weeks, [])
})

test('The card of the bottleneck gives the reasons of the one sentence, not its beginning twice', () => {
  const place = 'Переговоры → Договор'
  assert.equal(reasonOf(`Узкое место: ${place}: проходят 53 %.`, place), 'Проходят 53 %.')
  assert.equal(reasonOf('Другая фраза.', place), 'Другая фраза.')
})
