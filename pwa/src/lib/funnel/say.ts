import { formatAge, formatPeriod, formatShare } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { CohortLayerView, FunnelHeadView, SliceView } from '../../../../shared/views/funnel.ts'
import { sayMoment } from '../clock.ts'
import { t } from '../messages.ts'
import { missingIds } from './missing-ids.ts'
import { type Slice, sliceKinds } from './slice.ts'

/** `Обычно стоят 19 дней, было 12 дней.`, or that it cannot be told yet; empty where nobody has been. */
export function sayStay(layer: CohortLayerView, locale: Locale): string {
  const { medianHours, medianOverHours, baselineMedianHours } = layer.time
  if (medianHours === null)
    return medianOverHours === null ? '' : t('funnel.stayOver', { now: formatAge(medianOverHours, locale) })
  const now = formatAge(medianHours, locale)
  return baselineMedianHours === null
    ? t('funnel.stay', { now })
    : t('funnel.stayBefore', { now, before: formatAge(baselineMedianHours, locale) })
}

/** `Прошли: 53 % из решённых, …`; a share of nothing is left out, and empty when none is known. */
export function sayShares({ conversion }: CohortLayerView, locale: Locale): string {
  const known = (['resolved', 'soFar', 'cumulative'] as const).filter((which) => conversion[which] !== null)
  const shares = known.map((which) => t(`funnel.share.${which}`, { share: formatShare(conversion[which], locale) }))
  return shares.length > 0 ? t('funnel.layerShares', { shares: shares.join(', ') }) : ''
}

/** What the slice asks for though it is not there, or not for the viewer: `Отдел 9999: нет или недоступно вам`. */
export function sayMissing(slice: Slice, view: SliceView): string {
  return sliceKinds
    .map((kind) => ({ kind, ids: missingIds(slice, view, kind) }))
    .filter(({ ids }) => ids.length > 0)
    .map(({ kind, ids }) => t('funnel.missing', { kind: t(`slice.${kind}`), ids: ids.join(', ') }))
    .join('; ')
}

/** `С начала года` or `1 янв – 13 ноя 2026`. */
export function sayPeriod(slice: Slice, locale: Locale): string {
  if (slice.own) return formatPeriod(slice.own.from, slice.own.to, locale)
  return slice.period === 'own' ? '' : t(`period.${slice.period}`)
}

/** The period; of a snapshot its moment, once it is known. */
export function sayWhen(slice: Slice, view: FunnelHeadView | null, locale: Locale): string {
  if (slice.basis !== 'snapshot') return sayPeriod(slice, locale)
  return view ? t('funnel.asOf', { at: sayMoment(view.asOf) }) : ''
}

/** The period and what the figures were cut by, in a line. @param when instead of the period */
export function sayAsked(slice: Slice, view: FunnelHeadView | null, locale: Locale, when = sayWhen(slice, view, locale)): string {
  return [when, view ? saySlice(view.slice) : ''].filter(Boolean).join(' · ')
}

/** Names of what the figures were cut by, from the answer itself, or `все типы`. */
export function saySlice(view: SliceView): string {
  const names = [
    ...[...view.types, ...view.counterparties, ...view.departments, ...view.employees].map((item) => item.name),
    ...view.phases.map((phase) => t(`phase.${phase}`)),
    ...view.tags.map((tag) => `#${tag}`),
    ...view.fields.map(({ name, value }) => `${name}: ${value}`),
  ]
  return names.length > 0 ? names.join(', ') : t('funnel.allTypes')
}
