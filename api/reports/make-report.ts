import { AppError } from '../../shared/domain/app-error.ts'
import { primaryBottleneck } from '../../shared/domain/funnel-bottleneck.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { FunnelQuery } from '../../shared/schemas/funnel.ts'
import type { FunnelView } from '../../shared/views/funnel.ts'
import { presentDealList } from '../presenters/deals.ts'
import { presentFunnel, presentSplit } from '../presenters/funnel.ts'
import type { Session } from '../session.ts'
import { listFigureDeals, splitFunnel } from '../usecases/funnel/drill-down.ts'
import { showFunnel } from '../usecases/funnel/show-funnel.ts'
import { type FunnelReport, reportFileName } from './funnel-report.ts'
import { type ReportFormat, renderReport } from './render.ts'
import { createTurns } from './turns.ts'

export type ReportFile = { readonly name: string; readonly bytes: Uint8Array }

/** More deals than this would hold the server up for seconds; the workbook says how many there are. */
const mostDeals = 10_000
/** One report is drawn while the figures of the next are read; those of more would only lie and wait. */
const inTurn = createTurns(2)

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
  return inTurn(async () => {
    const report = await gatherReport(session, query, format, appUrl)
    return { name: reportFileName(report, format), bytes: await renderReport(report, format) }
  })
}

async function gatherReport(
  session: Session,
  query: FunnelQuery,
  format: ReportFormat,
  appUrl: string | null,
): Promise<FunnelReport> {
  const exact = { ...query, asOf: query.asOf ?? session.now.toISOString() }
  const funnel = presentFunnel(await showFunnel(session, exact), session)
  const layer = loudLayer(funnel)
  const split =
    layer === null
      ? null
      : presentSplit(await splitFunnel(session, { ...exact, layer, split: 'employee' }), session, { split: 'employee' })
  const list = presentDealList(await listFigureDeals(session, exact, format === 'xlsx' ? mostDeals : 1), session)
  return {
    funnel,
    split,
    deals: { rows: list.items, total: list.total },
    organizationName: session.organization.name,
    preparedBy: session.actor.name,
    locale: session.locale,
    by: query.by,
    deepLink: appUrl === null ? null : `${appUrl}/funnel?${linkQuery({ ...query, ...funnel.period })}`,
  }
}

/** The layer that the split by employee speaks of: the bottleneck, else the narrowest. */
function loudLayer(funnel: FunnelView): string | null {
  if (funnel.basis !== 'cohort') return null
  return primaryBottleneck(funnel.layers)?.status.code ?? funnel.narrowest
}

/** The question as the app's address has it, without what is the default. */
function linkQuery(query: FunnelQuery & { readonly from: string; readonly to: string }): URLSearchParams {
  const { basis, from, to, type, counterparty, department, employee, attribution, by, strict } = query
  const link = new URLSearchParams({ from, to })
  if (basis !== 'cohort') link.set('basis', basis)
  if (attribution !== 'current') link.set('attribution', attribution)
  if (by !== 'count') link.set('by', by)
  if (strict) link.set('strict', '1')
  for (const [name, list] of Object.entries({ type, counterparty, department, employee }))
    if (list?.length) link.set(name, list.join(','))
  return link
}
