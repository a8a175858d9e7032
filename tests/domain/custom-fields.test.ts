import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkField, checkFields, type FieldDefinition, type FieldValue, mergeFields } from '../../shared/domain/custom-fields.ts'
import { type FieldKind, fieldKinds } from '../../shared/domain/facts.ts'
import { readFieldCell } from '../../shared/domain/field-texts.ts'
import { describeField } from '../../shared/messages/describe-field.ts'

const options = [
  { code: 'own', ru: 'Своими силами', en: 'In house' },
  { code: 'partner', ru: 'Партнёр', en: 'Partner' },
  { code: 'client', ru: 'Сам клиент', en: 'The client' },
]
const field = (kind: FieldKind, changed: Partial<FieldDefinition> = {}): FieldDefinition => ({
  code: kind,
  names: { ru: kind, en: kind },
  kind,
  options: kind === 'choice' || kind === 'several' ? options : [],
  isRequired: false,
  archived: false,
  ...changed,
})

/** Kind, what is given, what is kept; or, in brackets, the problem. */
const table: readonly (readonly [FieldKind, unknown, FieldValue | readonly [string]])[] = [
  ['text', '  слово  ', 'слово'],
  ['text', '   ', null],
  ['text', 5, ['not_text']],
  ['text', 'a\u0000b', ['not_text']],
  ['text', 'я'.repeat(4001), ['too_long']],
  ['number', 12.5, 12.5],
  ['number', -0, 0],
  ['number', '12', ['not_number']],
  ['number', Number.NaN, ['not_number']],
  ['number', 1e16, ['not_number']],
  ['money', 150_000_00, 150_000_00],
  ['money', 0.5, ['not_money']],
  ['money', -1, ['not_money']],
  ['day', '2026-02-28', '2026-02-28'],
  ['day', '2026-02-31', ['not_day']],
  ['day', '28.02.2026', ['not_day']],
  ['day', '1899-12-31', ['not_day']],
  ['choice', 'own', 'own'],
  ['choice', 'Партнёр', ['option_unknown']],
  ['choice', ['own'], ['not_choice']],
  ['several', ['client', 'own', 'own'], ['own', 'client']],
  ['several', [], null],
  ['several', ['own', 'none'], ['option_unknown']],
  ['several', 'own', ['not_several']],
  ['flag', false, false],
  ['flag', 'да', ['not_flag']],
  ['file', 12, '12'],
  ['counterparty', '7', '7'],
  ['employee', '007', ['not_employee']],
  ['employee', 4_000_000_000, ['not_employee']],
]
for (const [kind, given, kept] of table)
  test(`a ${kind} given as ${JSON.stringify(given).slice(0, 40)} is ${JSON.stringify(kept)}`, () => {
    const checked = checkField(field(kind), given)
    const problem = Array.isArray(kept) && kept.length === 1 && /_/.test(String(kept[0])) ? kept[0] : null
    if (problem) assert.deepEqual(checked, { ok: false, problem })
    else assert.deepEqual(checked, { ok: true, value: kept })
  })

test('a required field refuses nothing, blanks and an empty list, but takes «no»', () => {
  const required = (kind: FieldKind) => field(kind, { isRequired: true })
  for (const [kind, given] of [
    ['text', ' '],
    ['number', null],
    ['several', []],
    ['day', ''],
  ] as const)
    assert.deepEqual(checkField(required(kind), given), { ok: false, problem: 'required' })
  assert.deepEqual(checkField(required('flag'), false), { ok: true, value: false })
  assert.deepEqual(checkField(required('number'), 0), { ok: true, value: 0 })
})

test('a new deal owes every required field, an edit only those it names; all problems are told at once', () => {
  const fields = [field('text', { isRequired: true }), field('number'), field('day', { isRequired: true, archived: true })]
  assert.deepEqual(checkFields(fields, { number: 'x', other: 1 }, true).problems, [
    { code: 'text', problem: 'required' },
    { code: 'number', problem: 'not_number' },
    { code: 'other', problem: 'field_unknown' },
  ])
  assert.deepEqual(checkFields(fields, { number: 3 }, false), { values: { number: 3 }, problems: [] })
  assert.deepEqual(checkFields(fields, { day: '2026-01-01' }, false).problems, [{ code: 'day', problem: 'field_unknown' }])
  assert.deepEqual(checkFields(fields, { toString: 1 }, false).problems, [{ code: 'toString', problem: 'field_unknown' }])
})

test('what is cleared is no longer kept; what is not named stays', () => {
  assert.deepEqual(mergeFields({ a: 1, b: 'x' }, { b: null, c: false }), { a: 1, c: false })
})

/** Values as they are kept, of any kind. */
const kept: Readonly<Record<FieldKind, fc.Arbitrary<FieldValue>>> = {
  text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }).map((text) => `я${text.replaceAll('\u0000', '').trim()}`),
  number: fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((value) => Math.round(value * 1000) / 1000 + 0),
  money: fc.integer({ min: 0, max: 1e12 }),
  day: fc
    .date({ min: new Date('1900-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  choice: fc.constantFrom(...options.map(({ code }) => code)),
  several: fc.subarray(
    options.map(({ code }) => code),
    { minLength: 1 },
  ),
  flag: fc.boolean(),
  file: fc.integer({ min: 1, max: 2_147_483_647 }).map(String),
  counterparty: fc.integer({ min: 1, max: 2_147_483_647 }).map(String),
  employee: fc.integer({ min: 1, max: 2_147_483_647 }).map(String),
}

for (const kind of fieldKinds)
  test(`a checked ${kind} passes the check again unchanged`, () => {
    fc.assert(
      fc.property(kept[kind], (value) => {
        const once = checkField(field(kind), value)
        assert.ok(once.ok)
        assert.deepEqual(checkField(field(kind), once.value), once)
      }),
    )
  })

for (const locale of ['ru', 'en'] as const)
  for (const kind of ['money', 'choice', 'several', 'flag', 'number'] as const)
    test(`a ${kind} said in ${locale} is read from a table as what it was`, () => {
      const words = { currency: 'RUB', nameOf: () => '' }
      const decimal = locale === 'ru' ? ',' : '.'
      fc.assert(
        fc.property(kept[kind], (value) => {
          const text = describeField(field(kind), value, locale, words)
          assert.deepEqual(checkField(field(kind), readFieldCell(field(kind), text, { decimal })), { ok: true, value })
        }),
      )
    })

test('a table names options by code or by either name, and days as people write them', () => {
  assert.equal(readFieldCell(field('choice'), 'партнёр'), 'partner')
  assert.deepEqual(readFieldCell(field('several'), 'In house; client'), ['own', 'client'])
  assert.equal(readFieldCell(field('day'), '03.02.2026'), '2026-02-03')
  assert.equal(readFieldCell(field('flag'), 'да'), true)
  assert.equal(readFieldCell(field('money'), '1 200,50 ₽'), 120_050)
  assert.equal(readFieldCell(field('text'), ' '), null)
  assert.equal(readFieldCell(field('number'), 'много'), 'много')
})
