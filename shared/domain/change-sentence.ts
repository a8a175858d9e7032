import { formatInteger, formatMoneyShort, formatShare } from '../messages/format.ts'
import type { Translate } from '../messages/translate.ts'
import type { Locale } from '../views/common.ts'
import type { ComparedDealsRef, ExplanationView, SaidPiece } from '../views/compare.ts'
import type { SplitBy } from '../views/funnel.ts'
import {
  type ChangeSide,
  explainByLayers,
  explainBySlices,
  judgeChange,
  type LayerEffect,
  largestEffects,
  type Measure,
  measureTotal,
  type SliceEffect,
  type SliceTotals,
} from './explain-change.ts'
import type { Verdict } from './funnel-compare.ts'

/** Keys of the words that say what changed and why. */
export type ChangeMessage =
  | `total_${Measure}`
  | `same_${Measure}`
  | 'no_data'
  | `verdict_${'real' | 'chance' | 'few'}`
  | 'because'
  | LayerEffect['cause']
  | 'rest'
  | 'value_won'
  | 'points'
  | 'deals'
  | 'maybe'
  | 'maybe_few'
  | `by_${SplitBy}`
  | 'slice_number'
  | 'slice_mix'
  | `slice_rate_${Measure}`
  | 'none'
  | 'nothing_stands_out'

export type ChangeInput = {
  readonly now: ChangeSide
  readonly before: ChangeSide
  readonly slices: { readonly now: readonly SliceTotals[]; readonly before: readonly SliceTotals[] }
  readonly split: SplitBy
  /** By status id: the name for a sentence, the code for a list. */
  readonly layers: ReadonlyMap<number, { readonly name: string; readonly code: string }>
  readonly sliceNames: ReadonlyMap<number, string | null>
  readonly currency: string
}
export type ChangeSpeech = { readonly locale: Locale; readonly t: Translate<ChangeMessage> }

/** A figure of a sentence and the list behind it. */
type Figure = { readonly text: string; readonly opens: ComparedDealsRef | null }

/**
 * What changed between two funnels and why, in plain words: the total, whether it could be chance, the two or three layers and slice values that
 * explain most of it, and what the rest adds up to.
 */
export function sayChange(input: ChangeInput, measure: Measure, speech: ChangeSpeech): ExplanationView {
  const { now, before } = input
  const [to, from] = [measureTotal(now, measure), measureTotal(before, measure)]
  if (to === null || from === null) {
    return { of: measure, change: null, verdict: null, layers: [{ text: speech.t('no_data'), opens: null }], slices: [] }
  }
  const change = to - from
  const verdict = judgeChange(now, before, measure)
  const teller = tellerOf(input, measure, speech)
  const total = { now: teller.total(to, 'now'), before: teller.total(from, 'before') }
  const headline =
    change === 0
      ? weave(speech, `same_${measure}`, total)
      : weave(speech, `total_${measure}`, { ...total, change: plain(teller.value(change)) })
  const judged = verdict && verdict !== 'same' && change !== 0 ? [space, plain(speech.t(`verdict_${verdict}`))] : []
  return {
    of: measure,
    change,
    verdict,
    layers: joinTexts([...headline, ...judged, ...(change === 0 ? [] : sayLayers(input, measure, teller, speech))]),
    slices: joinTexts(saySlices(input, measure, teller, speech)),
  }
}

type Teller = {
  readonly value: (value: number) => string
  readonly total: (value: number, side: 'now' | 'before') => Figure
}

function tellerOf({ currency }: ChangeInput, measure: Measure, { locale, t }: ChangeSpeech): Teller {
  const money = (minor: number) => formatMoneyShort(Math.round(minor), currency, locale)
  const text = {
    won: (value: number) => formatInteger(value, locale),
    amount: money,
    share: (value: number) => formatShare(value, locale),
  }[measure]
  return {
    value: (value) =>
      signed(
        value,
        measure === 'amount'
          ? money(Math.abs(value))
          : measure === 'won'
            ? t('value_won', dealsIn(value, locale))
            : t('points', { points: toOneDecimal(Math.abs(value) * 100, locale) }),
      ),
    total: (value, side) => ({ text: text(value), opens: { side, part: 'won' } }),
  }
}

function sayLayers(
  { now, before, layers, currency }: ChangeInput,
  measure: Measure,
  teller: Teller,
  speech: ChangeSpeech,
): SaidPiece[] {
  const effects = explainByLayers(now, before, measure)
  const named = largestEffects(effects)
  if (named.length === 0) return [space, plain(speech.t('nothing_stands_out'))]
  const said = named.map((effect) => {
    const layer = layers.get(effect.statusId ?? 0)
    const figure = (side: 'now' | 'before'): Figure => ({
      text: sayCause(effect, effect[side], currency, speech),
      opens: refOf(effect, layer?.code, side),
    })
    const values = { now: figure('now'), before: figure('before'), value: plain(teller.value(effect.value)) }
    return [
      ...weave(speech, effect.cause, values, { layer: layer?.name ?? '' }),
      ...doubt(effect.verdict, effect.cause === 'conversion', speech),
    ]
  })
  return [space, plain(speech.t('because')), ...enumerate([...said, ...sayRest(effects, named, teller, speech)])]
}

function refOf({ cause }: LayerEffect, layer: string | undefined, side: 'now' | 'before'): ComparedDealsRef | null {
  const parts = { entries: 'reached', conversion: 'through', joined: 'joined', beside: 'beside', average: 'won' } as const
  const part = parts[cause]
  return part === 'won' || part === 'beside' ? { side, part } : layer ? { side, layer, part } : null
}

function sayCause({ cause }: LayerEffect, value: number, currency: string, { locale, t }: ChangeSpeech): string {
  switch (cause) {
    case 'conversion':
      return formatShare(value, locale)
    case 'average':
      return formatMoneyShort(Math.round(value), currency, locale)
    case 'entries':
    case 'joined':
    case 'beside':
      return t('deals', { count: value, number: formatInteger(value, locale) })
  }
}

function saySlices(input: ChangeInput, measure: Measure, teller: Teller, speech: ChangeSpeech): SaidPiece[] {
  const effects = explainBySlices(input.slices.now, input.slices.before, measure)
  const named = largestEffects(effects)
  if (named.length === 0 || input.sliceNames.size < 2) return []
  const said = named.map((effect) => {
    const name = input.sliceNames.get(effect.key) ?? speech.t('none')
    const figure = (side: 'now' | 'before'): Figure => ({
      text: saySliceCause(effect, effect[side], measure, input.currency, speech),
      opens: { side, part: effect.cause === 'number' ? 'all' : 'won', key: effect.key },
    })
    const key = effect.cause === 'rate' ? (`slice_rate_${measure}` as const) : measure === 'share' ? 'slice_mix' : 'slice_number'
    const values = { now: figure('now'), before: figure('before'), value: plain(teller.value(effect.value)) }
    return [...weave(speech, key, values, { name }), ...doubt(effect.verdict, effect.cause === 'rate', speech)]
  })
  return [plain(speech.t(`by_${input.split}`)), ...enumerate([...said, ...sayRest(effects, named, teller, speech)])]
}

function saySliceCause(
  { cause }: SliceEffect,
  value: number,
  measure: Measure,
  currency: string,
  { locale, t }: ChangeSpeech,
): string {
  if (cause === 'number' && measure !== 'share') return t('deals', { count: value, number: formatInteger(value, locale) })
  if (measure === 'amount') return formatMoneyShort(Math.round(value), currency, locale)
  return formatShare(value, locale)
}

function sayRest(
  all: readonly { value: number }[],
  named: readonly { value: number }[],
  teller: Teller,
  { t }: ChangeSpeech,
): SaidPiece[][] {
  const sum = (effects: readonly { value: number }[]) => effects.reduce((total, { value }) => total + value, 0)
  const rest = sum(all) - sum(named)
  const others = all.filter(({ value }) => value !== 0).length - named.length
  // What rounds to nothing is not worth a clause, nor a sign.
  const isSaid = others > 0 && teller.value(rest).slice(1) !== teller.value(0).slice(1)
  return isSaid ? [[plain(t('rest', { value: teller.value(rest) }))]] : []
}

/** ` one; two; three.` */
function enumerate(clauses: readonly (readonly SaidPiece[])[]): SaidPiece[] {
  return clauses.flatMap((clause, index) => {
    const isLast = index === clauses.length - 1
    // An abbreviation's full stop is the sentence's too.
    const end = isLast ? (clause.at(-1)?.text.endsWith('.') ? '' : '.') : ';'
    return [space, ...clause, plain(end)]
  })
}

/** A share that may have changed by chance is said to. */
function doubt(verdict: Verdict | null, isShare: boolean, { t }: ChangeSpeech): SaidPiece[] {
  if (!isShare || (verdict !== 'chance' && verdict !== 'few')) return []
  return [space, plain(t(verdict === 'chance' ? 'maybe' : 'maybe_few'))]
}

const space = plain(' ')

function plain(text: string): SaidPiece {
  return { text, opens: null }
}

/** Writes a sentence and cuts it where its figures stand. The marks are of the private use area: no text holds them. */
function weave(
  { t }: ChangeSpeech,
  key: ChangeMessage,
  figures: Readonly<Record<string, Figure>>,
  values: Readonly<Record<string, string>> = {},
): SaidPiece[] {
  const names = Object.keys(figures)
  const marks = Object.fromEntries(names.map((name, index) => [name, `\uE000${index}\uE000`]))
  return t(key, { ...values, ...marks })
    .split('\uE000')
    .map((text, index) => (index % 2 === 0 ? plain(text) : figures[names[Number(text)]!]!))
    .filter(({ text }) => text !== '')
}

function joinTexts(pieces: readonly SaidPiece[]): SaidPiece[] {
  const joined: SaidPiece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last && !last.opens && !piece.opens) joined[joined.length - 1] = plain(last.text + piece.text)
    else joined.push(piece)
  }
  return joined
}

function signed(value: number, size: string): string {
  return value < 0 ? `−${size}` : `+${size}`
}

/** Below ten with one decimal: contributions are rarely whole. */
function toOneDecimal(value: number, locale: Locale): string {
  if (value >= 9.95) return formatInteger(value, locale)
  const text = String(Number(value.toFixed(1)))
  return locale === 'ru' ? text.replace('.', ',') : text
}

function dealsIn(value: number, locale: Locale): { count: number; number: string } {
  const size = Math.abs(value)
  return { count: size >= 9.95 ? Math.round(size) : Number(size.toFixed(1)), number: toOneDecimal(size, locale) }
}
