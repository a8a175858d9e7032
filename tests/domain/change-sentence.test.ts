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
    won: Math.floor(deals * part),
    wonAmountMinor: Math.floor(deals * part) * 100_000,
  }))
const side = (rows: readonly SliceTotals[]): ChangeInput['now'] => {
  const sum = (read: (row: SliceTotals) => number) => rows.reduce((total, row) => total + read(row), 0)
  const [deals, won] = [sum((row) => row.deals), sum((row) => row.won)]
  return {
    deals,
    won,
    wonAmountMinor: sum((row) => row.wonAmountMinor),
    steps: [{ statusId: 1, reached: deals, through: won, joined: 0 }],
  }
}

test('no clause says a difference that rounds to nothing', () => {
  fc.assert(
    fc.property(slices, slices, (one, other) => {
      const [now, before] = [totals(one), totals(other)]
      const input: ChangeInput = {
        now: side(now),
        before: side(before),
        slices: { now, before },
        split: 'type',
        layers: new Map([[1, { name: 'L', code: 'l' }]]),
        sliceNames: new Map(now.map(({ key }) => [key, `S${key}`])),
        currency: 'RUB',
      }
      for (const speech of speeches)
        for (const measure of explainedMeasures) {
          const text = sayChange(input, measure, speech)
            .slices.map((piece) => piece.text)
            .join('')
          assert.doesNotMatch(text, /(остальное вместе|rest together): [−+]₽?0(?![\d.,])/)
        }
    }),
    { numRuns: 2000 },
  )
})
