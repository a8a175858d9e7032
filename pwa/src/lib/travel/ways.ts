import { formatAge, formatInteger } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { PathsView, WayView } from '../../../../shared/views/paths.ts'
import { t } from './messages.ts'

/** Shares of the deals below which ways are left out, in percent; the slider's stops. */
export const thresholds: readonly number[] = [0, 1, 2, 3, 5, 8, 12, 20]
export const usualThreshold = 2

export function readThreshold(text: string | null): number {
  return thresholds.find((one) => String(one) === text) ?? usualThreshold
}

/** Ways of at least so many percent of the deals. */
export function frequentWays(view: PathsView, threshold: number): readonly WayView[] {
  return view.ways.filter((way) => way.deals * 100 >= view.deals * threshold)
}

/** As the list is asked for it: `new..won`, `..new`, `new..`. */
export function wayKey({ from, to }: Pick<WayView, 'from' | 'to'>): string {
  return `${from ?? ''}..${to ?? ''}`
}

export type Names = ReadonlyMap<string, string>

export function namesOf(view: PathsView): Names {
  return new Map(view.nodes.map(({ status }) => [status.code, status.name]))
}

/** `Новая → Квалификация`, `начали с «Новая»`, `стоят в «Новая»`. */
export function sayWay({ from, to }: Pick<WayView, 'from' | 'to'>, names: Names): string {
  const [start, end] = [from && (names.get(from) ?? from), to && (names.get(to) ?? to)]
  if (!start) return t('paths.entry', { to: end ?? '' })
  return end ? t('paths.step', { from: start, to: end }) : t('paths.stands', { from: start })
}

/** What is out of the common about a way, in words. */
export function sayMarks(way: WayView, locale: Locale): string {
  const count = (value: number) => formatInteger(value, locale)
  return [
    way.kind === 'forward' || way.kind === 'entry' || way.kind === 'stands' ? '' : t(`paths.kind.${way.kind}`),
    way.times > way.deals ? t('paths.times', { count: way.times }) : '',
    way.skipping > 0 ? t('paths.skipping', { count: count(way.skipping) }) : '',
    way.outside > 0 ? t('paths.outside', { count: count(way.outside) }) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

export function sayUsual(way: WayView, locale: Locale): string {
  return way.medianHours === null ? '—' : formatAge(way.medianHours, locale)
}

/** Most of its deals had no such way in their process. */
export function isOutside(way: WayView): boolean {
  return way.outside * 2 > way.deals
}
