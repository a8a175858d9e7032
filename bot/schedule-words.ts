import { presentDelivery } from '../api/presenters/reports.ts'
import type { ScheduleCard } from '../api/usecases/reports/schedules.ts'
import type { Rhythm } from '../shared/domain/schedule.ts'
import { formatDateTime } from '../shared/messages/format.ts'
import type { Locale } from '../shared/views/common.ts'
import { currentYear } from './deal-words.ts'
import { bold, line } from './html.ts'
import { scheduleText } from './texts.ts'
import type { LinkedTurn } from './turn.ts'

/** `пн, чт в 09:00`; the zone is named where it is not the company's. */
export function sayWhen(
  { rhythm, time, timeZone }: { readonly rhythm: Rhythm; readonly time: string; readonly timeZone: string },
  { locale, session }: LinkedTurn,
): string {
  const t = scheduleText(locale)
  const when = sayDays(rhythm, time, locale)
  return timeZone === session.organization.timeZone ? when : t('say.zone', { when, zone: timeZone })
}

function sayDays(rhythm: Rhythm, time: string, locale: Locale): string {
  const t = scheduleText(locale)
  switch (rhythm.kind) {
    case 'daily':
      return t('say.daily', { time })
    case 'weekly':
      return t('say.weekly', { days: rhythm.weekdays.map((day) => sayWeekday(day, locale)).join(', '), time })
    case 'monthly':
      return t('say.monthly', { day: rhythm.day, time })
  }
}

/** @param weekday ISO, 1 = Monday */
export function sayWeekday(weekday: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(new Date(Date.UTC(2024, 0, weekday)))
}

/** In a list: what, when, when next, how it went. HTML. */
export function scheduleLines(turn: LinkedTurn, card: ScheduleCard): string[] {
  const { schedule } = card
  const t = scheduleText(turn.locale)
  return [
    `${bold(line(schedule.name, 150))} · ${t(`format.${schedule.format}`)}`,
    `${line(sayWhen({ ...schedule, time: schedule.atTime }, turn), 150)} · ${sayNext(turn, card)}`,
    sayLast(turn, card),
  ]
}

function sayNext(turn: LinkedTurn, { schedule: { isActive, nextDueAt } }: ScheduleCard): string {
  const t = scheduleText(turn.locale)
  return isActive && nextDueAt ? t('schedules.next', { at: sayMoment(turn, nextDueAt) }) : bold(t('schedules.paused'))
}

/** How the newest delivery went, to whom it did not, and why. */
export function sayLast(turn: LinkedTurn, { last }: ScheduleCard): string {
  if (!last || last.deliveries.length === 0) return turn.t('schedule.never')
  const at = sayMoment(turn, last.at)
  const failed = last.deliveries.find(({ state }) => state === 'failed')
  if (failed) {
    const { to, error } = presentDelivery(failed, turn.session)
    return `⚠️ ${turn.t('schedule.lastFailed', { at, to: line(to, 80), why: line(error ?? '', 200) })}`
  }
  return turn.t(last.deliveries.every(({ state }) => state === 'sent') ? 'schedule.lastSent' : 'schedule.lastWaiting', { at })
}

/** Who gets it, the reader first. */
export function sayReaders(turn: LinkedTurn, { schedule, readers }: ScheduleCard): string {
  const others = readers.filter(({ id }) => id !== turn.session.actor.id).map(({ name }) => name)
  const names = [...(others.length < readers.length ? [turn.t('schedule.here')] : []), ...others, ...schedule.emails]
  return turn.t('schedule.to', { names: line(names.join(', '), 300) })
}

function sayMoment(turn: LinkedTurn, at: Date): string {
  return formatDateTime(at, turn.session.organization.timeZone, turn.locale, currentYear(turn))
}
