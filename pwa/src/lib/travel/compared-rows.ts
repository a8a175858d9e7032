import type { Locale } from '../../../../shared/views/common.ts'
import type { ComparedDealsRef, CompareView, DifferenceView, JudgedDifferenceView } from '../../../../shared/views/compare.ts'
import { t } from './messages.ts'
import { type Kind, sayChangeOf, sayVerdict, showFigure } from './say-difference.ts'

/** One figure of both sides in words. `opens`: the list behind it, of either side. */
export type ComparedRow = {
  readonly key: string
  readonly name: string
  readonly said: { readonly now: string; readonly before: string }
  readonly opens: Omit<ComparedDealsRef, 'side'> | null
  readonly change: string
  readonly verdict: string
}

/** The totals: how many deals, how many of them won, for how much. */
export function totalRows(view: CompareView, locale: Locale): readonly ComparedRow[] {
  const row = (
    key: 'deals' | 'won' | 'wonAmount' | 'wonShare' | 'standing' | 'moved' | 'amount',
    figure: DifferenceView | JudgedDifferenceView,
    kind: Kind,
  ) => ({
    key,
    name: t(`compare.${key}`),
    opens: { part: key.startsWith('won') ? 'won' : 'all' },
    ...sayFigure(figure, kind, view, locale),
  })
  if (view.basis !== 'cohort') {
    const { deals, amountMinor } = view.totals
    return [row(view.basis === 'snapshot' ? 'standing' : 'moved', deals, 'count'), row('amount', amountMinor, 'money')]
  }
  const { totals } = view
  return [
    row('deals', totals.deals, 'count'),
    row('won', totals.won, 'count'),
    row('wonAmount', totals.wonAmountMinor, 'money'),
    row('wonShare', totals.wonShare, 'share'),
  ]
}

/** The part that is the whole layer. */
export const wholeOf = { cohort: 'reached', snapshot: 'standing', flow: 'entered' } as const

/** The layers that differ most, by deals or by money as the question counts; none that do not differ. */
export function layerRows(view: CompareView, most: number, locale: Locale): readonly ComparedRow[] {
  const { basis, layers } = view
  const byAmount = view.now.slice.by === 'amount'
  return layers
    .map(({ status, count, amountMinor }) => ({ status, figure: byAmount ? amountMinor : count }))
    .filter(({ figure }) => (figure.change ?? 0) !== 0)
    .sort((a, b) => Math.abs(b.figure.change ?? 0) - Math.abs(a.figure.change ?? 0))
    .slice(0, most)
    .map(({ status, figure }) => ({
      key: status.code,
      name: status.name,
      opens: { layer: status.code, part: wholeOf[basis] },
      ...sayFigure(figure, byAmount ? 'money' : 'count', view, locale),
    }))
}

function sayFigure(figure: DifferenceView | JudgedDifferenceView, kind: Kind, view: CompareView, locale: Locale) {
  const shown = showFigure(figure, kind, view.now.currency, locale)
  return { said: shown, change: sayChangeOf(shown, kind), verdict: sayVerdict(figure, shown, view) }
}
