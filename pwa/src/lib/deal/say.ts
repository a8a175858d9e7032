import { addDays } from '../../../../shared/domain/periods.ts'
import { formatAge, formatDay } from '../../../../shared/messages/format.ts'
import type { DealCardView, RunStageView } from '../../../../shared/views/deals.ts'
import { today } from '../clock.ts'
import { i18n } from '../i18n.svelte.ts'
import { t } from './messages.ts'

export function currentYear(): number {
  return Number(today().slice(0, 4))
}

/** `13 ноя`, with the year when it is another one. */
export function sayDay(day: string): string {
  return formatDay(day, i18n.locale, currentYear())
}

/** How long the deal stands in its status against the norm: `2-й день, норма 24`; norms under a day in hours. */
export function sayStay(card: Pick<DealCardView, 'ageHours' | 'timeLimitHours' | 'status'>): string {
  const day = Math.floor(card.ageHours / 24) + 1
  // A lost deal waits for nothing.
  if (card.timeLimitHours === null || card.status.category === 'lost') return t('status.day', { day })
  if (card.timeLimitHours < 24) return t('status.hours', { now: Math.floor(card.ageHours), norm: card.timeLimitHours })
  return t('status.dayNorm', { day, norm: Math.round(card.timeLimitHours / 24) })
}

/** How long a deal waits: `41 день`, `5 часов`, `меньше часа`. */
export function sayAge(hours: number): string {
  return hours < 1 ? t('age.underHour') : formatAge(hours, i18n.locale)
}

/** The instant until which a stage should be done; null where there is no limit. */
export function dueAt(stage: RunStageView): Date | null {
  if (stage.enteredAt === null || stage.timeLimitHours === null) return null
  return new Date(Date.parse(stage.enteredAt) + stage.timeLimitHours * 3_600_000)
}

/** Seven days from today, the first day outside. */
export function weekEnd(): string {
  return addDays(today(), 7)
}

/** First letter large: causes are written to stand inside a sentence. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
