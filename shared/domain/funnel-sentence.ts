import { formatDays, formatInteger, formatMoneyShort, formatPoints, formatShare } from '../messages/format.ts'
import type { Translate } from '../messages/translate.ts'
import type { Locale } from '../views/common.ts'
import type { BottleneckView } from '../views/funnel.ts'
import { primaryBottleneck, type TargetSource } from './funnel-bottleneck.ts'

/** Keys of the funnel's words: the sentence, the connectors, the marks and the legend. */
export type FunnelMessage =
  | 'step'
  | 'bottleneck'
  | 'passing'
  | 'passing_target_before'
  | 'passing_target_set'
  | 'shortfall'
  | 'median_limit'
  | 'median_before'
  | 'days'
  | 'hours'
  | 'working_hours'
  | 'over'
  | 'queue'
  | 'waiting'
  | 'none_narrowest'
  | 'none_too_few'
  | 'none_resolved'
  | 'no_deals'
  | 'connector'
  | 'unchanged'
  | 'joined'
  | 'skipped'
  | 'bottleneck_mark'
  | 'too_few_mark'

/** What a layer must tell to be spoken of. Figures are numbers of deals, whatever measure is shown. */
export type SpokenLayer = {
  readonly code: string
  readonly name: string
  readonly passed: number
  readonly lost: number
  readonly open: number
  /** By the clock of the limits. */
  readonly medianHours: number | null
  /** The median cannot be told yet: it is more than `medianHours`. */
  readonly isMedianOver?: boolean
  readonly clock?: 'calendar' | 'working'
  readonly baselineMedianHours: number | null
  readonly timeLimitHours: number | null
  readonly bottleneck: (BottleneckView & { readonly targetSource: TargetSource | null }) | null
}

export type SentenceInput = {
  readonly layers: readonly SpokenLayer[]
  /** Deals of the whole cohort. */
  readonly deals: number
  readonly narrowest: string | null
  readonly narrowestTooFew: boolean
  readonly currency: string
}

/** Writes with the caller's language; `t` is made from `funnelRu` or `funnelEn`. */
export type FunnelSpeech = { readonly locale: Locale; readonly t: Translate<FunnelMessage> }

/** `Переговоры → Договор`; the last layer is named alone. Names that hold ICU signs are safe: they are values. */
function placeName(layers: readonly SpokenLayer[], layer: SpokenLayer, { t }: FunnelSpeech): string {
  const next = layers[layers.indexOf(layer) + 1]
  return next ? t('step', { from: layer.name, to: next.name }) : layer.name
}

function resolvedText(layer: SpokenLayer, locale: Locale): string {
  const n = layer.passed + layer.lost
  return formatShare(n === 0 ? null : layer.passed / n, locale)
}

function passingClause(layer: SpokenLayer, currency: string, { locale, t }: FunnelSpeech): string {
  const { target, targetSource, impactMinor } = layer.bottleneck!
  const share = resolvedText(layer, locale)
  const key = target === null ? 'passing' : targetSource === 'set' ? 'passing_target_set' : 'passing_target_before'
  const shortfall = impactMinor > 0 ? t('shortfall', { money: formatMoneyShort(impactMinor, currency, locale) }) : ''
  return t(key, { share, target: formatShare(target, locale) }) + shortfall
}

/** `19 дней`, `2,5 дня`, and hours below two days, so that 35 hours against 24 do not both read as one day. */
function stayText(hours: number, { clock = 'calendar' }: SpokenLayer, { locale, t }: FunnelSpeech): string {
  // Days of working hours would be read as days of the calendar.
  if (clock === 'working') return t('working_hours', countValues(Math.round(hours), locale))
  if (hours < 48) return t('hours', countValues(Math.round(hours), locale))
  const days = hours / 24
  return t('days', { count: Number(days.toFixed(days < 10 ? 1 : 0)), number: formatDays(hours, locale) })
}

function medianClause(layer: SpokenLayer, speech: FunnelSpeech): string {
  const { t } = speech
  const known = stayText(layer.medianHours ?? 0, layer, speech)
  const age = layer.isMedianOver ? t('over', { age: known }) : known
  const isOverLimit = layer.timeLimitHours !== null && (layer.medianHours ?? 0) > layer.timeLimitHours
  if (isOverLimit) return t('median_limit', { age, limit: stayText(layer.timeLimitHours!, layer, speech) })
  return t('median_before', { age, limit: stayText(layer.baselineMedianHours ?? 0, layer, speech) })
}

function countValues(count: number, locale: Locale): { count: number; number: string } {
  return { count, number: formatInteger(count, locale) }
}

function bottleneckSentence(layer: SpokenLayer, input: SentenceInput, speech: FunnelSpeech): string {
  const { kinds } = layer.bottleneck!
  const clauses = [
    kinds.includes('conversion') ? passingClause(layer, input.currency, speech) : null,
    kinds.includes('time') ? medianClause(layer, speech) : null,
    kinds.includes('queue') ? speech.t('queue') : null,
    layer.open > 0 ? speech.t('waiting', countValues(layer.open, speech.locale)) : null,
  ]
  const said = clauses.filter((clause) => clause !== null).join('; ')
  return speech.t('bottleneck', { place: placeName(input.layers, layer, speech), clauses: said })
}

/**
 * The one sentence of the funnel (product.md, section 3): the bottleneck with most at stake; without any the lowest layer,
 * marked when its deals are too few; without resolved deals, or without deals, that.
 */
export function funnelSentence(input: SentenceInput, speech: FunnelSpeech): string {
  const { locale, t } = speech
  if (input.deals === 0) return t('no_deals')
  const loudest = primaryBottleneck(input.layers)
  if (loudest) return bottleneckSentence(loudest, input, speech)
  const lowest = input.layers.find((layer) => layer.code === input.narrowest)
  if (!lowest) return t('none_resolved', countValues(input.deals, locale))
  const values = { place: placeName(input.layers, lowest, speech), share: resolvedText(lowest, locale) }
  return input.narrowestTooFew
    ? t('none_too_few', { ...values, ...countValues(lowest.passed + lowest.lost, locale) })
    : t('none_narrowest', values)
}

/** The words on a connector; `change` is null when there is nothing to compare with. */
export type ConnectorWords = { readonly share: string; readonly change: string | null; readonly mark: string | null }

/** `→ 53 %`, `▼ 8 п.п.` or `без изменений`, `Узкое место`. Changes are taken from unrounded shares. */
export function connectorWords(
  { resolved, baseline, loud }: { readonly resolved: number | null; readonly baseline: number | null; readonly loud: boolean },
  { locale, t }: FunnelSpeech,
): ConnectorWords {
  const change = formatPoints(resolved, baseline, locale)
  return {
    share: t('connector', { share: formatShare(resolved, locale) }),
    change: change !== null && !/^[▲▼]/u.test(change) ? t('unchanged') : change,
    mark: loud ? t('bottleneck_mark') : null,
  }
}

/** `+ 12 начали здесь`; null where none did. */
export function joinedWords(joined: number, { locale, t }: FunnelSpeech): string | null {
  return joined > 0 ? t('joined', countValues(joined, locale)) : null
}
