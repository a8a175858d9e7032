import { formatInteger, formatMoneyShort, formatPeriod, formatPoints } from '../../../../shared/messages/format.ts'
import type { Locale } from '../../../../shared/views/common.ts'
import type { DifferenceView, VerdictView } from '../../../../shared/views/compare.ts'
import type { CohortFunnelView } from '../../../../shared/views/funnel.ts'
import { saySlice } from '../funnel/say.ts'
import { t } from './messages.ts'

/** `▲ 12`, `▼ 1,2 млн ₽`, or `столько же`; empty when there is nothing to compare. */
export function sayChangeOf({ change }: DifferenceView, kind: 'count' | 'money', currency: string, locale: Locale): string {
  if (change === null) return ''
  if (change === 0) return t('compare.equal')
  const size = Math.abs(change)
  const text = kind === 'money' ? formatMoneyShort(size, currency, locale) : formatInteger(size, locale)
  return `${change > 0 ? '▲' : '▼'}\u00a0${text}`
}

/** `▼ 8 п.п.` */
export function sayPoints({ now, before }: Pick<DifferenceView, 'now' | 'before'>, locale: Locale): string {
  return formatPoints(now, before, locale) ?? ''
}

/** In words, for a difference that there is. */
export function sayVerdict(verdict: VerdictView, { change }: DifferenceView): string {
  return change === null || change === 0 || verdict === 'same' ? '' : t(`compare.verdict.${verdict}`)
}

/** What sets the two funnels apart: the days, whose they are, or both. */
export function saySides(now: CohortFunnelView, before: CohortFunnelView, locale: Locale): { now: string; before: string } {
  const days = (view: CohortFunnelView) => formatPeriod(view.period.from, view.period.to, locale)
  const differsBy = { days: days(now) !== days(before), slice: saySlice(now.slice) !== saySlice(before.slice) }
  const say = (view: CohortFunnelView): string =>
    [differsBy.slice ? saySlice(view.slice) : '', differsBy.days || !differsBy.slice ? days(view) : ''].filter(Boolean).join(', ')
  return { now: say(now), before: say(before) }
}
