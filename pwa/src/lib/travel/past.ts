import { addDays, addMonths } from '../../../../shared/domain/periods.ts'
import { formatDay } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import { t } from './messages.ts'
import { monthsAgo, mostWeeks, weeksAgo } from './past-moment.ts'

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

/** `3 недели назад`; beyond the slider `6 лет 10 месяцев назад`. */
export function sayAgo(asOf: string, today: string): string {
  const weeks = weeksAgo(asOf, today)
  if (weeks <= mostWeeks) return t('past.weeks', { count: weeks })
  const { years, months } = monthsAgo(asOf, today)
  const span = [t('past.years', { count: years }), ...(months > 0 ? [t('past.months', { count: months })] : [])].join(' ')
  return t('past.longAgo', { span })
}
