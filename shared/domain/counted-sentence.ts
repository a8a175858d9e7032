import type { Translate } from '../messages/translate.ts'
import type { Locale } from '../views/common.ts'
import type { CountedMeasure, ExplanationView, SaidPiece, VerdictView } from '../views/compare.ts'
import type { SplitBy } from '../views/funnel.ts'
import { sayDeals, sayUnknown } from './change-sentence.ts'
import { type CountedPart, explainParts, type PartEffect } from './explain-parts.ts'
import { moneyUnit, type ShownPair, showCounts, showDecimals, showMoney, showMoneys, shownChange } from './explain-shown.ts'
import {
  type ComparedInput,
  dealsIn,
  enumerate,
  type Figure,
  joinTexts,
  type PairMessage,
  plain,
  type Scale,
  sayContributions,
  sayPair,
  signed,
  space,
  weave,
} from './woven-sentence.ts'

/** Keys of the words that say how two snapshots or two flows differ. */
export type CountedMessage =
  | PairMessage
  | 'before_history'
  | `${'total' | 'same'}_${'snapshot' | 'flow'}_${CountedMeasure}`
  | 'total_entries'
  | 'same_entries'
  | `verdict_${'real' | 'chance' | 'few'}`
  | `part_${'snapshot' | 'flow'}`
  | 'part_hidden'
  | 'part_average'
  | 'part_entries'
  | 'slice_counted'
  | 'because'
  | 'rest'
  | 'deals'
  | 'value_won'
  | 'value_entries'
  | `by_${SplitBy}`
  | 'none'

/** A layer or the value of a slice. `entries`: of a flow, repeated ones too. */
export type CountedFigures = {
  readonly key: number
  readonly deals: number
  readonly amountMinor: number
  readonly entries?: number
}
export type CountedSide = {
  readonly deals: number
  readonly amountMinor: number
  /** Of a snapshot they add up to the whole, key 0 being what stands outside of the layers shown; a deal of a flow enters several. */
  readonly layers: readonly CountedFigures[]
  readonly slices: readonly CountedFigures[]
}
export type CountedInput = ComparedInput<CountedSide> & {
  readonly basis: 'snapshot' | 'flow'
  /** Whether the numbers of deals could differ by chance; null where no chance is in them. */
  readonly verdict: VerdictView | null
}
type Speech = { readonly locale: Locale; readonly t: Translate<CountedMessage> }
type Side = 'now' | 'before'

/** What differs between two snapshots or two flows and where, in plain words; contributions add up to the difference, also as they are shown. */
export function sayCounted(input: CountedInput, measure: CountedMeasure, speech: Speech): ExplanationView {
  const { basis, now, before, knownFrom } = input
  const [to, from] = measure === 'amount' ? [now.amountMinor, before.amountMinor] : [now.deals, before.deals]
  const { shown, scale } = scaleOf({ now: to, before: from }, measure, input.currency, speech)
  const figure = (side: Side): Figure => ({ text: shown[side], opens: { side, part: 'all' } })
  const pair = sayPair(speech, input.contrast, { now: figure('now'), before: figure('before') }, shown.sign)
  const headline =
    shown.sign === 0
      ? weave(speech, `same_${basis}_${measure}`, { pair })
      : weave(speech, `total_${basis}_${measure}`, { pair, change: plain(scale.say(scale.change)) })
  const verdict = measure === 'count' && knownFrom === null ? input.verdict : null
  const judged = verdict && verdict !== 'same' && to !== from ? [space, plain(speech.t(`verdict_${verdict}`))] : []
  const parts =
    basis === 'snapshot' ? sayParts(input, measure, scale, speech) : measure === 'count' ? sayEntries(input, speech) : []
  return {
    of: measure,
    change: to - from,
    verdict,
    layers: joinTexts([...sayUnknown(knownFrom, speech), ...headline, ...judged, ...parts]),
    slices: joinTexts(saySlices(input, measure, scale, speech)),
  }
}

type Both = { readonly now: number; readonly before: number }

function scaleOf(
  totals: Both,
  measure: CountedMeasure | 'entries',
  currency: string,
  { locale, t }: Speech,
): { readonly shown: ShownPair; readonly scale: Scale } {
  if (measure === 'amount') {
    const unit = moneyUnit(totals, currency)
    const say = (steps: number) => signed(steps, showMoney(Math.abs(steps), unit, currency, locale))
    return { shown: showMoneys(totals, currency, locale), scale: { ...shownChange(totals, unit), say } }
  }
  const key = measure === 'entries' ? 'value_entries' : 'value_won'
  const say = (steps: number) => signed(steps, t(key, dealsIn(steps, locale)))
  return { shown: showCounts(totals, locale), scale: { change: totals.now - totals.before, step: 1, say } }
}

function broughtIn(figures: readonly CountedFigures[], measure: CountedMeasure | 'entries'): CountedPart[] {
  return figures.map(({ key, deals, amountMinor, entries = 0 }) => ({
    key,
    deals,
    brought: { count: deals, amount: amountMinor, entries }[measure],
  }))
}

/** Where the difference of two snapshots lies. */
function sayParts(input: CountedInput, measure: CountedMeasure, scale: Scale, speech: Speech): SaidPiece[] {
  const effects = explainParts(broughtIn(input.now.layers, measure), broughtIn(input.before.layers, measure))
  return sayEffects(effects, scale, speech, (effect, value) => {
    const layer = input.layers.get(effect.key)
    const opens = (side: Side): Figure['opens'] =>
      layer ? { side, layer: layer.code, part: 'standing' } : { side, part: 'beside' }
    const key = !layer ? 'part_hidden' : effect.cause === 'number' ? 'part_snapshot' : 'part_average'
    const pair = pairOf(sayFigure(effect, input.currency, speech), opens, input, speech)
    return weave(speech, key, { pair, value }, { name: layer?.name ?? '', count: effect.now })
  })
}

/** Where the difference of the entries lies, of which one deal may have several. */
function sayEntries(input: CountedInput, speech: Speech): SaidPiece[] {
  const parts = { now: broughtIn(input.now.layers, 'entries'), before: broughtIn(input.before.layers, 'entries') }
  const sum = (all: readonly CountedPart[]) => all.reduce((total, { brought }) => total + brought, 0)
  const { shown, scale } = scaleOf({ now: sum(parts.now), before: sum(parts.before) }, 'entries', input.currency, speech)
  const total = sayPair(speech, input.contrast, { now: plain(shown.now), before: plain(shown.before) }, shown.sign)
  if (shown.sign === 0) return [space, ...weave(speech, 'same_entries', { pair: total })]
  const headline = weave(speech, 'total_entries', { pair: total, change: plain(scale.say(scale.change)) })
  const said = sayEffects(explainParts(parts.now, parts.before), scale, speech, (effect, value) => {
    const layer = input.layers.get(effect.key)
    const opens = (side: Side): Figure['opens'] => ({ side, layer: layer?.code ?? '', part: 'entered' })
    const figures = effect.cause === 'number' ? sayDeals(effect, speech) : asShown(showDecimals(effect, speech.locale))
    const key = effect.cause === 'number' ? 'part_flow' : 'part_entries'
    const pair = pairOf(figures, opens, input, speech)
    return weave(speech, key, { pair, value }, { name: layer?.name ?? '', count: effect.now })
  })
  return [space, ...headline, ...said]
}

function saySlices(input: CountedInput, measure: CountedMeasure, scale: Scale, speech: Speech): SaidPiece[] {
  if (input.split === null || input.sliceNames.size < 2) return []
  const effects = explainParts(broughtIn(input.now.slices, measure), broughtIn(input.before.slices, measure))
  const clause = (effect: PartEffect, value: Figure) => {
    const opens = (side: Side): Figure['opens'] => ({ side, part: 'all', key: effect.key })
    const name = input.sliceNames.get(effect.key) ?? speech.t('none')
    const key = effect.cause === 'number' ? 'slice_counted' : 'part_average'
    const pair = pairOf(sayFigure(effect, input.currency, speech), opens, input, speech)
    return weave(speech, key, { pair, value }, { name, count: effect.now })
  }
  const said = sayContributions(effects, scale, clause, speech.t)
  return said.length === 0 ? [] : [plain(speech.t(`by_${input.split}`)), ...enumerate(said)]
}

function sayEffects(
  effects: readonly PartEffect[],
  scale: Scale,
  { t }: Speech,
  clause: (effect: PartEffect, value: Figure) => SaidPiece[],
): SaidPiece[] {
  const said = sayContributions(effects, scale, clause, t)
  return said.length === 0 ? [] : [space, plain(t('because')), ...enumerate(said)]
}

type SaidFigures = ReturnType<typeof sayDeals>

function pairOf(
  { texts, shown }: SaidFigures,
  opens: (side: Side) => Figure['opens'],
  { contrast }: CountedInput,
  speech: Speech,
): SaidPiece[] {
  const figure = (side: Side): Figure => ({ text: texts[side], opens: opens(side) })
  return sayPair(speech, contrast, { now: figure('now'), before: figure('before') }, shown.sign)
}

function asShown(shown: ShownPair): SaidFigures {
  return { shown, texts: shown }
}

function sayFigure(effect: PartEffect, currency: string, speech: Speech): SaidFigures {
  return effect.cause === 'number' ? sayDeals(effect, speech) : asShown(showMoneys(effect, currency, speech.locale))
}
