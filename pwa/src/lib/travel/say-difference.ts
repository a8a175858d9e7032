import {
  type ShownPair,
  shareDigits,
  showCounts,
  showMoneys,
  showShare,
  showShares,
} from '../../../../shared/domain/explain-shown.ts'
import { formatDate, formatDateTime, formatDay, formatPeriod } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { CompareView, DifferenceView, JudgedDifferenceView } from '../../../../shared/views/compare.ts'
import type { FunnelView } from '../../../../shared/views/funnel.ts'
import { saySlice } from '../funnel/say.ts'
import { session } from '../session.svelte.ts'
import { t } from './messages.ts'

export type Kind = 'count' | 'money' | 'share'
/** Both figures and their difference as they are shown; null: one of them is not there. */
export type ShownFigure = { readonly now: string; readonly before: string; readonly difference: ShownPair | null }

/** @param digits of the column of shares that the figure stands in; else its own */
export function showFigure(
  { now, before }: Pick<DifferenceView, 'now' | 'before'>,
  kind: Kind,
  currency: string,
  locale: Locale,
  digits = shareDigits([{ now, before }]),
): ShownFigure {
  if (kind === 'share') {
    const said = { now: showShare(now, digits, locale), before: showShare(before, digits, locale) }
    return { ...said, difference: now === null || before === null ? null : showShares({ now, before }, locale, digits) }
  }
  const pair = { now: now ?? 0, before: before ?? 0 }
  const shown = kind === 'money' ? showMoneys(pair, currency, locale) : showCounts(pair, locale)
  return { now: shown.now, before: shown.before, difference: now === null || before === null ? null : shown }
}

/** `▲ 12`, `▼ 1,2 млн ₽`, `▼ 0,7 п.п.`, or `столько же`; empty when there is nothing to compare. */
export function sayChangeOf({ difference }: ShownFigure, kind: Kind): string {
  if (difference === null) return ''
  if (difference.sign === 0) return kind === 'share' ? difference.size : t('compare.equal')
  return `${difference.sign > 0 ? '▲' : '▼'}\u00a0${difference.size}`
}

/** In words, for a difference that there is: nothing is said of one that rounds to nothing, nor where days are missing. */
export function sayVerdict(
  figure: DifferenceView | JudgedDifferenceView,
  { difference }: ShownFigure,
  { missingHistory }: Pick<CompareView, 'missingHistory'>,
): string {
  if (!('verdict' in figure) || figure.verdict === 'same' || missingHistory !== null) return ''
  return difference === null || difference.sign === 0 ? '' : t(`compare.verdict.${figure.verdict}`)
}

/** That a side begins before anything is known; empty where none does. */
export function sayMissing({ basis, missingHistory }: Pick<CompareView, 'basis' | 'missingHistory'>, locale: Locale): string {
  if (missingHistory === null) return ''
  const { sides, since } = missingHistory
  const day = formatDay(since, locale)
  return t(basis === 'snapshot' ? 'compare.missingMoment' : 'compare.missing', {
    day,
    sides: sides.length === 1 ? sides[0]! : 'both',
  })
}

/** `история с 2 июн 2025`; empty where there is none yet. */
export function sayHistory(historySince: string | null, locale: Locale): string {
  return historySince === null ? '' : t('compare.historySince', { day: formatDate(historySince, session.timeZone, locale) })
}

/** What sets the two funnels apart: the days or the moment, whose they are, or both. */
export function saySides(now: FunnelView, before: FunnelView, locale: Locale): { now: string; before: string } {
  const days = (view: FunnelView) =>
    view.basis === 'snapshot'
      ? formatDateTime(view.asOf, session.timeZone, locale)
      : formatPeriod(view.period.from, view.period.to, locale)
  const differsBy = { days: days(now) !== days(before), slice: saySlice(now.slice) !== saySlice(before.slice) }
  const say = (view: FunnelView): string =>
    [differsBy.slice ? saySlice(view.slice) : '', differsBy.days || !differsBy.slice ? days(view) : ''].filter(Boolean).join(', ')
  return { now: say(now), before: say(before) }
}
