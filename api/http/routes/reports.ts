import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import { ListShares, RowById, ShareReport } from '../../../shared/schemas/reports.ts'
import type { NewShareView } from '../../../shared/views/reports.ts'
import { presentShare } from '../../presenters/reports.ts'
import { makeReport } from '../../reports/make-report.ts'
import type { ReportFormat } from '../../reports/render.ts'
import { reportMediaTypes } from '../../usecases/reports/keep-file.ts'
import { listShares, revokeShare, shareReport } from '../../usecases/reports/share-report.ts'
import { sessionOf } from '../auth.ts'
import { endpoint, type Route, readInput } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

function reportRoute(format: ReportFormat): Route {
  return {
    method: 'GET',
    path: `/funnel.${format}`,
    summary: `The funnel as ${format.toUpperCase()}`,
    schema: ShowFunnel,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const query = parseInput(ShowFunnel, readInput(ctx, ShowFunnel), session.locale)
      const { name, bytes } = await makeReport(session, query, format, services.publicUrl)
      ctx.attachment(name)
      ctx.type = reportMediaTypes[format]
      ctx.body = Buffer.from(bytes)
    },
  }
}

/** The answer holds the link's token, which is kept nowhere: it is not kept for a repeated request either. */
const shareRoute: Route = {
  method: 'POST',
  path: '/reports/share',
  summary: 'A link that shows this report, as it is now, without a login until it expires',
  schema: ShareReport,
  open: false,
  async handle(ctx, services) {
    const session = await sessionOf(ctx, services)
    const input = parseInput(ShareReport, readInput(ctx, ShareReport), session.locale)
    const { share, token } = await shareReport(session, input, services.publicUrl)
    ctx.status = 201
    ctx.body = { ...presentShare(share, session), url: `${services.publicUrl}/shared/${token}` } satisfies NewShareView
  },
}

export const reportRoutes: readonly Route[] = [
  ...(['pdf', 'xlsx', 'png'] as const).map(reportRoute),
  shareRoute,
  endpoint(
    'GET',
    '/reports/shares',
    ListShares,
    listShares,
    (rows, reader) => ({ items: rows.map((row) => presentShare(row, reader)) }),
    {
      summary: 'Links to reports: one’s own; everybody’s with `all`, for who administers',
    },
  ),
  endpoint('DELETE', '/reports/shares/:id', RowById, revokeShare, () => undefined, { summary: 'Revoke a link at once' }),
]
