import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ChangeInput, sayChange } from '../../shared/domain/change-sentence.ts'
import { explainedMeasures, type SliceTotals } from '../../shared/domain/explain-change.ts'
import { compareEn } from '../../shared/messages/en/compare.ts'
import { compareRu } from '../../shared/messages/ru/compare.ts'
import { createTranslate } from '../../shared/messages/translate.ts'

const speeches = [
  { locale: 'ru', t: createTranslate('ru', compareRu) },
  { locale: 'en', t: createTranslate('en', compareEn) },
] as const

const slices = fc.array(
  fc.record({ deals: fc.integer({ min: 1, max: 900 }), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  {
    minLength: 4,
    maxLength: 4,
  },
)
const totals = (drawn: readonly { deals: number; part: number }[]): SliceTotals[] =>
  drawn.map(({ deals, part }, index) => ({
    key: index + 1,
    deals,
    amountMinor: deals * 200_000,
    won: Math.floor(deals * part),
    wonAmountMinor: Math.floor(deals * part) * 100_000,
  }))
const side = (rows: readonly SliceTotals[]): ChangeInput['now'] => {
  const sum = (read: (row: SliceTotals) => number) => rows.reduce((total, row) => total + read(row), 0)
  const chain = (all: number, won: number) => ({ all, won, steps: [{ statusId: 1, reached: all, through: won, joined: 0 }] })
  return {
    count: chain(
      sum((row) => row.deals),
      sum((row) => row.won),
    ),
    amount: chain(
      sum((row) => row.amountMinor),
      sum((row) => row.wonAmountMinor),
    ),
  }
}

const inputOf = (now: readonly SliceTotals[], before: readonly SliceTotals[]): ChangeInput => ({
  now: side(now),
  before: side(before),
  by: 'count',
  contrast: 'time',
  knownFrom: null,
  slices: { now, before },
  split: 'type',
  layers: new Map([[1, { name: 'L', code: 'l' }]]),
  sliceNames: new Map(now.map(({ key }) => [key, `S${key}`])),
  currency: 'RUB',
})
const textOf = (pieces: readonly { readonly text: string }[]) =>
  pieces
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ')

test('no clause says a difference that rounds to nothing', () => {
  fc.assert(
    fc.property(slices, slices, (one, other) => {
      const input = inputOf(totals(one), totals(other))
      for (const speech of speeches)
        for (const measure of explainedMeasures) {
          const text = sayChange(input, measure, speech)
            .slices.map((piece) => piece.text)
            .join('')
          assert.doesNotMatch(text, /: [−+]?[₽]?0(?![\d.,])/)
        }
    }),
    { numRuns: 2000 },
  )
})

test('contributions add up to the change as they are shown', () => {
  let checked = 0
  const number = (text: string) => Number(text.replace('−', '-').replaceAll(',', ''))
  fc.assert(
    fc.property(slices, slices, (one, other) => {
      for (const measure of explainedMeasures) {
        const view = sayChange(inputOf(totals(one), totals(other)), measure, speeches[1])
        const [said, parts] = [textOf(view.layers), textOf(view.slices)]
        const change = /\(([−+])₽?([\d.,]+)([KMB]?)/.exec(said)
        if (!change) continue
        for (const text of [said, parts]) {
          const found = [...text.matchAll(/: ([−+])₽?([\d.,]+)[KMB]?(?= (?:deal|pp|\()|[;. ]|$)/g)]
          if (found.length === 0) continue
          checked++
          const sum = found.reduce((all, [, sign, size]) => all + number(`${sign}${size!.replace(/[.,]$/, '')}`), 0)
          assert.ok(Math.abs(sum - number(`${change[1]}${change[2]}`)) < 1e-6, `${text} of ${said}`)
        }
      }
    }),
  )
  assert.ok(checked > 300, `${checked} sentences`)
})

const [ru, en] = speeches
const few: readonly SliceTotals[] = [
  { key: 1, deals: 571, amountMinor: 1_142_000_00, won: 490, wonAmountMinor: 490_000_00 },
  { key: 2, deals: 100, amountMinor: 200_000_00, won: 0, wonAmountMinor: 0 },
]
const many: readonly SliceTotals[] = [
  { key: 1, deals: 1551, amountMinor: 3_102_000_00, won: 825, wonAmountMinor: 825_000_00 },
  { key: 2, deals: 100, amountMinor: 200_000_00, won: 0, wonAmountMinor: 0 },
]

test('what was before is said to have been, in words that agree with the number', () => {
  const input = inputOf(many, few)
  const { layers, slices: parts } = sayChange(input, 'won', ru)
  assert.match(
    textOf(layers),
    /^Выиграно сделок: 825, было 490 \(\+335 сделок\)\. Случайностью это объяснить трудно\. Разница сложилась так: /,
  )
  assert.match(textOf(parts), /«S1»: вошла 1 551 сделка, было 571: \+/)
  assert.match(textOf(sayChange(input, 'won', en).layers), /^Deals won: 825, up from 490 \(\+335 deals\)\. This is unlikely/)
  assert.match(textOf(sayChange(inputOf(few, many), 'won', en).layers), /^Deals won: 490, down from 825/)
  assert.match(textOf(sayChange(inputOf(few, few), 'won', en).layers), /^Deals won: 490, as before\.$/)
})

test('what stands side by side was not before', () => {
  const input = { ...inputOf(many, few), contrast: 'sides' } as const
  assert.match(textOf(sayChange(input, 'won', ru).layers), /^Выиграно сделок: 825 у А, 490 у Б/)
  assert.match(textOf(sayChange(input, 'won', en).layers), /^Deals won: 825 in A, 490 in B/)
  for (const speech of speeches)
    for (const measure of explainedMeasures) {
      const { layers, slices: parts } = sayChange(input, measure, speech)
      assert.doesNotMatch(textOf([...layers, ...parts]), /было|раньше|from|before/)
    }
})

test('where a side begins before anything is known that is said, and nothing of chance', () => {
  const input: ChangeInput = { ...inputOf(many, few), knownFrom: '2025-06-02' }
  for (const measure of explainedMeasures) {
    const { verdict, layers, slices: parts } = sayChange(input, measure, ru)
    assert.equal(verdict, null)
    assert.match(textOf(layers), /^История известна с 2 июн 2025, /)
    assert.doesNotMatch(textOf([...layers, ...parts]), /Случайностью|может быть случайн|судить рано/)
  }
})

test('by nothing it is not taken apart', () =>
  assert.deepEqual(sayChange({ ...inputOf(many, few), split: null }, 'won', ru).slices, []))

test('money is explained by shares of the amount, and a share asked for by amount is one', () => {
  const chain = (reached: number, through: number) => ({
    all: reached,
    won: through,
    steps: [
      { statusId: 1, reached, through, joined: 0 },
      { statusId: 2, reached: through, through: 0, joined: 0 },
    ],
  })
  const layers = new Map([
    [1, { name: 'Новая', code: 'new' }],
    [2, { name: 'Договор', code: 'contract' }],
  ])
  const sides = (through: number): ChangeInput['now'] => ({ count: chain(100, 50), amount: chain(10_000_000_00, through) })
  const slice = (key: number, amountMinor: number, wonAmountMinor: number): SliceTotals => ({
    key,
    deals: 50,
    amountMinor,
    won: 25,
    wonAmountMinor,
  })
  const input: ChangeInput = {
    ...inputOf(many, few),
    now: sides(7_000_000_00),
    before: sides(5_000_000_00),
    by: 'amount',
    layers,
    slices: {
      now: [slice(1, 6_000_000_00, 5_000_000_00), slice(2, 4_000_000_00, 2_000_000_00)],
      before: [slice(1, 6_000_000_00, 3_000_000_00), slice(2, 4_000_000_00, 2_000_000_00)],
    },
  }
  const said = (measure: 'amount' | 'share', speech: (typeof speeches)[number]) => {
    const { layers: first, slices: second } = sayChange(input, measure, speech)
    return [textOf(first), textOf(second)]
  }
  assert.deepEqual(
    said('amount', ru)[0],
    'Сумма выигранных: 7,00 млн ₽, было 5,00 млн ₽ (+2,00 млн ₽). Разница сложилась так: из суммы дошедших до «Новая» в следующий слой перешло 70 %, было 50 %: +2,00 млн ₽.',
  )
  assert.deepEqual(said('share', ru), [
    'Из суммы вошедших выиграно 70,0 %, было 50,0 % (+20,0 п.п.). Разница сложилась так: из суммы дошедших до «Новая» в следующий слой перешло 70 %, было 50 %: +20,0 п.п.',
    'По типам: «S1»: из суммы вошедших выиграно 83 %, было 50 %: +20,0 п.п.',
  ])
  assert.match(
    said('amount', en)[0]!,
    /of the amount that reached “Новая”, the share that went on to the next layer is 70%, up from 50%/,
  )
  assert.match(
    said('share', en).join(' '),
    /^Won of the amount that entered: 70.0%, up from .* By type: of the amount that entered in “S1”, the share won is/,
  )
})
