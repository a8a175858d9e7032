import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  formatAge,
  formatDate,
  formatDateTime,
  formatDay,
  formatDays,
  formatInteger,
  formatMoney,
  formatMoneyShort,
  formatPeriod,
  formatPoints,
  formatReference,
  formatShare,
  pointsBetween,
} from '../../shared/messages/format.ts'

/** Writes U+00A0 as `_`, so that the tables below show where no break is allowed. */
const shown = (text: string | null) => text?.replaceAll('\u00a0', '_') ?? null

test('numbers are grouped by U+00A0 in Russian and by a comma in English, minus is U+2212, zero has no sign', () => {
  const table: readonly (readonly [number, string, string])[] = [
    [0, '0', '0'],
    [-0.2, '0', '0'],
    [7, '7', '7'],
    [1284, '1_284', '1,284'],
    [-1234567, '−1_234_567', '−1,234,567'],
  ]
  for (const [value, ru, en] of table) {
    assert.equal(shown(formatInteger(value, 'ru')), ru)
    assert.equal(shown(formatInteger(value, 'en')), en)
  }
})

test('short money has one decimal from 10 million, up to two below, whole thousands from 10 thousand, full units below', () => {
  const table: readonly (readonly [number, string, string])[] = [
    [105_300_000, '105,3_млн_₽', '₽105.3M'],
    [19_000_000, '19,0_млн_₽', '₽19.0M'],
    [9_996_000, '10,0_млн_₽', '₽10.0M'],
    [4_800_000, '4,8_млн_₽', '₽4.8M'],
    [1_860_000, '1,86_млн_₽', '₽1.86M'],
    [999_500, '1_млн_₽', '₽1M'],
    [860_000, '860_тыс._₽', '₽860K'],
    [10_000, '10_тыс._₽', '₽10K'],
    [9_999.6, '10_тыс._₽', '₽10K'],
    [9_999, '9_999_₽', '₽9,999'],
    [0, '0_₽', '₽0'],
    [-0.3, '0_₽', '₽0'],
    [-3_100_000, '−3,1_млн_₽', '−₽3.1M'],
    [-500, '−500_₽', '−₽500'],
    [999_960_000, '1_млрд_₽', '₽1B'],
    [12_000_000_000, '12,0_млрд_₽', '₽12.0B'],
  ]
  for (const [major, ru, en] of table) {
    assert.equal(shown(formatMoneyShort(Math.round(major * 100), 'RUB', 'ru')), ru)
    assert.equal(shown(formatMoneyShort(Math.round(major * 100), 'RUB', 'en')), en)
  }
})

test('full money shows kopecks only when there are any', () => {
  assert.equal(shown(formatMoney(42_000_000, 'RUB', 'ru')), '420_000_₽')
  assert.equal(shown(formatMoney(42_000_050, 'RUB', 'ru')), '420_000,50_₽')
  assert.equal(formatMoney(42_000_005, 'USD', 'en'), '$420,000.05')
  assert.equal(formatMoney(-150, 'RUB', 'en'), '−₽1.50')
  assert.equal(shown(formatMoney(100, 'CHF', 'ru')), '1_CHF')
})

test('a share is whole percents, no data is a dash, almost nothing and almost all keep a decimal', () => {
  const table: readonly (readonly [number | null, string, string])[] = [
    [null, '—', '—'],
    [0, '0_%', '0%'],
    [1, '100_%', '100%'],
    [0.5343, '53_%', '53%'],
    [0.004, '0,4_%', '0.4%'],
    [0.996, '99,6_%', '99.6%'],
  ]
  for (const [share, ru, en] of table) {
    assert.equal(shown(formatShare(share, 'ru')), ru)
    assert.equal(formatShare(share, 'en'), en)
  }
})

test('a change is taken from unrounded shares, with its direction as a sign', () => {
  assert.equal(shown(formatPoints(0.53, 0.61, 'ru')), '▼_8_п.п.')
  assert.equal(shown(formatPoints(0.75, 0.73, 'en')), '▲_2_pp')
  assert.equal(shown(formatPoints(0.754, 0.746, 'ru')), '▲_1_п.п.')
  assert.equal(shown(formatPoints(0.7549, 0.7501, 'ru')), '0_п.п.')
  assert.equal(formatPoints(0.5, null, 'ru'), null)
})

test('a fall and a rise of the same size have the same number of points', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(share, share, (now, before) => assert.equal(pointsBetween(now, before)! + pointsBetween(before, now)!, 0)),
  )
})

test('days and instants are written in the zone of the organisation, the year only when it is another', () => {
  assert.equal(shown(formatDay('2026-11-13', 'ru', 2026)), '13_ноя')
  assert.equal(shown(formatDay('2025-11-13', 'ru', 2026)), '13_ноя_2025')
  assert.equal(shown(formatDay('2026-05-09', 'en', 2026)), '9_May')
  assert.equal(shown(formatDateTime('2026-11-12T11:05:00Z', 'Europe/Moscow', 'ru', 2026)), '12_ноя, 14:05')
  assert.equal(shown(formatDateTime('2026-12-31T21:00:00Z', 'Europe/Moscow', 'en', 2026)), '1_Jan_2027, 00:00')
  assert.equal(shown(formatDate('2026-11-12T22:30:00Z', 'Asia/Vladivostok', 'ru', 2026)), '13_ноя')
})

test('a half-open period is written with its last day', () => {
  assert.equal(shown(formatPeriod('2026-01-01', '2026-11-14', 'ru')), '1_янв – 13_ноя_2026')
  assert.equal(shown(formatPeriod('2025-12-01', '2026-02-01', 'en')), '1_Dec_2025 – 31_Jan_2026')
  assert.equal(shown(formatPeriod('2024-02-29', '2024-03-01', 'ru')), '29_фев_2024')
})

test('ages are whole days from 24 hours on, in the right plural', () => {
  const table: readonly (readonly [number, string, string])[] = [
    [41 * 24, '41_день', '41_days'],
    [33 * 24, '33_дня', '33_days'],
    [36 * 24 + 5, '36_дней', '36_days'],
    [24, '1_день', '1_day'],
    [5.9, '5_часов', '5_hours'],
  ]
  for (const [hours, ru, en] of table) {
    assert.equal(shown(formatAge(hours, 'ru')), ru)
    assert.equal(shown(formatAge(hours, 'en')), en)
  }
  assert.equal(formatDays(60, 'ru'), '2,5')
  assert.equal(formatDays(19.4 * 24, 'ru'), '19')
  assert.equal(formatDays(null, 'en'), '—')
})

test('the number that is a name has its language’s sign before it, and no text in English has the Russian one', async () => {
  assert.deepEqual([shown(formatReference(872, 'ru')), shown(formatReference('872', 'en'))], ['№_872', 'No._872'])
  const texts = new URL('../../shared/messages/en/', import.meta.url)
  for (const name of await readdir(texts)) assert.doesNotMatch(await readFile(new URL(name, texts), 'utf8'), /№/, name)
  // Screens and chat are of both languages: what they write themselves has the sign from `formatReference`.
  for (const folder of ['bot', 'pwa/src']) {
    const place = new URL(`../../${folder}/`, import.meta.url)
    const files = (await readdir(place, { recursive: true })).filter((name) => /\.(?:ts|svelte)$/.test(name))
    assert.ok(files.length > 20)
    for (const name of files)
      assert.doesNotMatch(await readFile(new URL(name, place), 'utf8'), /№(?:\\u00a0|&nbsp;|\s)?\$?\{/, name)
  }
})
