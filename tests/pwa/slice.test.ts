import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { layActivity, levelsOf, nextWorked } from '../../pwa/src/lib/funnel/activity-grid.ts'
import { reasonOf } from '../../pwa/src/lib/funnel/bottleneck.ts'
import { headParts, rowsOf } from '../../pwa/src/lib/funnel/chapter-rows.ts'
import { dayOf, weekOf } from '../../pwa/src/lib/funnel/happened.ts'
import { missingIds } from '../../pwa/src/lib/funnel/missing-ids.ts'
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

test('A point of the trend is what of its week lies in the period', () => {
  const period = { from: '2026-01-01', to: '2026-11-13' }
  assert.deepEqual(weekOf('2026-06-01', period), { from: '2026-06-01', to: '2026-06-08' })
  assert.deepEqual(weekOf('2025-12-29', period), { from: '2026-01-01', to: '2026-01-05' })
  assert.deepEqual(weekOf('2026-11-09', period), { from: '2026-11-09', to: '2026-11-13' })
  for (const nothing of [null, 'nonsense', '2026-13-01', '2024-01-01']) assert.deepEqual(weekOf(nothing, period), period)
})

test('A cell of the heat map is its day, and the whole period where the address has none of its days', () => {
  const period = { from: '2026-01-01', to: '2026-11-13' }
  assert.deepEqual(dayOf('2026-11-12', period), { from: '2026-11-12', to: '2026-11-13' })
  for (const nothing of [null, 'nonsense', '2026-02-31', '2026-11-13']) assert.deepEqual(dayOf(nothing, period), period)
})

test('Arrows go on to the next day or week on which anything was done, and stay where there is none', () => {
  const days = [3, 0, 0, 5, 1, 0, 0, 0, 0, 0, 2].map((actions, index) => ({
    day: `2026-11-${String(index + 2).padStart(2, '0')}`,
    actions,
    level: actions > 0 ? (1 as const) : (0 as const),
  }))
  assert.equal(nextWorked(days, '2026-11-02', 1), '2026-11-05')
  assert.equal(nextWorked(days, '2026-11-05', 7), '2026-11-12')
  assert.equal(nextWorked(days, '2026-11-12', -7), '2026-11-05')
  assert.equal(nextWorked(days, '2026-11-06', 7), null)
})

test('The busy days fall into four quarters of about one size, however busy the busiest is; nothing is 0, the busiest 4', () => {
  const counts = [...Array.from({ length: 99 }, (_, index) => 100 + index), 5000, 0, 0]
  const levelOf = levelsOf(counts)
  const sizes = [0, 1, 2, 3, 4].map((level) => counts.filter((count) => levelOf(count) === level).length)
  assert.deepEqual(sizes, [2, 25, 25, 25, 25])
  assert.deepEqual([0, 7].map(levelsOf([7, 7, 7])), [0, 4])
})

test('A folded chapter is one row; what stands below it follows from the whole of it', () => {
  const phases = ['presale', 'presale', 'sale', 'sale', 'support'] as const
  const say = (folded: Parameters<typeof rowsOf>[1]): readonly string[] =>
    rowsOf(phases, folded).map((row) => `${row.kind} ${row.index}-${row.last} ${row.head} ${row.aboveFolded}`)
  assert.deepEqual(say(['sale']), [
    'layer 0-0 presale null',
    'layer 1-1 null null',
    'folded 2-3 sale null',
    'layer 4-4 support sale',
  ])
  assert.deepEqual(say([...new Set(phases)]), ['folded 0-1 presale null', 'folded 2-3 sale presale', 'folded 4-4 support sale'])
  assert.equal(say(null).length, 5)
})

test('A chapter in which the path ends tells how many are finished, not that none went on', () => {
  assert.deepEqual(headParts({ passed: 0, finished: 675 }), ['reached', 'finished'])
  assert.deepEqual(headParts({ passed: 825, finished: 3 }), ['reached', 'passed'])
})

test('What a slice asks for and the answer does not name is told apart from what it names', () => {
  const slice = readSlice(new URLSearchParams('department=4,9999&type=zzz'))
  const view = { types: [], counterparties: [], departments: [{ id: 4, name: 'Сервис' }], employees: [] }
  const named = { ...view, attribution: 'current', strict: false, by: 'count', phases: [], tags: [], fields: [] } as const
  assert.deepEqual(missingIds(slice, named, 'department'), ['9999'])
  assert.deepEqual(missingIds(slice, named, 'type'), ['zzz'])
  assert.deepEqual(missingIds(slice, named, 'employee'), [])
})
