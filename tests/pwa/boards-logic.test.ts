import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type CardSize,
  carried,
  freeId,
  hrefOf,
  sizes,
  sliceOf,
  spansOf,
  usualSize,
  wordsOf,
} from '../../pwa/src/lib/boards/cards.ts'
import { cardFrom, gallery } from '../../pwa/src/lib/boards/gallery.ts'
import { presets, readSlice } from '../../pwa/src/lib/funnel/slice.ts'
import { againsts, measures, readComparison, splits, writeComparison } from '../../pwa/src/lib/travel/compare-query.ts'
import { maxCards } from '../../shared/domain/dashboards.ts'
import { type BoardCard, CreateDashboard } from '../../shared/schemas/dashboards.ts'

const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `c${index + 1}` }))
const isKept = (card: object) => CreateDashboard.safeParse({ name: 'П', cards: [card] }).success

test('every address of the funnel can be pinned, is kept by the server, and comes back as the same slice', () => {
  const day = fc.constantFrom('2026-01-01', '2026-03-15', '2026-11-20')
  const words = fc.record(
    {
      period: fc.constantFrom(...presets),
      from: day,
      to: day,
      asOf: fc.constantFrom('2026-03-15', '2026-06-30T14:05'),
      type: fc.constantFrom('service', 'service,product'),
      employee: fc.constantFrom('1', '1,2'),
      attribution: fc.constantFrom('current', 'event'),
      strict: fc.constantFrom('1', '0'),
      basis: fc.constantFrom('cohort', 'flow', 'snapshot'),
      by: fc.constantFrom('count', 'amount'),
      phase: fc.constantFrom('sale', 'presale,delivery'),
      tag: fc.constantFrom('срочно', 'a,b'),
      'field.city': fc.constantFrom('Омск', '1..5'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(words, (given) => {
      const slice = readSlice(new URLSearchParams(given as Record<string, string>))
      const pinned = wordsOf(slice)
      assert.deepEqual(sliceOf(pinned), slice)
      assert.ok(isKept({ id: 'a', kind: 'funnel', title: '', size: 'small', words: pinned }), JSON.stringify(pinned))
    }),
  )
})

test('a card of a chapter leads to the chapter, at the part and by the slice that it was pinned with', () => {
  const card = { id: 'a', title: '', size: 'small', words: { period: 'quarter' } } as const
  assert.equal(
    hrefOf({ ...card, kind: 'number', chapter: 'sale', part: 'lost' }),
    '/funnel/~chapters/sale?period=quarter&part=lost',
  )
  assert.equal(hrefOf({ ...card, kind: 'deals', layer: 'new' }), '/funnel/new?period=quarter')
})

test('every comparison can be pinned, is kept by the server, and leads back to its screen', () => {
  const ids = fc.constantFrom<readonly string[]>([], ['1'], ['1', '2'])
  const comparison = fc.record({
    against: fc.constantFrom(...againsts),
    aged: fc.constantFrom('alike' as const, 'now' as const),
    split: fc.constantFrom(...splits),
    of: fc.constantFrom(...measures),
    moment: fc.constantFrom(null, '2026-03-01', '2026-03-01T14:05'),
    days: fc.constantFrom(null, { from: '2025-01-01', to: '2025-03-01' }),
    ids: fc.record({ type: ids, counterparty: ids, department: ids, employee: ids }),
  })
  fc.assert(
    fc.property(comparison, (given) => {
      const words = Object.fromEntries(
        Object.entries({ type: 'service', ...writeComparison(given) }).filter(([, value]) => value !== null),
      )
      const card = { id: 'a', kind: 'comparison', title: '', size: 'wide', words } as BoardCard
      assert.ok(isKept(card), JSON.stringify(words))
      const url = new URL(hrefOf(card), 'http://crm.example.com')
      assert.equal(url.pathname, '/funnel/~compare')
      assert.deepEqual(readComparison(url.searchParams), readComparison(new URLSearchParams(words)))
      assert.equal(url.searchParams.get('type'), 'service')
    }),
  )
})

test('a named period stays named: it moves on with the days', () => {
  for (const period of presets) {
    const pinned = wordsOf(readSlice(new URLSearchParams({ period })))
    assert.deepEqual(pinned, period === 'year' ? {} : { period })
  }
})

test('whatever the gallery offers is a card that the server keeps', () => {
  for (const { key } of gallery) {
    const card = cardFrom(key, 'c1', 'new')
    assert.ok(isKept(card), key)
    assert.equal(card.size, usualSize(card.kind) satisfies CardSize)
  }
})

test('a card carried to another place leaves the rest in their order; places outside are held inside', () => {
  const cards = numbered(4)
  const ids = (id: string, to: number) =>
    carried(cards, id, to)
      .map((card) => card.id)
      .join(' ')
  assert.equal(ids('c1', 2), 'c2 c3 c1 c4')
  assert.equal(ids('c4', 0), 'c4 c1 c2 c3')
  assert.equal(ids('c2', 99), 'c1 c3 c4 c2')
  assert.equal(ids('c2', -1), 'c2 c1 c3 c4')
  assert.equal(ids('none', 1), 'c1 c2 c3 c4')
})

test('no row of a dashboard has a hole: a funnel and a trend of the usual sizes take whole rows, a figure stands beside a funnel', () => {
  assert.deepEqual(spansOf(['wide', 'wide'], 3), [3, 3])
  assert.deepEqual(spansOf(['wide', 'small', 'wide'], 3), [2, 1, 3])
  assert.deepEqual(spansOf(['small', 'wide', 'small'], 2), [2, 2, 1])
  assert.deepEqual(spansOf(['small', 'small', 'full'], 3), [1, 2, 3])
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...sizes), { maxLength: 12 }), fc.constantFrom(2, 3), (cards, columns) => {
      const spans = spansOf(cards, columns)
      assert.equal(spans.length, cards.length)
      let filled = 0
      for (const span of spans) {
        assert.ok(filled + span <= columns, 'a card goes on in the next row only when this one is full')
        filled = (filled + span) % columns
      }
      for (const [index, size] of cards.entries()) assert.ok(spans[index]! >= { small: 1, wide: 2, full: columns }[size])
      if (filled > 0) assert.deepEqual(cards.slice(-filled), Array(filled).fill('small'))
    }),
  )
})

test('a new card takes an id that none has, also after others went', () => {
  const cards = numbered(maxCards).filter((_, index) => index !== 3)
  const id = freeId(cards)
  assert.equal(
    cards.some((card) => card.id === id),
    false,
  )
})

for (const [what, card, href] of [
  [
    'the funnel as it was pinned',
    { kind: 'funnel', words: { type: 'a,b', period: 'quarter' } },
    '/funnel?type=a,b&period=quarter',
  ],
  ['the usual funnel', { kind: 'trend', words: {} }, '/funnel'],
  [
    'the list behind a figure',
    { kind: 'number', words: { by: 'amount' }, layer: 'new', part: 'lost' },
    '/funnel/new?by=amount&part=lost',
  ],
  ['a layer cut by departments', { kind: 'split', words: {}, layer: 'new', split: 'department' }, '/funnel/new?split=department'],
  ['a layer cut as usual', { kind: 'split', words: {}, layer: 'new', split: 'employee' }, '/funnel/new'],
] as const)
  test(`a card leads to ${what}`, () => {
    assert.equal(hrefOf({ id: 'a', title: '', size: 'small', ...card } as BoardCard), href)
  })
