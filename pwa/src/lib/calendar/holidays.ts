import type { AppCalendarKey } from '../../../../shared/messages/ru/app-calendar.ts'

/** Non-working holidays of Russia: month-day and whose it is (Labour Code, article 112). Moved days off are decreed each year and not here. */
const russian: readonly (readonly [monthDay: string, key: AppCalendarKey])[] = [
  ['01-01', 'holiday.newYear'],
  ['01-02', 'holiday.newYear'],
  ['01-03', 'holiday.newYear'],
  ['01-04', 'holiday.newYear'],
  ['01-05', 'holiday.newYear'],
  ['01-06', 'holiday.newYear'],
  ['01-07', 'holiday.christmas'],
  ['01-08', 'holiday.newYear'],
  ['02-23', 'holiday.defender'],
  ['03-08', 'holiday.women'],
  ['05-01', 'holiday.labour'],
  ['05-09', 'holiday.victory'],
  ['06-12', 'holiday.russia'],
  ['11-04', 'holiday.unity'],
]

/** The holidays of a year as special days. @param t names them in the language of the app */
export function russianHolidays(
  year: number,
  t: (key: AppCalendarKey) => string,
): { day: string; isWorking: boolean; name: string }[] {
  return russian.map(([monthDay, key]) => ({ day: `${year}-${monthDay}`, isWorking: false, name: t(key) }))
}
