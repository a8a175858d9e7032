import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { countSlips } from '../../shared/domain/letter-slips.ts'
import { indexKnown, proposeRepair } from '../../shared/domain/near-miss.ts'

const KNOWN = [
  'GTX Pro',
  'GTX Basic',
  'technology',
  'ООО "Ромашка"',
  'АО "Ромашка"',
  'ООО «Василёк»',
  'МГ 100',
  'МГ 200',
  'C++',
  'C#',
  'Счёт',
  'Won',
  'метро',
  'Сова',
  'Слова',
]

test('a value that differs only in blanks, case, quotes, ё or look-alike letters is repaired with certainty', () => {
  const table: [string, string, string][] = [
    ['GTXPro', 'GTX Pro', 'spacing'],
    ['gtx  pro', 'GTX Pro', 'spacing'],
    ['GTX-Pro', 'GTX Pro', 'spacing'],
    [' Won\u00a0', 'Won', 'spacing'],
    ['«ООО Ромашка»', 'ООО "Ромашка"', 'spacing'],
    ['Ромашка, ООО', 'ООО "Ромашка"', 'spacing'],
    ['ООО "Василек"', 'ООО «Василёк»', 'spacing'],
    ['счет', 'Счёт', 'spacing'],
    ['OOO Ромашка', 'ООО "Ромашка"', 'lookalike'],
    ['Pомашка OOO', 'ООО "Ромашка"', 'lookalike'],
    ['METPO', 'метро', 'lookalike'],
  ]
  for (const [value, expected, kind] of table) {
    const found = proposeRepair(value, KNOWN)
    assert.deepEqual([found?.value, found?.kind, found?.certain], [expected, kind, true], value)
  }
})

test('a slip of the hand is proposed as likely, with its score', () => {
  const slips = [
    ['technolgy', 'technology'],
    ['tehcnology', 'technology'],
    ['ООО Рамашка', 'ООО "Ромашка"'],
    ['GTX Basik', 'GTX Basic'],
  ]
  for (const [value, expected] of slips) {
    const found = proposeRepair(value!, KNOWN)
    assert.deepEqual([found?.value, found?.kind, found?.certain], [expected, 'typo', false], value)
    assert.ok(found!.score > 0.8 && found!.score < 1)
  }
  assert.deepEqual(proposeRepair('Василек', KNOWN), { value: 'ООО «Василёк»', kind: 'legal_form', certain: false, score: 0.9 })
})

test('nothing is proposed where a person could mean another thing', () => {
  const silent: [string, string][] = [
    ['GTX Pro', 'known as it stands'],
    ['ЗАО Ромашка', 'another legal form is another firm'],
    ['Ромашка', 'two firms have that name'],
    ['МГ 300', 'digits are never a slip'],
    ['МГ 10', 'digits are never a slip'],
    ['C', 'signs matter'],
    ['Вон', 'too short'],
    ['Слва', 'two candidates are equally near'],
    ['Microsoft', 'nothing is near'],
    ['', 'empty'],
    ['---', 'empty'],
  ]
  for (const [value, why] of silent) assert.equal(proposeRepair(value, KNOWN), null, why)
  assert.equal(proposeRepair('GTXPRO', ['GTX Pro', 'GTX-Pro']), null, 'two known values are the same to the eye')
})

test('the count of slips is that of the full table of optimal string alignment', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 })
  fc.assert(
    fc.property(word, word, fc.integer({ min: 1, max: 3 }), (a, b, limit) => {
      assert.equal(Math.min(countSlips(a, b, limit), limit + 1), Math.min(alignmentDistance(a, b), limit + 1))
    }),
    { numRuns: 3_000 },
  )
  assert.equal(countSlips('x'.repeat(500), `${'x'.repeat(250)}y${'x'.repeat(249)}`, 3), 1)
})

test('one swap, one lost or one wrong letter in a long name always finds the name again', () => {
  const known = Array.from(
    { length: 2_000 },
    (_, i) => `Компания ${[...String(i * 7919)].map((digit) => 'абвгдежзиклм'[Number(digit)]).join('')} Трейдинг`,
  )
  const index = indexKnown([...known, 'Северсталь Менеджмент'])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 18 }), fc.constantFrom('drop', 'swap', 'change'), (at, slip) => {
      const name = 'Северсталь Менеджмент'
      const slipped = {
        drop: name.slice(0, at) + name.slice(at + 1),
        swap: name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2),
        change: `${name.slice(0, at)}ъ${name.slice(at + 1)}`,
      }[slip]
      assert.equal(proposeRepair(slipped, index)?.value ?? slipped, name)
    }),
  )
})

function alignmentDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) rows[i]![j] = Math.min(rows[i]![j]!, rows[i - 2]![j - 2]! + 1)
    }
  }
  return rows[a.length]![b.length]!
}
