import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import { CompareFunnel } from '../../shared/schemas/compare.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import type { FunnelQuery } from '../../shared/schemas/funnel.ts'
import { ShowForecast } from '../../shared/schemas/outcomes.ts'
import type { FunnelView, SnapshotFunnelView } from '../../shared/views/funnel.ts'
import type { ReportSliceView } from '../../shared/views/reports.ts'
import { presentCohorts } from '../presenters/compare.ts'
import { presentDealList } from '../presenters/deals.ts'
import { presentFunnel } from '../presenters/funnel.ts'
import { presentForecast } from '../presenters/outcomes.ts'
import { presentSlices } from '../presenters/reports.ts'
import type { Session } from '../session.ts'
import { listDeals } from '../usecases/deals/list-deals.ts'
import { compareCohorts } from '../usecases/funnel/compare-funnel.ts'
import { showForecast } from '../usecases/funnel/show-forecast.ts'
import { showFunnel } from '../usecases/funnel/show-funnel.ts'
import { type FigureDeals, readFigureDeals } from '../usecases/reports/figure-deals.ts'
import { queryWords } from '../usecases/reports/query-words.ts'
import { sliceFunnel } from '../usecases/reports/slice-funnel.ts'
import { type DealPages, type FunnelReport, type ReportDeals, type ReportPack, reportFileName } from './funnel-report.ts'
import { fileEndings, type ReportFormat, renderReport } from './render.ts'
import { loudLayer, momentWords, sentenceRuns } from './report-words.ts'
import { createTurns } from './turns.ts'

export type ReportFile = {
  readonly name: string
  readonly bytes: Uint8Array
  /** What it is called without its ending, and what it says in one sentence. */
  readonly title: string
  readonly sentence: string
}

/** A sheet of Excel holds a million rows; with more than these no one works in it. The workbook says how many there are. */
const mostDeals = 200_000
/** One report is drawn while the figures of the next are read; those of more would only lie and wait. */
const inTurn = { pages: createTurns(2), workbooks: createTurns(1) }
const slices = ['type', 'department', 'employee'] as const

/**
 * Makes the report of a funnel for the session's reader: his language, what he may see, the figures of the screen.
 * @param appUrl where the app is reached, for the link on the report; null when it has no address.
 * @throws AppError forbidden, not_found, input_invalid
 */
export async function makeReport(
  session: Session,
  query: FunnelQuery,
  format: ReportFormat,
  appUrl: string | null,
): Promise<ReportFile> {
  if (!isAble(session.actor, 'report.make')) throw new AppError('forbidden')
  return inTurn[format === 'xlsx' ? 'workbooks' : 'pages'](async () => {
    const { report, pages } = await gatherReport(session, query, format, appUrl)
    const ending = fileEndings[format]
    const name = reportFileName(report, ending)
    const sentence = sentenceRuns(report)
      .map(({ text }) => text)
      .join('')
    return { name, bytes: await renderReport(report, format, pages), title: name.slice(0, -ending.length - 1), sentence }
  })
}

async function gatherReport(
  session: Session,
  query: FunnelQuery,
  format: ReportFormat,
  appUrl: string | null,
): Promise<{ readonly report: FunnelReport; readonly pages?: DealPages }> {
  // A pack is of a cohort: its other pages say where deals stand.
  const exact: FunnelQuery = {
    ...query,
    ...(format === 'pack' ? { basis: 'cohort' } : {}),
    asOf: query.asOf ?? session.now.toISOString(),
  }
  const funnel = presentFunnel(await showFunnel(session, exact), session)
  const report: FunnelReport = {
    funnel,
    slices: [],
    deals: noDeals,
    organizationName: session.organization.name,
    preparedBy: session.actor.name,
    locale: session.locale,
    by: query.by,
    pack: null,
    deepLink: appUrl === null ? null : `${appUrl}/funnel?${String(linkQuery(query, funnel)).replaceAll('%3A', ':')}`,
  }
  if (format === 'pack')
    return { report: { ...report, slices: await readSlices(session, exact, funnel), pack: await readPack(session, exact) } }
  if (format !== 'xlsx') return { report }
  const deals = await readFigureDeals(session, exact, mostDeals)
  const { total, amountMinor, isMixed, fields } = deals
  const columns = fields.map(({ code, names, kind }) => ({ code, kind, name: names[session.locale] }))
  return {
    report: {
      ...report,
      slices: await readSlices(session, exact, funnel),
      deals: { rows: [], listed: Math.min(total, mostDeals), total, amountMinor, isMixed, fields: columns },
    },
    pages: presentPages(session, deals),
  }
}

/** So many of the deals that stand too long are printed. */
const mostStuck = 25

async function readPack(session: Session, query: FunnelQuery): Promise<ReportPack> {
  const { basis: _basis, ...cohort } = query
  const words = queryWords(cohort)
  const given = (shape: object, skipped: readonly string[]) =>
    Object.fromEntries(Object.entries(words).filter(([name]) => name in shape && !skipped.includes(name)))
  const stuck = ListDeals.parse({
    ...given(ListDeals.shape, ['from', 'to']),
    overdue: '1',
    open: '1',
    sort: 'amount',
    limit: mostStuck,
  })
  const [comparison, standing, forecast, late] = await Promise.all([
    compareCohorts(session, CompareFunnel.parse(words)),
    showFunnel(session, { ...query, basis: 'snapshot' }),
    showForecast(session, ShowForecast.parse(given(ShowForecast.shape, ['from', 'to']))),
    listDeals(session, stuck),
  ])
  const { items, total, amountMinor } = presentDealList(late, session)
  return {
    comparison: presentCohorts(comparison, session),
    standing: presentFunnel(standing, session) as SnapshotFunnelView,
    forecast: presentForecast(forecast, session),
    stuck: { rows: items, total, amountMinor },
  }
}

const noDeals: ReportDeals = { rows: [], listed: 0, total: 0, amountMinor: 0, isMixed: false, fields: [] }

async function* presentPages(session: Session, deals: FigureDeals): DealPages {
  for await (const page of deals.pages()) yield presentDealList(page, session).items
}

/** The cohort by type, department and employee; a snapshot has no such rows. */
async function readSlices(session: Session, query: FunnelQuery, funnel: FunnelView): Promise<readonly ReportSliceView[]> {
  if (funnel.basis !== 'cohort') return []
  const loud = loudLayer(funnel)
  return Promise.all(slices.map(async (by) => presentSlices(await sliceFunnel(session, query, by), by, funnel, loud)))
}

/**
 * The question as the app's address has it, without what is the default. A snapshot is of a moment and no period; a question that named its
 * moment keeps it, so that the link leads to what is printed.
 */
function linkQuery(query: FunnelQuery, { basis, period, asOf }: FunnelView): URLSearchParams {
  const { type, counterparty, department, employee, attribution, by, strict, phase, tag, fields } = query
  const link = new URLSearchParams(basis === 'snapshot' ? {} : { from: period.from, to: period.to })
  if (basis === 'snapshot' || query.asOf) link.set('asOf', momentWords(asOf, period.timeZone))
  if (basis !== 'cohort') link.set('basis', basis)
  if (attribution !== 'current') link.set('attribution', attribution)
  if (by !== 'count') link.set('by', by)
  if (strict) link.set('strict', '1')
  for (const [name, list] of Object.entries({ type, counterparty, department, employee, phase, tag }))
    if (list?.length) link.set(name, list.join(','))
  for (const [code, value] of Object.entries(fields ?? {})) link.set(`field.${code}`, value)
  return link
}
