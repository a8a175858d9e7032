import { formatInteger } from '../messages/format.ts'
import type { Translate } from '../messages/translate.ts'
import type { Locale } from '../views/common.ts'
import type { ComparedDealsRef, SaidPiece } from '../views/compare.ts'
import type { SplitBy } from '../views/funnel.ts'
import { largestEffects } from './explain-change.ts'
import { roundParts } from './explain-rounding.ts'
import type { Day } from './periods.ts'

/** Sentences whose figures open their lists: pieces of text, and how they are put together. */

/** A figure of a sentence and the list behind it. */
export type Figure = { readonly text: string; readonly opens: ComparedDealsRef | null }

/** Keys of the words that hold two figures against one another: of the same at two times, or of two that stand side by side. */
export type Contrast = 'time' | 'sides'
/** What is told of two funnels, whatever is compared. */
export type ComparedInput<Side> = {
  readonly now: Side
  readonly before: Side
  readonly contrast: Contrast
  /** The first day that anything is known of, where a side begins before it: chance is not judged then. */
  readonly knownFrom: Day | null
  /** Null: by nothing. */
  readonly split: SplitBy | null
  /** By status id: the name for a sentence, the code for a list. */
  readonly layers: ReadonlyMap<number, { readonly name: string; readonly code: string }>
  readonly sliceNames: ReadonlyMap<number, string | null>
  readonly currency: string
}
export type PairMessage = `pair_${Contrast}_${'more' | 'less' | 'same'}`

/** `252, было 142`, `252 у А, 142 у Б`. @param sign of the change as it is shown */
export function sayPair(
  speech: { readonly t: Translate<PairMessage> },
  contrast: Contrast,
  figures: { readonly now: Figure; readonly before: Figure },
  sign: number,
): SaidPiece[] {
  return weave(speech, `pair_${contrast}_${sign > 0 ? 'more' : sign < 0 ? 'less' : 'same'}`, figures)
}

/** What contributions are shown in. `change`: what they add up to, in whole steps as it is shown; `say`: so many steps, with their sign. */
export type Scale = { readonly change: number; readonly step: number; readonly say: (steps: number) => string }

/** The largest contributions, a clause each, and what all the others come to. As shown they add up to the shown change; what is shown as nothing is not said. */
export function sayContributions<Effect extends { readonly value: number }>(
  effects: readonly Effect[],
  { change, step, say }: Scale,
  clause: (effect: Effect, value: Figure) => readonly SaidPiece[],
  t: Translate<'rest'>,
): (readonly SaidPiece[])[] {
  const named = largestEffects(effects)
  const sum = (all: readonly Effect[]) => all.reduce((total, { value }) => total + value, 0)
  const hasOthers = effects.filter(({ value }) => value !== 0).length > named.length
  const shown = roundParts([...named.map(({ value }) => value), ...(hasOthers ? [sum(effects) - sum(named)] : [])], change, step)
  return shown.flatMap((steps, index) => {
    if (steps === 0) return []
    const effect = named[index]
    return [effect ? clause(effect, plain(say(steps))) : [plain(t('rest', { value: say(steps) }))]]
  })
}

/** ` one; two; three.` */
export function enumerate(clauses: readonly (readonly SaidPiece[])[]): SaidPiece[] {
  return clauses.flatMap((clause, index) => {
    const isLast = index === clauses.length - 1
    // An abbreviation's full stop is the sentence's too.
    const end = isLast ? (clause.at(-1)?.text.endsWith('.') ? '' : '.') : ';'
    return [space, ...clause, plain(end)]
  })
}

export const space: SaidPiece = { text: ' ', opens: null }

export function plain(text: string): SaidPiece {
  return { text, opens: null }
}

/**
 * Writes a sentence and cuts it where its figures stand. The marks are of the private use area: no text holds them.
 * @param figures single ones, or what is woven already
 */
export function weave<Key extends string>(
  { t }: { readonly t: Translate<Key> },
  key: Key,
  figures: Readonly<Record<string, Figure | readonly SaidPiece[]>>,
  values: Readonly<Record<string, string | number>> = {},
): SaidPiece[] {
  const names = Object.keys(figures)
  const marks = Object.fromEntries(names.map((name, index) => [name, `\uE000${index}\uE000`]))
  return t(key, { ...values, ...marks })
    .split('\uE000')
    .flatMap((text, index) => (index % 2 === 0 ? plain(text) : figures[names[Number(text)]!]!))
    .filter(({ text }) => text !== '')
}

export function joinTexts(pieces: readonly SaidPiece[]): SaidPiece[] {
  const joined: SaidPiece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && !last.opens && !piece.opens) joined[joined.length - 1] = plain(last.text + piece.text)
    else joined.push(piece)
  }
  return joined
}

/** @param size without a sign; nothing has none */
export function signed(steps: number, size: string): string {
  return steps === 0 ? size : steps < 0 ? `−${size}` : `+${size}`
}

/** A number of deals and its plural. */
export function dealsIn(value: number, locale: Locale): { count: number; number: string } {
  const count = Math.abs(value)
  return { count, number: formatInteger(count, locale) }
}
