import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import { makeReport } from '../../reports/make-report.ts'
import type { ReportFormat } from '../../reports/render.ts'
import { sessionOf } from '../auth.ts'
import { type Route, readInput } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

const types: { readonly [F in ReportFormat]: string } = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  png: 'image/png',
}

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
      ctx.type = types[format]
      ctx.body = Buffer.from(bytes)
    },
  }
}

export const reportRoutes: readonly Route[] = (['pdf', 'xlsx', 'png'] as const).map(reportRoute)
