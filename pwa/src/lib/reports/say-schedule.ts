import type { Locale } from '../../../../shared/views/common.ts'
import type { ScheduleView } from '../../../../shared/views/reports.ts'
import { t } from './messages.ts'
import { nameZone } from './time-zones.ts'

/** `пн, чт в 09:00`; the zone is named where it is not the organisation's. */
export function sayRhythm(
  { rhythm, time, timeZone }: Pick<ScheduleView, 'rhythm' | 'time' | 'timeZone'>,
  locale: Locale,
  ownZone: string,
): string {
  const when = sayDays(rhythm, time, locale)
  return timeZone === ownZone ? when : t('say.zone', { when, zone: nameZone(timeZone, locale, new Date()) })
}

function sayDays(rhythm: ScheduleView['rhythm'], time: string, locale: Locale): string {
  switch (rhythm.kind) {
    case 'daily':
      return t('say.daily', { time })
    case 'weekly':
      return t('say.weekly', {
        days: [...rhythm.weekdays]
          .sort((a, b) => a - b)
          .map((day) => sayWeekday(day, locale))
          .join(', '),
        time,
      })
    case 'monthly':
      return t('say.monthly', { day: rhythm.day, time })
  }
}

/** @param weekday ISO, 1 = Monday */
export function sayWeekday(weekday: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)))
}
