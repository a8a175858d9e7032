import { formatDay, formatInteger } from '../messages/format.ts'
import type { Translate } from '../messages/translate.ts'
import type { Locale } from '../views/common.ts'
import type { ComparedDealsRef, ExplanationView, SaidPiece } from '../views/compare.ts'
import type { SplitBy } from '../views/funnel.ts'
import {
  type ChangeSide,
  type CountedIn,
  countedIn,
  type Explained,
  explainByLayers,
  explainBySlices,
  judgeChange,
  type LayerEffect,
  type Measure,
  measureTotal,
  type SliceEffect,
  type SliceTotals,
} from './explain-change.ts'
import {
  moneyUnit,
  type ShownPair,
  shareDigits,
  showCounts,
  showMoney,
  showMoneys,
  shownChange,
  showPoints,
  showShares,
} from './explain-shown.ts'
import type { Verdict } from './funnel-compare.ts'
import type { Day } from './periods.ts'
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

/** Keys of the words that say what changed and why. */
export type ChangeMessage =
  | PairMessage
  | `${'total' | 'same'}_${Measure | 'share_amount'}`
  | 'no_data'
  | 'before_history'
  | `verdict_${'real' | 'chance' | 'few'}`
  | 'because'
  | LayerEffect['cause']
  | `${LayerEffect['cause']}_amount`
  | 'rest'
  | 'value_won'
  | 'deals'
  | 'maybe'
  | 'maybe_few'
  | `by_${SplitBy}`
  | 'slice_number'
  | 'slice_mix'
  | 'slice_mix_amount'
  | `slice_rate_${Measure | 'share_amount'}`
  | 'none'
  | 'nothing_stands_out'

export type ChangeInput = ComparedInput<ChangeSide> & {
  /** What a share is of: deals, or their amount. */
  readonly by: CountedIn
  readonly slices: { readonly now: readonly SliceTotals[]; readonly before: readonly SliceTotals[] }
}
export type ChangeSpeech = { readonly locale: Locale; readonly t: Translate<ChangeMessage> }

/**
 * What changed between two funnels and why, in plain words: the total, whether it could be chance, the two or three layers and slice values that
 * explain most of it, and what the rest adds up to. What is shown adds up as it is shown.
 */
export function sayChange(input: ChangeInput, measure: Measure, speech: ChangeSpeech): ExplanationView {
  const { now, before, knownFrom } = input
  const warned = sayUnknown(knownFrom, speech)
  const explained = { measure, by: input.by }
  const [to, from] = [measureTotal(now, explained), measureTotal(before, explained)]
  if (to === null || from === null) {
    const layers = joinTexts([...warned, plain(speech.t('no_data'))])
    return { of: measure, change: null, verdict: null, layers, slices: [] }
  }
  const change = to - from
  const verdict = knownFrom === null ? judgeChange(now, before, explained) : null
  const { shown, scale } = scaleOf({ now: to, before: from }, measure, input.currency, speech)
  const figure = (side: 'now' | 'before'): Figure => ({ text: shown[side], opens: { side, part: 'won' } })
  const pair = sayPair(speech, input.contrast, { now: figure('now'), before: figure('before') }, shown.sign)
  const headline =
    shown.sign === 0
      ? weave(speech, `same_${keyOf(explained)}`, { pair })
      : weave(speech, `total_${keyOf(explained)}`, { pair, change: plain(scale.say(scale.change)) })
  const judged = verdict && verdict !== 'same' && shown.sign !== 0 ? [space, plain(speech.t(`verdict_${verdict}`))] : []
  return {
    of: measure,
    change,
    verdict,
    layers: joinTexts([...warned, ...headline, ...judged, ...(change === 0 ? [] : sayLayers(input, explained, scale, speech))]),
    slices: joinTexts(saySlices(input, explained, scale, speech)),
  }
}

/** A share of the amount is said in other words than one of deals. */
function keyOf({ measure, by }: Explained): Measure | 'share_amount' {
  return measure === 'share' && by === 'amount' ? 'share_amount' : measure
}

/** That the beginning of a side is not known, and so nothing can be concluded. */
export function sayUnknown(
  knownFrom: Day | null,
  { locale, t }: { readonly locale: Locale; readonly t: Translate<'before_history'> },
): SaidPiece[] {
  return knownFrom === null ? [] : [plain(t('before_history', { day: formatDay(knownFrom, locale) })), space]
}

type Both = { readonly now: number; readonly before: number }

/** The totals as they are shown, and what contributions to their change are shown in. */
function scaleOf(
  totals: Both,
  measure: Measure,
  currency: string,
  { locale, t }: ChangeSpeech,
): { readonly shown: ShownPair; readonly scale: Scale } {
  switch (measure) {
    case 'won': {
      const say = (steps: number) => signed(steps, t('value_won', dealsIn(steps, locale)))
      return { shown: showCounts(totals, locale), scale: { change: totals.now - totals.before, step: 1, say } }
    }
    case 'amount': {
      const unit = moneyUnit(totals, currency)
      const say = (steps: number) => signed(steps, showMoney(Math.abs(steps), unit, currency, locale))
      return { shown: showMoneys(totals, currency, locale), scale: { ...shownChange(totals, unit), say } }
    }
    case 'share': {
      // Contributions to a share are rarely whole points.
      const digits = Math.max(1, shareDigits([totals]))
      const say = (steps: number) => signed(steps, showPoints(steps, digits, locale))
      return { shown: showShares(totals, locale, digits), scale: { ...shownChange(totals, { size: 0.01, digits }), say } }
    }
  }
}

function sayLayers(input: ChangeInput, explained: Explained, scale: Scale, speech: ChangeSpeech): SaidPiece[] {
  const inWhat = countedIn(explained)
  const clause = (effect: LayerEffect, value: Figure) => {
    const layer = input.layers.get(effect.statusId ?? 0)
    const { texts, shown } = sayCause(effect, inWhat, input.currency, speech)
    const figure = (side: 'now' | 'before'): Figure => ({ text: texts[side], opens: refOf(effect, layer?.code, side) })
    const pair = sayPair(speech, input.contrast, { now: figure('now'), before: figure('before') }, shown.sign)
    return [
      ...weave(
        speech,
        inWhat === 'amount' ? `${effect.cause}_amount` : effect.cause,
        { pair, value },
        { layer: layer?.name ?? '', count: effect.now },
      ),
      ...doubt(effect.verdict, effect.cause === 'conversion' && input.knownFrom === null, speech),
    ]
  }
  const said = sayContributions(explainByLayers(input.now, input.before, explained), scale, clause, speech.t)
  if (said.length === 0) return [space, plain(speech.t('nothing_stands_out'))]
  return [space, plain(speech.t('because')), ...enumerate(said)]
}

function refOf({ cause }: LayerEffect, layer: string | undefined, side: 'now' | 'before'): ComparedDealsRef | null {
  const parts = { entries: 'reached', conversion: 'through', joined: 'joined', beside: 'beside' } as const
  const part = parts[cause]
  return part === 'beside' ? { side, part } : layer ? { side, layer, part } : null
}

type SaidFigures = { readonly shown: ShownPair; readonly texts: { readonly now: string; readonly before: string } }

function sayCause(effect: LayerEffect, inWhat: CountedIn, currency: string, speech: ChangeSpeech): SaidFigures {
  if (effect.cause === 'conversion') return asShown(showShares(effect, speech.locale))
  return inWhat === 'amount' ? asShown(showMoneys(effect, currency, speech.locale)) : sayDeals(effect, speech)
}

function asShown(shown: ShownPair): SaidFigures {
  return { shown, texts: shown }
}

/** `1 551 сделка` and `571`: what is counted is said once. */
export function sayDeals(both: Both, { locale, t }: { readonly locale: Locale; readonly t: Translate<'deals'> }): SaidFigures {
  const now = t('deals', { count: both.now, number: formatInteger(both.now, locale) })
  const shown = showCounts(both, locale)
  return { shown, texts: { now, before: shown.before } }
}

function saySlices(input: ChangeInput, explained: Explained, scale: Scale, speech: ChangeSpeech): SaidPiece[] {
  if (input.split === null || input.sliceNames.size < 2) return []
  const mix = explained.measure !== 'share' ? 'slice_number' : explained.by === 'amount' ? 'slice_mix_amount' : 'slice_mix'
  const clause = (effect: SliceEffect, value: Figure) => {
    const name = input.sliceNames.get(effect.key) ?? speech.t('none')
    const { texts, shown } = saySliceCause(effect, explained.measure, input.currency, speech)
    const figure = (side: 'now' | 'before'): Figure => ({
      text: texts[side],
      opens: { side, part: effect.cause === 'number' ? 'all' : 'won', key: effect.key },
    })
    const key = effect.cause === 'rate' ? (`slice_rate_${keyOf(explained)}` as const) : mix
    const pair = sayPair(speech, input.contrast, { now: figure('now'), before: figure('before') }, shown.sign)
    return [
      ...weave(speech, key, { pair, value }, { name, count: effect.now }),
      ...doubt(effect.verdict, effect.cause === 'rate' && input.knownFrom === null, speech),
    ]
  }
  const effects = explainBySlices(input.slices.now, input.slices.before, explained)
  const said = sayContributions(effects, scale, clause, speech.t)
  return said.length === 0 ? [] : [plain(speech.t(`by_${input.split}`)), ...enumerate(said)]
}

function saySliceCause(effect: SliceEffect, measure: Measure, currency: string, speech: ChangeSpeech): SaidFigures {
  if (effect.cause === 'number' && measure !== 'share') return sayDeals(effect, speech)
  return asShown(measure === 'amount' ? showMoneys(effect, currency, speech.locale) : showShares(effect, speech.locale))
}

/** A share that may have changed by chance is said to. @param isJudged whether of that anything can be said */
function doubt(verdict: Verdict | null, isJudged: boolean, { t }: ChangeSpeech): SaidPiece[] {
  if (!isJudged || (verdict !== 'chance' && verdict !== 'few')) return []
  return [space, plain(t(verdict === 'chance' ? 'maybe' : 'maybe_few'))]
}
