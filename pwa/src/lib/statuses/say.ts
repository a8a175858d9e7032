import { formatAge, formatInteger, formatMoneyShort, formatShare } from '../../../../shared/messages/format.ts'
import type { PreviewFigure, StatusView } from '../../../../shared/views/dictionaries.ts'
import { t as tMore } from '../deal/more/messages.ts'
import { i18n } from '../i18n.svelte.ts'
import { t } from './messages.ts'

/** `вероятность 40 %, норма 10 дней`: what a status is, in one line. */
export function sayFacts(status: StatusView): string {
  const share = (pct: number): string => formatShare(pct / 100, i18n.locale)
  return [
    status.category === 'lost' ? null : tMore('statuses.probability', { pct: share(status.probabilityPct) }),
    status.category === 'paused' ? tMore('statuses.paused') : null,
    status.isWon ? tMore('statuses.won') : null,
    status.timeLimitHours === null ? null : tMore('statuses.limit', { age: formatAge(status.timeLimitHours, i18n.locale) }),
    status.targetConversionPct === null ? null : tMore('statuses.target', { pct: share(status.targetConversionPct) }),
    status.mergedInto ? t('list.mergedInto', { into: status.mergedInto.name }) : null,
    status.shownInFunnel || status.category === 'lost' || status.archived ? null : tMore('statuses.hidden'),
  ]
    .filter(Boolean)
    .join(' · ')
}

/** A figure of the funnel in words: a share, money or a number of deals. */
export function sayFigure(name: PreviewFigure, value: number | null, currency: string): string {
  if (value === null) return name === 'resolved' ? t('preview.noData') : '0'
  if (name === 'resolved') return formatShare(value, i18n.locale)
  if (name === 'amountMinor' || name === 'weightedMinor') return formatMoneyShort(value, currency, i18n.locale)
  return formatInteger(value, i18n.locale)
}
