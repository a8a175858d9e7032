import { type WayPart, wayParts } from '../../../../shared/domain/funnel-paths.ts'
import { formatAge, formatInteger } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { PathsView, WayView } from '../../../../shared/views/paths.ts'
import { t } from './messages.ts'
import type { Names } from './way-key.ts'

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

/** `Новая → Квалификация`, `начали с «Новая»`, `стоят в «Новая»`, `проиграны — «Отказались мы»`. */
export function sayWay({ from, to }: Pick<WayView, 'from' | 'to'>, names: Names): string {
  const [start, end] = [from && (names.get(from)?.name ?? from), to && (names.get(to)?.name ?? to)]
  if (!start) return t('paths.entry', { to: end ?? '' })
  if (end) return t('paths.step', { from: start, to: end })
  return t(names.get(from ?? '')?.isLost ? 'paths.standsLost' : 'paths.stands', { from: start })
}

/** Something out of the common about a way, in words; `part`: of which of its deals it is told, where these can be opened. */
export type WayMark = { readonly text: string; readonly part: WayPart | null }

export function marksOf(way: WayView, locale: Locale): readonly WayMark[] {
  const kind = way.kind === 'forward' || way.kind === 'entry' || way.kind === 'stands' ? null : t(`paths.kind.${way.kind}`)
  return [
    ...(kind === null ? [] : [{ text: kind, part: null }]),
    ...(way.times > way.deals ? [{ text: t('paths.times', { count: way.times }), part: null }] : []),
    ...wayParts
      .filter((part) => way[part] > 0)
      .map((part) => ({ text: t(`paths.${part}`, { count: formatInteger(way[part], locale) }), part })),
  ]
}

export function sayUsual(way: WayView, locale: Locale): string {
  return way.medianHours === null ? '—' : formatAge(way.medianHours, locale)
}

/** Most of its deals had no such way in their process. */
export function isOutside(way: WayView): boolean {
  return way.outside * 2 > way.deals
}
