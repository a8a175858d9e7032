import { funnelEn } from '../../shared/messages/en/funnel.ts'
import { reportEn } from '../../shared/messages/en/report.ts'
import { formatDate, formatPeriod } from '../../shared/messages/format.ts'
import { funnelRu } from '../../shared/messages/ru/funnel.ts'
import { reportRu } from '../../shared/messages/ru/report.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { CohortCompareView } from '../../shared/views/compare.ts'
import type { DealRowView } from '../../shared/views/deals.ts'
import type { FunnelView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import type { ForecastView } from '../../shared/views/outcomes.ts'
import type { FieldValueView } from '../../shared/views/processes.ts'
import type { ReportSliceView } from '../../shared/views/reports.ts'

/** What the three files of a funnel are made of: views, already in the reader's language and within what he may see. */
export type FunnelReport = {
  readonly funnel: FunnelView
  /** A cohort by type, department and employee; none where the file does not show them. */
  readonly slices: readonly ReportSliceView[]
  readonly deals: ReportDeals
  readonly organizationName: string
  /** Name of the person the report is made for. */
  readonly preparedBy: string
  readonly locale: Locale
  readonly by: 'count' | 'amount'
  /** What only the pack of several pages shows; null in all other files. */
  readonly pack: ReportPack | null
  /** Address of the same funnel in the app; null when the app has no public address. */
  readonly deepLink: string | null
}

/** The deals behind the figure, largest first. */
export type ReportDeals = {
  /** The first of them; a workbook is given the others page by page. */
  readonly rows: readonly DealRowView[]
  /** How many `rows` and the pages are together. */
  readonly listed: number
  /** How many there are, and their sum in minor units: more than are listed, where there are too many for a sheet. */
  readonly total: number
  readonly amountMinor: number
  /** Some are in another currency: what they were agreed for stands beside what it comes to. */
  readonly isMixed: boolean
  /** Custom fields that lists show: a column each. */
  readonly fields: readonly Pick<FieldValueView, 'code' | 'name' | 'kind'>[]
}
/** What a meeting asks of the funnel besides. */
export type ReportPack = {
  /** The same question over the period before, both as they stood at the same age. */
  readonly comparison: CohortCompareView
  /** Where the deals of the slice stand now. */
  readonly standing: SnapshotFunnelView
  readonly forecast: ForecastView
  /** Deals that have stood beyond their limit, the largest first. */
  readonly stuck: { readonly rows: readonly DealRowView[]; readonly total: number; readonly amountMinor: number }
}
/** Further deals of a report. */
export type DealPages = AsyncIterable<readonly DealRowView[]>

export const reportText = {
  ru: createTranslate('ru', reportRu),
  en: createTranslate('en', reportEn),
} as const
export const funnelText = { ru: createTranslate('ru', funnelRu), en: createTranslate('en', funnelEn) } as const

const longestFileName = 120

/**
 * Name of the file, with what the basis has, a period or a moment, and the slice: `Воронка 1 янв – 13 ноя 2026, Сервис.pdf`,
 * `Воронка на 1 дек 2026.pdf`. Signs that some file system refuses are left out.
 */
export function reportFileName({ funnel, locale, pack }: FunnelReport, extension: 'pdf' | 'xlsx' | 'png'): string {
  const { types, counterparties, departments, employees } = funnel.slice
  const names = [types, counterparties, departments, employees].flat().map(({ name }) => name)
  const t = reportText[locale]
  const period = formatPeriod(funnel.period.from, funnel.period.to, locale)
  const day = formatDate(funnel.asOf, funnel.period.timeZone, locale)
  const plain = [pack ? `${t('pack.title')} ${period}` : t(`file.${funnel.basis}`, { period, day }), ...names]
    .join(', ')
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\\/:*?"<>|]/gu, ' ')
    .replace(/\s+/g, ' ')
  const held = [...plain]
    .slice(0, longestFileName)
    .join('')
    .replace(/[. ]+$/, '')
  return `${held}.${extension}`
}
