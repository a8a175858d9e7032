import type { BoardCard, BoardCardKind, CardWords } from '../../../../shared/schemas/dashboards.ts'
import type { Phase } from '../../../../shared/views/common.ts'
import { readSlice, type Slice, writeSlice } from '../funnel/slice.ts'

/** What a card is before it has a place on a dashboard. */
export type Pin = {
  readonly kind: BoardCardKind
  readonly words: CardWords
  readonly layer?: string
  readonly chapter?: Phase
  readonly part?: string
}

export const sizes = ['small', 'wide', 'full'] as const
export type CardSize = (typeof sizes)[number]

/** Words of the address that belong to one chart alone: whose wins, which clock, the forecast of what. */
export const lookWords = ['won', 'clock', 'forecast'] as const

/** How much room a kind needs to be read with ease. */
const usualSizes: Partial<Record<BoardCardKind, CardSize>> = {
  funnel: 'wide',
  trend: 'wide',
  activity: 'wide',
  forecast: 'wide',
  comparison: 'wide',
}
export function usualSize(kind: BoardCardKind): CardSize {
  return usualSizes[kind] ?? 'small'
}

/**
 * How many of the columns each card takes, so that no row has a hole in it: where the next card has no room, one of the row takes what is left,
 * the last wide one, else the last. The order is never changed; only cards of one column at the very end may leave room.
 * @param columns 2 or 3
 */
export function spansOf(cardSizes: readonly CardSize[], columns: number): readonly number[] {
  const wished = cardSizes.map((size) => (size === 'small' ? 1 : size === 'wide' ? Math.min(2, columns) : columns))
  const spans: number[] = []
  let row: number[] = []
  const close = (isLast: boolean): void => {
    const left = columns - row.reduce((sum, span) => sum + span, 0)
    const widest = row.findLastIndex((span) => span > 1)
    const at = widest >= 0 ? widest : isLast ? -1 : row.length - 1
    spans.push(...row.map((span, index) => (index === at ? span + left : span)))
    row = []
  }
  for (const span of wished) {
    if (row.reduce((sum, one) => sum + one, span) > columns) close(false)
    row.push(span)
  }
  close(true)
  return spans
}

/** A slice as a card keeps it: only what differs from the usual, named periods by their name. */
export function wordsOf(slice: Slice): CardWords {
  const written = Object.entries(writeSlice(slice)).filter(
    (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
  )
  return Object.fromEntries(written)
}

export function sliceOf(words: CardWords): Slice {
  return readSlice(new URLSearchParams(words))
}

/** An id that none of the cards has. */
export function freeId(cards: readonly { readonly id: string }[]): string {
  const taken = new Set(cards.map(({ id }) => id))
  let next = cards.length + 1
  while (taken.has(`c${next}`)) next++
  return `c${next}`
}

/** The same cards with one carried to another place; places outside are held inside. */
export function carried<Card extends { readonly id: string }>(cards: readonly Card[], id: string, to: number): readonly Card[] {
  const from = cards.findIndex((card) => card.id === id)
  const card = cards[from]
  return card ? cards.toSpliced(from, 1).toSpliced(Math.max(0, Math.min(cards.length - 1, to)), 0, card) : cards
}

/** Where the card's figures are the whole screen. */
export function hrefOf(card: BoardCard): string {
  const query = new URLSearchParams(card.words)
  if ('part' in card && card.part) query.set('part', card.part)
  if (card.kind === 'split' && card.split !== 'employee') query.set('split', card.split)
  const text = query.toString().replaceAll('%2C', ',')
  const path = screenOf(card)
  return text ? `${path}?${text}` : path
}

function screenOf(card: BoardCard): string {
  if ('chapter' in card && card.chapter !== undefined) return `/funnel/~chapters/${card.chapter}`
  if ('layer' in card) return `/funnel/${card.layer}`
  return card.kind === 'comparison' ? '/funnel/~compare' : '/funnel'
}
