import { dayOf } from '../../../shared/domain/periods.ts'
import { formatDateTime } from '../../../shared/messages/format.ts'
import { i18n } from './i18n.svelte.ts'
import { session } from './session.svelte.ts'

/** Today in the organisation's time zone. */
export function today(): string {
  return dayOf(new Date(), session.timeZone)
}

/** Instant -> `09:12` when it is of today, else `12 ноя, 14:05`. */
export function sayMoment(instant: string): string {
  const now = today()
  const text = formatDateTime(instant, session.timeZone, i18n.locale, Number(now.slice(0, 4)))
  return dayOf(new Date(instant), session.timeZone) === now ? (text.split(', ').at(-1) ?? text) : text
}
