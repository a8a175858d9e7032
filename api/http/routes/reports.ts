import type { z } from 'zod'
import { NoInput } from '../../../shared/schemas/directory.ts'
import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import {
  CreateSchedule,
  EditSchedule,
  EmailReport,
  ListDeliveries,
  ListShares,
  MakePdf,
  RemoveSchedule,
  RowById,
  ShareReport,
} from '../../../shared/schemas/reports.ts'
import type { MailView, NewShareView, ScheduleView } from '../../../shared/views/reports.ts'
import { presentDelivery, presentSchedule, presentShare } from '../../presenters/reports.ts'
import { makeReport } from '../../reports/make-report.ts'
import type { Session } from '../../session.ts'
import { type DeliveryRow, listDeliveries, retryDelivery } from '../../usecases/reports/deliveries.ts'
import { reportMediaTypes } from '../../usecases/reports/keep-file.ts'
import { emailReport } from '../../usecases/reports/order-report.ts'
import {
  createSchedule,
  editSchedule,
  listSchedules,
  removeSchedule,
  runSchedule,
  showSchedule,
} from '../../usecases/reports/schedules.ts'
import { listShares, revokeShare, shareReport } from '../../usecases/reports/share-report.ts'
import { sessionOf } from '../auth.ts'
import { endpoint, type Method, type Route, readInput } from '../endpoint.ts'
import { parseInput } from '../parse-input.ts'

function reportRoute(format: 'pdf' | 'xlsx' | 'png'): Route {
  const schema = format === 'pdf' ? MakePdf : ShowFunnel
  return {
    method: 'GET',
    path: `/funnel.${format}`,
    summary: `The funnel as ${format.toUpperCase()}${format === 'pdf' ? '; with `pack` of several pages, for a meeting' : ''}`,
    schema,
    open: false,
    async handle(ctx, services) {
      const session = await sessionOf(ctx, services)
      const { pack, ...query }: z.output<typeof ShowFunnel> & { pack?: boolean } = parseInput(
        schema,
        readInput(ctx, schema),
        session.locale,
      )
      const form = pack ? 'pack' : format
      const { name, bytes } = await makeReport(session, query, form, services.publicUrl)
      ctx.attachment(name)
      ctx.type = reportMediaTypes[form]
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

type Mailing<Input, Result> = (session: Session, input: Input, mailIsSetUp: boolean) => Promise<Result>

/** As `endpoint`, for a use-case that has to know whether mail is set up. */
function mailing<Schema extends z.ZodObject, Result, View>(
  method: Method,
  path: string,
  schema: Schema,
  usecase: Mailing<z.output<Schema>, Result>,
  present: (result: Result, reader: Session) => View,
  options: { readonly summary: string; readonly status?: number; readonly version?: (view: View) => number },
): Route {
  const handle: Route['handle'] = (ctx, services) => {
    const told: (session: Session, input: z.output<Schema>) => Promise<Result> = (session, input) =>
      usecase(session, input, services.mailFrom != null)
    return endpoint(method, path, schema, told, (result, reader) => present(result, reader as Session), options).handle(
      ctx,
      services,
    )
  }
  return { method, path, schema, summary: options.summary, open: false, handle }
}

const mailRoute: Route = {
  method: 'GET',
  path: '/reports/mail',
  summary: 'Whether reports can go by mail from here',
  schema: NoInput,
  open: false,
  async handle(ctx, services) {
    await sessionOf(ctx, services)
    const from = services.mailFrom ?? null
    ctx.body = { ready: from !== null, from } satisfies MailView
  },
}

const version = (view: ScheduleView) => view.version
const deliveries = (rows: readonly DeliveryRow[], reader: Pick<Session, 'locale'>) => ({
  items: rows.map((row) => presentDelivery(row, reader)),
})

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
  mailRoute,
  mailing('POST', '/reports/email', EmailReport, emailReport, deliveries, { summary: 'Send the report by mail', status: 202 }),
  endpoint('GET', '/reports/deliveries', ListDeliveries, listDeliveries, deliveries, {
    summary: 'What was sent to whom, newest first',
  }),
  endpoint('POST', '/reports/deliveries/:id/retry', RowById, retryDelivery, presentDelivery, {
    summary: 'Try a failed delivery again',
  }),
  endpoint('GET', '/schedules', NoInput, listSchedules, (cards) => ({ items: cards.map(presentSchedule) }), {
    summary: 'Reports by schedule: one’s own; who administers sees all',
  }),
  mailing('POST', '/schedules', CreateSchedule, createSchedule, presentSchedule, {
    summary: 'Send a report again and again',
    status: 201,
    version,
  }),
  endpoint('GET', '/schedules/:id', RowById, showSchedule, presentSchedule, { summary: 'One schedule', version }),
  mailing('PATCH', '/schedules/:id', EditSchedule, editSchedule, presentSchedule, {
    summary: 'Change, pause or resume a schedule',
    version,
  }),
  endpoint('DELETE', '/schedules/:id', RemoveSchedule, removeSchedule, () => undefined, { summary: 'End a schedule' }),
  mailing('POST', '/schedules/:id/run', RowById, runSchedule, deliveries, { summary: 'Make and send it now', status: 202 }),
]
