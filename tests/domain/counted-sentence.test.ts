import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CountedInput, type CountedSide, sayCounted } from '../../shared/domain/counted-sentence.ts'
import { explainParts } from '../../shared/domain/explain-parts.ts'
import { compareRu } from '../../shared/messages/ru/compare.ts'
import { createTranslate } from '../../shared/messages/translate.ts'

const parts = fc
  .array(fc.record({ deals: fc.integer({ min: 0, max: 500 }), each: fc.integer({ min: 0, max: 900 }) }), { maxLength: 6 })
  .map((rows) => rows.map(({ deals, each }, key) => ({ key, deals, brought: deals * each })))

test('what the parts contribute adds up to the difference of their sums', () => {
  fc.assert(
    fc.property(parts, parts, (now, before) => {
      const sum = (rows: readonly { readonly brought: number }[]) => rows.reduce((total, { brought }) => total + brought, 0)
      const explained = explainParts(now, before).reduce((total, { value }) => total + value, 0)
      assert.ok(Math.abs(explained - (sum(now) - sum(before))) < 1e-6 * (1 + sum(now) + sum(before)))
    }),
  )
})

const speech = { locale: 'ru', t: createTranslate('ru', compareRu) } as const
const plain = (pieces: readonly { readonly text: string }[]) =>
  pieces
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ')
const side = (first: number, second: number, entries: readonly [number, number]): CountedSide => ({
  deals: first + second,
  amountMinor: (first * 10 + second * 30) * 100_000,
  layers: [
    { key: 1, deals: first, amountMinor: first * 1_000_000, entries: entries[0] },
    { key: 2, deals: second, amountMinor: second * 3_000_000, entries: entries[1] },
  ],
  slices: [],
})
const input: Omit<CountedInput, 'basis' | 'verdict'> = {
  now: side(40, 25, [50, 25]),
  before: side(20, 30, [20, 30]),
  contrast: 'time',
  knownFrom: null,
  split: 'type',
  layers: new Map([
    [1, { name: 'Новая', code: 'new' }],
    [2, { name: 'Договор', code: 'contract' }],
  ]),
  sliceNames: new Map(),
  currency: 'RUB',
}

test('two snapshots differ by what stands in their layers, and no chance is spoken of', () => {
  const { layers } = sayCounted({ ...input, basis: 'snapshot', verdict: null }, 'count', speech)
  assert.equal(
    plain(layers),
    'Стоит сделок: 65, было 50 (+15 сделок). Разница сложилась так: в «Новая» 40 сделок, было 20: +20 сделок; в «Договор» 25 сделок, было 30: −5 сделок.',
  )
  assert.deepEqual(layers.filter(({ opens }) => opens)[2], {
    text: '40\u00a0сделок',
    opens: { side: 'now', layer: 'new', part: 'standing' },
  })
})

test('two flows differ by deals, which are said to be chance or not, and by entries, of which a deal may have several', () => {
  const { layers } = sayCounted({ ...input, basis: 'flow', verdict: 'chance' }, 'count', speech)
  assert.equal(
    plain(layers),
    'Двигалось сделок: 65, было 50 (+15 сделок). Такая разница может быть случайной. Входов в слои: 75, было 50 (+25 входов). Разница сложилась так: в «Новая» вошло 40 сделок, было 20: +23 входа; «Новая»: входов на сделку 1,25, было 1: +7 входов; в «Договор» вошло 25 сделок, было 30: −5 входов.',
  )
})
