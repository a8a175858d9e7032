import { addDays, addMonths } from '../../../../shared/domain/periods.ts'
import { formatDay } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import { t } from './messages.ts'

/** Named moments of the past, each the end of a day. */
export const pasts = ['week', 'month', 'quarter', 'year'] as const
export type Past = (typeof pasts)[number]

export function pastDay(past: Past, today: string): string {
  switch (past) {
    case 'week':
      return addDays(today, -7)
    case 'month':
      return addMonths(today, -1)
    case 'quarter':
      return addMonths(today, -3)
    case 'year':
      return addMonths(today, -12)
  }
}

/** `конец 30 июн 2025` or `30 июн, 14:05`. @param asOf as the address holds it */
export function sayMoment(asOf: string, locale: Locale, today: string): string {
  const [day = '', time] = asOf.split('T')
  const said = formatDay(day, locale, Number(today.slice(0, 4)))
  return time === undefined ? t('past.endOf', { day: said }) : `${said}, ${time}`
}

const weekMs = 7 * 86_400_000
/** How far the slider of weeks goes back. */
export const mostWeeks = 104

export function weeksAgo(asOf: string, today: string): number {
  const weeks = Math.round((Date.parse(today) - Date.parse(asOf.slice(0, 10))) / weekMs)
  return Math.min(mostWeeks, Math.max(0, weeks))
}
