import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type DateForm, detectDateForm, parseDay, parseInstant, wallTimeOfSerial } from '../../shared/domain/import-dates.ts'
import type { Cell } from '../../shared/domain/import-values.ts'

test('the date form of a column is decided by the samples that can decide it', () => {
  const table: [Cell[], DateForm][] = [
    [['10/20/2016', '3/1/2017'], 'mdy'],
    [['25/12/2016', '3/1/2017'], 'dmy'],
    [['03.01.2017', '04.02.2017'], 'dmy'],
    [['12.25.2017'], 'mdy'],
    [['2016-10-20', ''], 'ymd'],
    [['2016/1/2'], 'ymd'],
    [['20161020', '20170301'], 'ymd'],
    [['2011-10-01T00:38:44.546+02:00'], 'ymd'],
    [['20 октября 2016 г.', '1 мая 2017'], 'named'],
    [['Oct 20, 2016', '20-Oct-2016'], 'named'],
    [[42663, 42700.5], 'excel1900'],
    [['2016-10-20', '2016-11-01T10:00:00', '25.12.2016'], 'dmy'],
  ]
  for (const [samples, form] of table) {
    const found = detectDateForm(samples)
    assert.equal(found.ok && found.value, form, samples.join(' | '))
  }
})

test('a column in which day and month could change places everywhere is reported, not guessed', () => {
  assert.deepEqual(detectDateForm(['3/1/2017', '5/6/2017']), {
    ok: false,
    reason: 'date_form_ambiguous',
    candidates: ['dmy', 'mdy'],
    example: '3/1/2017',
  })
  assert.deepEqual(detectDateForm(['3-1-2017']), {
    ok: false,
    reason: 'date_form_ambiguous',
    candidates: ['dmy', 'mdy'],
    example: '3-1-2017',
  })
  assert.deepEqual(detectDateForm(['', '-']), { ok: false, reason: 'date_form_none', candidates: [], example: null })
  assert.equal(detectDateForm(['1996', '2822']).ok, false, 'years and counts are no dates')
  assert.equal(detectDateForm(['Иванов', 'Петров', '01.02.2017']).ok, false)
})

test('a few bad cells do not hide the form, and are counted', () => {
  const found = detectDateForm([...Array.from({ length: 9 }, (_, i) => `1${i}/25/2017`.replace(/^1[3-9]/, '12')), 'скоро'])
  assert.deepEqual(found, { ok: true, value: 'mdy', read: 9, unread: 1, withTime: false, withZone: false })
  const withTime = detectDateForm(['2011-10-01T00:38:44+02:00'])
  assert.ok(withTime.ok && withTime.withTime && withTime.withZone)
})

test('a day is the day that is written', () => {
  const table: [Cell, DateForm, string][] = [
    ['10/20/2016', 'mdy', '2016-10-20'],
    ['1.2.2017 23:59', 'dmy', '2017-02-01'],
    ['01.02.17', 'dmy', '2017-02-01'],
    ['01.02.2017г.', 'dmy', '2017-02-01'],
    ['01.02.2017 г. 10:30', 'dmy', '2017-02-01'],
    ['01.02.85', 'dmy', '1985-02-01'],
    ['29.02.2016', 'dmy', '2016-02-29'],
    ['2011-10-01T00:38:44.546+02:00', 'ymd', '2011-10-01'],
    ['2017-03-01', 'mdy', '2017-03-01'],
    ['42663', 'excel1900', '2016-10-20'],
    [42663.99, 'excel1900', '2016-10-20'],
    ['41201', 'excel1904', '2016-10-20'],
    ['1 мая 2017 г.', 'named', '2017-05-01'],
  ]
  for (const [cell, form, day] of table) assert.deepEqual(parseDay(cell, form), { ok: true, value: day }, String(cell))
})

test('a date that is none is refused with its reason', () => {
  const table: [Cell, DateForm, string][] = [
    ['', 'dmy', 'value_empty'],
    ['завтра', 'dmy', 'date_malformed'],
    ['2017', 'dmy', 'date_malformed'],
    ['1.2.2017 10', 'dmy', 'date_malformed'],
    ['1.2.2017 10:00 утра', 'dmy', 'date_malformed'],
    ['30.02.2017', 'dmy', 'date_impossible'],
    ['29.02.1900', 'dmy', 'date_impossible'],
    ['13/13/2017', 'mdy', 'date_impossible'],
    ['0.1.2017', 'dmy', 'date_impossible'],
    ['01.01.1899', 'dmy', 'date_out_of_range'],
    ['01.01.2201', 'dmy', 'date_out_of_range'],
    ['1.2.2017 25:00', 'dmy', 'time_impossible'],
    ['1.2.2017 10:60', 'dmy', 'time_impossible'],
    ['1.2.2017 13:00 pm', 'dmy', 'time_impossible'],
    ['2017-02-01T10:00:00+99:00', 'ymd', 'time_impossible'],
    ['60', 'excel1900', 'date_impossible'],
    ['1e5', 'excel1900', 'date_malformed'],
  ]
  for (const [cell, form, reason] of table) assert.deepEqual(parseDay(cell, form), { ok: false, reason }, String(cell))
})

test('a moment takes the zone of the cell, else the zone of the organisation', () => {
  const table: [Cell, DateForm, string, string, 'gap' | 'overlap' | null][] = [
    ['2011-10-01T00:38:44.546+02:00', 'ymd', 'Europe/Moscow', '2011-09-30T22:38:44.546Z', null],
    ['2011-10-01T00:38:44Z', 'ymd', 'Europe/Moscow', '2011-10-01T00:38:44.000Z', null],
    ['2011-10-01 00:38:44 UTC', 'ymd', 'Europe/Moscow', '2011-10-01T00:38:44.000Z', null],
    ['2011-10-01 10:00 -0330', 'ymd', 'UTC', '2011-10-01T13:30:00.000Z', null],
    ['01.07.2012 12:00', 'dmy', 'Europe/Moscow', '2012-07-01T08:00:00.000Z', null],
    ['01.07.2016 12:00', 'dmy', 'Europe/Moscow', '2016-07-01T09:00:00.000Z', null],
    ['3/1/2017', 'mdy', 'Europe/Moscow', '2017-02-28T21:00:00.000Z', null],
    ['3/1/2017 12:05 am', 'mdy', 'UTC', '2017-03-01T00:05:00.000Z', null],
    ['42663.5', 'excel1900', 'UTC', '2016-10-20T12:00:00.000Z', null],
    ['2026-03-29 02:30', 'ymd', 'Europe/Berlin', '2026-03-29T01:30:00.000Z', 'gap'],
    ['2026-03-29 03:00', 'ymd', 'Europe/Berlin', '2026-03-29T01:00:00.000Z', null],
    ['2026-10-25 02:30', 'ymd', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', 'overlap'],
    ['2026-10-25 03:00', 'ymd', 'Europe/Berlin', '2026-10-25T02:00:00.000Z', null],
    ['2018-11-04', 'ymd', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', 'gap'],
    ['2011-12-30 12:00', 'ymd', 'Pacific/Apia', '2011-12-30T22:00:00.000Z', 'gap'],
    ['2026-04-05 01:45', 'ymd', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z', 'overlap'],
  ]
  for (const [cell, form, zone, instant, adjusted] of table) {
    assert.deepEqual(parseInstant(cell, form, zone), { ok: true, value: { instant, adjusted } }, `${cell} ${zone}`)
  }
})

test('a moment told by a clock on the wall is read back from that clock, in any zone, all year round', () => {
  const zones = fc.constantFrom(
    'Europe/Moscow',
    'America/New_York',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Casablanca',
  )
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(1971, 0, 1) / 60_000, max: Date.UTC(2037, 11, 31) / 60_000 }),
      zones,
      (minute, timeZone) => {
        const instant = new Date(minute * 60_000)
        const wall = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant)
        const read = parseInstant(wall, 'ymd', timeZone)
        assert.ok(read.ok)
        if (read.value.adjusted !== 'overlap') assert.equal(read.value.instant, instant.toISOString())
        else assert.ok(Date.parse(read.value.instant) <= instant.getTime())
      },
    ),
    { numRuns: 1_000 },
  )
})

test('day counts of both systems begin where they should', () => {
  assert.deepEqual(wallTimeOfSerial(1, false), { year: 1900, month: 1, day: 1, timeMs: 0 })
  assert.deepEqual(wallTimeOfSerial(59, false), { year: 1900, month: 2, day: 28, timeMs: 0 })
  assert.equal(wallTimeOfSerial(60, false), null)
  assert.deepEqual(wallTimeOfSerial(61, false), { year: 1900, month: 3, day: 1, timeMs: 0 })
  assert.deepEqual(wallTimeOfSerial(0, true), { year: 1904, month: 1, day: 1, timeMs: 0 })
  for (const count of [-1, 2_958_466, Number.NaN, Number.POSITIVE_INFINITY]) assert.equal(wallTimeOfSerial(count, false), null)
})

test('no text whatever makes the date parsers fail otherwise than by a reason', () => {
  const forms: DateForm[] = ['ymd', 'dmy', 'mdy', 'named', 'excel1900', 'excel1904']
  const near = fc.stringMatching(/^[0-9]{1,4}[-/. ][0-9]{1,3}[-/. ][0-9]{1,4}[T ]?[0-9:]{0,9}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), near), (text) => {
      detectDateForm([text])
      for (const form of forms) assert.equal(typeof parseInstant(text, form, 'Europe/Moscow').ok, 'boolean')
    }),
  )
})
