import { primaryBottleneck } from '../../shared/domain/funnel-bottleneck.ts'
import { offsetMs } from '../../shared/domain/periods.ts'
import {
  formatDate,
  formatDateTime,
  formatInteger,
  formatMoneyShort,
  formatPeriod,
  formatShare,
} from '../../shared/messages/format.ts'
import type { CohortFunnelView, FlowFunnelView, FlowLayerView, FunnelView } from '../../shared/views/funnel.ts'
import { type FunnelReport, funnelText, reportText } from './funnel-report.ts'
import type { Run } from './surface.ts'

const mostNames = 6
const kinds = ['types', 'counterparties', 'departments', 'employees'] as const

function sliceParts(report: FunnelReport): string[] {
  const t = reportText[report.locale]
  const { slice } = report.funnel
  const { phases, tags, fields } = slice
  const others = [
    ...(phases.length > 0
      ? [t('slice.phases', { count: phases.length, names: phases.map((phase) => t(`phase.${phase}`)).join(', ') })]
      : []),
    ...(tags.length > 0 ? [t('slice.tags', { count: tags.length, names: tags.join(', ') })] : []),
    ...fields.map(({ name, value }) => `${name}: ${value}`),
  ]
  if (kinds.every((kind) => slice[kind].length === 0)) return [t('all.every'), ...others]
  return [...kinds.map((kind) => sliceOf(report, kind)), ...others]
}

function sliceOf({ funnel, locale }: FunnelReport, kind: (typeof kinds)[number]): string {
  const t = reportText[locale]
  const all = funnel.slice[kind]
  if (all.length === 0) return t(`all.${kind}`)
  const some = all
    .slice(0, mostNames)
    .map(({ name }) => name)
    .join(', ')
  const names = all.length > mostNames ? t('andMore', { names: some, count: all.length - mostNames }) : some
  return t(`some.${kind}`, { count: all.length, names })
}

/** Basis, period and every slice: `1 янв – 13 ноя 2026 · тип: Сервис · все клиенты…`. */
export function sliceWords(report: FunnelReport): string {
  const { funnel, locale, by } = report
  const t = reportText[locale]
  const { period, slice, asOf } = funnel
  const basis =
    funnel.basis === 'snapshot'
      ? t('basis.snapshot', { at: formatDateTime(asOf, period.timeZone, locale) })
      : t(`basis.${funnel.basis}`, { period: formatPeriod(period.from, period.to, locale) })
  return [
    basis,
    ...sliceParts(report),
    ...(by === 'amount' ? [t('by.amount')] : []),
    ...(slice.strict && funnel.basis === 'cohort' ? [t('strict')] : []),
    ...(slice.attribution === 'event' ? [t('attribution.event')] : []),
    ...(hasBaseline(funnel) ? [t('compared')] : []),
  ].join(' · ')
}

export function hasBaseline(funnel: FunnelView): boolean {
  return funnel.basis === 'cohort' && funnel.layers.some(({ conversion }) => conversion.baseline !== null)
}

/** `МСК`, else what the platform calls the zone: `GMT+5`. */
export function zoneWords({ funnel, locale }: FunnelReport): string {
  const { timeZone } = funnel.period
  if (timeZone === 'Europe/Moscow') return locale === 'ru' ? 'МСК' : 'MSK'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(new Date(funnel.asOf))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

export function asOfWords(report: FunnelReport): string {
  const { funnel, locale } = report
  const at = formatDateTime(funnel.asOf, funnel.period.timeZone, locale)
  return reportText[locale]('asOf', { at, zone: zoneWords(report) })
}

export function historyWords({ funnel, locale }: FunnelReport): string | null {
  if (funnel.historySince === null) return null
  return reportText[locale]('historySince', { day: formatDate(funnel.historySince, funnel.period.timeZone, locale) })
}

/** Code of the status that is the bottleneck; null when there is none. */
export function bottleneckCode(funnel: FunnelView): string | null {
  return funnel.basis === 'cohort' ? (primaryBottleneck(funnel.layers)?.status.code ?? null) : null
}

/** The layer that a report speaks of: the bottleneck, else the narrowest; null where there is none. */
export function loudLayer(funnel: FunnelView): string | null {
  return funnel.basis === 'cohort' ? (bottleneckCode(funnel) ?? funnel.narrowest) : null
}

/** The view's resolved conversion, 0..1; null also in the last layer when nothing lies beyond it, where 0 % would say what is not so. */
export function resolvedConversion({ layers }: CohortFunnelView, index: number): number | null {
  const { conversion, passed } = layers[index]!
  return index === layers.length - 1 && passed === 0 ? null : conversion.resolved
}

/** The sentence of the view in runs: where the bottleneck is named, the place is bold. The words are the view's; by amount the share of the money stands beside that of the deals. */
export function sentenceRuns({ funnel, locale }: Pick<FunnelReport, 'funnel' | 'locale'>): readonly Run[] {
  const t = reportText[locale]
  if (funnel.basis === 'snapshot') return [{ text: snapshotWords(funnel, locale), weight: 400 }]
  if (funnel.basis === 'flow') return [{ text: flowWords(funnel, locale), weight: 400 }]
  const { layers } = funnel
  const sentence = withAmountShare(funnel, locale)
  if (sentence === '') return [{ text: t('empty'), weight: 400 }]
  const index = layers.findIndex(({ status }) => status.code === bottleneckCode(funnel))
  if (index < 0) return [{ text: sentence, weight: 400 }]
  const f = funnelText[locale]
  const [from, to] = [layers[index]!.status.name, layers[index + 1]?.status.name]
  const place = to === undefined ? from : f('step', { from, to })
  const end = sentence.indexOf(place) + place.length + 1
  if (!sentence.includes(place)) return [{ text: sentence, weight: 400 }]
  return [
    { text: sentence.slice(0, end), weight: 600 },
    { text: sentence.slice(end), weight: 400 },
  ]
}

/**
 * A bottleneck is chosen by numbers of deals, whatever is shown (product.md, section 3), and the sentence speaks of them. By amount the step
 * shows the share of the money: the sentence says that one too, so that both are found in it.
 */
function withAmountShare(funnel: CohortFunnelView, locale: FunnelReport['locale']): string {
  const { sentence, slice, layers } = funnel
  const index = layers.findIndex(({ status }) => status.code === loudLayer(funnel))
  const layer = layers[index]
  if (slice.by !== 'amount' || !layer || layer.passed + layer.lost === 0) return sentence
  if (layer.bottleneck && !layer.bottleneck.kinds.includes('conversion')) return sentence
  const ofDeals = formatShare(layer.passed / (layer.passed + layer.lost), locale)
  const ofMoney = formatShare(resolvedConversion(funnel, index), locale)
  // A name may hold a figure like it: the share stands behind the names.
  const place = [layer, layers[index + 1]].map((one) => one?.status.name ?? '')
  const from = Math.max(...place.map((name) => sentence.indexOf(name) + name.length))
  const at = sentence.indexOf(ofDeals, from)
  if (at < 0 || ofMoney === ofDeals) return sentence
  const end = at + ofDeals.length
  return `${sentence.slice(0, end)} ${reportText[locale]('share.ofMoney', { share: ofMoney })}${sentence.slice(end)}`
}

/** No break between a figure or its unit and the word that it counts: `67 % решённых`, `71 сделка`. */
export function bindFigures(text: string): string {
  return text.replace(/(?<=[\d%≈]) (?=[\p{Ll}\d])/gu, '\u00a0')
}

function snapshotWords({ totals, currency }: Extract<FunnelView, { basis: 'snapshot' }>, locale: FunnelReport['locale']): string {
  return reportText[locale]('snapshot.summary', {
    count: totals.deals,
    shown: formatInteger(totals.deals, locale),
    amount: formatMoneyShort(totals.amountMinor, currency, locale),
    weighted: formatMoneyShort(totals.weightedMinor, currency, locale),
    overdue: totals.overdue,
    late: formatInteger(totals.overdue, locale),
  })
}

function flowWords({ totals }: FlowFunnelView, locale: FunnelReport['locale']): string {
  if (totals.deals === 0) return reportText[locale]('empty')
  return reportText[locale]('flow.summary', {
    count: totals.deals,
    shown: formatInteger(totals.deals, locale),
    entries: totals.entries,
    times: formatInteger(totals.entries, locale),
  })
}

/** `дальше 12 · остались 4 · назад 1 · проиграны 3`; what is nothing is left out. @param currency where money is shown instead of deals */
export function flowRowWords(layer: FlowLayerView, locale: FunnelReport['locale'], currency: string | null = null): string {
  const say = (part: FlowPart) =>
    currency === null ? formatInteger(layer[part], locale) : formatMoneyShort(layer.amountMinor[part], currency, locale)
  return (['advanced', 'stillThere', 'handedOff', 'movedBack', 'lost'] as const)
    .filter((part) => layer[part] > 0)
    .map((part) => reportText[locale](`flow.${part}`, { shown: say(part) }))
    .join(' · ')
}
type FlowPart = 'advanced' | 'stillThere' | 'handedOff' | 'movedBack' | 'lost'

/** What the funnel shows, as a heading. */
export function titleWords({ funnel, locale }: Pick<FunnelReport, 'funnel' | 'locale'>): string {
  return reportText[locale](funnel.basis === 'cohort' ? 'title' : `title.${funnel.basis}`)
}

/** How to read the figures, sentence by sentence. */
export function noteWords(report: FunnelReport): readonly string[] {
  const { withoutRate: count } = report.funnel
  const shown = formatInteger(count, report.locale)
  return [...(count > 0 ? [reportText[report.locale]('note.withoutRate', { count, shown })] : []), ...basisNotes(report)]
}

function basisNotes({ funnel, locale, by }: FunnelReport): readonly string[] {
  const t = reportText[locale]
  if (funnel.basis === 'snapshot') {
    const count = funnel.lost.reduce((sum, layer) => sum + layer.count, 0)
    const amount = formatMoneyShort(
      funnel.lost.reduce((sum, layer) => sum + layer.amountMinor, 0),
      funnel.currency,
      locale,
    )
    const lost = count > 0 ? [t('snapshot.lost', { shown: formatInteger(count, locale), amount })] : []
    return [...lost, t('note.snapshot'), t('note.overdue')]
  }
  if (funnel.basis === 'flow') return [t('note.flow'), t('note.flowOutcome'), t('note.pingPong')]
  const { layers } = funnel
  const skipped = layers.filter((layer) => layer.skipped > 0)
  const list = skipped.map((layer) => `${layer.status.name}\u00a0— ${formatInteger(layer.skipped, locale)}`).join(', ')
  return [
    t(layers.some(({ finished }) => finished > 0) ? 'note.reachedFinished' : 'note.reached'),
    t(by === 'amount' ? 'note.conversionAmount' : 'note.conversion'),
    ...(hasBaseline(funnel) ? [t('note.points')] : []),
    t('note.cumulative'),
    ...(layers.some(({ joined }) => joined > 0) ? [t('note.joined')] : []),
    ...(skipped.length > 0 ? [t('note.skipped', { list })] : []),
  ]
}

/** `2026-12-01T09:12`: the app's address knows minutes, by the clocks of the organisation. */
export function momentWords(instant: string, timeZone: string): string {
  const at = new Date(instant)
  return new Date(at.getTime() + offsetMs(at, timeZone)).toISOString().slice(0, 16)
}

/**
 * The app's address of the deals behind one figure, as they were when the report was made; null when the app has no public address.
 * @param place of the list beside the funnel: a layer's code, `~all`, `~deals/cohortWon`
 * @param words that differ from those of the report; null takes one away
 */
export function figureLink(
  { deepLink, funnel: { asOf, period } }: Pick<FunnelReport, 'deepLink' | 'funnel'>,
  place: string,
  words: Readonly<Record<string, string | null>> = {},
): string | null {
  const link = webLink(deepLink)
  if (link === null) return null
  const url = new URL(link)
  url.pathname += `/${place}`
  for (const [name, value] of Object.entries({ asOf: momentWords(asOf, period.timeZone), ...words }))
    if (value === null) url.searchParams.delete(name)
    else url.searchParams.set(name, value)
  return url.href.replaceAll('%3A', ':')
}

/** The app's address of the deals behind a figure of outcomes, which know no past moment. */
export function outcomeLink(
  report: Pick<FunnelReport, 'deepLink' | 'funnel'>,
  bucket: string,
  words: Readonly<Record<string, string | null>> = {},
): string | null {
  return figureLink(report, `~deals/${bucket}`, { asOf: null, ...words })
}

/** The app's address of a deal. */
export function dealLink({ deepLink }: Pick<FunnelReport, 'deepLink'>, number: number): string | null {
  const link = webLink(deepLink)
  return link === null ? null : new URL(`../deals/${number}`, link.replace(/\?.*/, '/')).href
}

/** The address as it may stand in a file: of the web only. */
export function webLink(link: string | null): string | null {
  if (link === null || !URL.canParse(link)) return null
  const url = new URL(link)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
}
