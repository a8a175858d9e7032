import { formatAge, formatPeriod } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { CohortLayerView, SliceView } from '../../../../shared/views/funnel.ts'
import { t } from '../messages.ts'
import type { Slice } from './slice.ts'

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

/** `С начала года` or `1 янв – 13 ноя 2026`. */
export function sayPeriod(slice: Slice, locale: Locale): string {
  if (slice.own) return formatPeriod(slice.own.from, slice.own.to, locale)
  return slice.period === 'own' ? '' : t(`period.${slice.period}`)
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
