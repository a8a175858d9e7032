import { resolve } from 'node:path'
import type { Middleware } from 'koa'
import pino, { type Logger } from 'pino'
import { type RunningBot, startBot } from '../bot/main.ts'
import { createWebhook, webhookPath } from '../bot/webhook.ts'
import { migrate, type Orm, openOrm } from '../db/orm.ts'
import { type ChatDemo, startChatDemo } from './chat-demo.ts'
import type { Config } from './config.ts'
import { fillDatabase } from './fill-database.ts'
import { createHttpApp } from './http/app.ts'
import type { HttpServices } from './http/context.ts'
import { listenForChanges } from './http/events.ts'
import { serveHealth } from './http/health.ts'
import { serveMetrics } from './http/metrics.ts'
import { createRateLimits } from './http/rate-limits.ts'
import { allRoutes } from './http/routes/all.ts'
import { receiveTelegram } from './http/telegram-webhook.ts'
import { startJobs } from './jobs/jobs.ts'
import { startReportJobs } from './jobs/report-jobs.ts'
import { mailFromOf } from './jobs/send-mail.ts'
import { type Listening, listen } from './lifecycle/listen.ts'
import { makeReport } from './reports/make-report.ts'
import { stopReports } from './reports/render.ts'
import type { OrganizationSettings } from './session.ts'
import { readOrganization } from './usecases/settings.ts'

export type AssembleOptions = {
  readonly config: Config
  readonly database: { readonly url: string; readonly embedded: boolean }
  readonly say: (sentence: string) => void
  readonly onStop: (part: string, stop: () => unknown) => void
  readonly now?: () => Date
}

export type Running = { readonly port: number; readonly demoLogins: boolean; readonly orm: Orm; readonly bot: RunningBot }

/**
 * Brings the parts up in order and registers how each is ended: schema, company, bot, jobs, HTTP.
 * @throws StartError with a sentence when a part cannot start
 */
export async function assemble({ config, database, say, onStop, now = () => new Date() }: AssembleOptions): Promise<Running> {
  const log = pino({ level: config.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] }, pino.destination(2))
  const orm = await openOrm(database.url)
  onStop('the database connections', () => orm.close(true))
  onStop('the reports', stopReports)
  const migrated = await migrate(orm)
  if (migrated.length > 0) say(`Schema brought up to date: ${migrated.join(', ')}`)
  const demoLogins = await fillDatabase(orm, config, { embedded: database.embedded, now: now() }, say)

  const demo =
    config.roles.has('bot') && config.telegram.mode === 'demo' && demoLogins
      ? await startChatDemo({ orm, log, now, publicUrl: config.publicUrl })
      : null
  if (demo) onStop('the chat demo', () => demo.stop())
  const bot = runBot({ config, orm, log, now, demo })
  onStop('the bot', () => bot.stop())
  if (config.roles.has('jobs')) {
    const jobs = await startJobs({ orm, url: database.url, log, now })
    onStop('the jobs', () => jobs.stop())
    const reports = startReportJobs({ orm, log, now, smtpUrl: config.smtpUrl, publicUrl: config.publicUrl })
    onStop('the delivery of reports', () => reports.stop())
  }
  const listening = config.roles.has('api')
    ? await openHttp({ config, database, orm, log, now, demo, bot, demoLogins, onStop })
    : null
  return { port: listening?.port ?? config.port, demoLogins, orm, bot }
}

type Parts = {
  readonly config: Config
  readonly orm: Orm
  readonly log: Logger
  readonly now: () => Date
  readonly demo: ChatDemo | null
}

function runBot({ config, orm, log, now, demo }: Parts): RunningBot {
  const { token, apiRoot, mode } = config.telegram
  const running = config.roles.has('bot') && (mode !== 'demo' || demo !== null)
  return startBot({
    orm,
    log,
    now,
    mode: running ? mode : 'off',
    token: demo?.token ?? token ?? null,
    apiRoot: demo?.apiRoot ?? apiRoot,
    publicUrl: config.publicUrl,
    mailIsSetUp: config.smtpUrl !== undefined,
    makeReportFile: (session, query, format) => makeReport(session, query, format, config.publicUrl),
  })
}

async function openHttp(
  parts: Parts & {
    readonly database: { readonly url: string }
    readonly bot: RunningBot
    readonly demoLogins: boolean
    readonly onStop: AssembleOptions['onStop']
  },
): Promise<Listening> {
  const { config, orm, log, now, demo, bot, demoLogins } = parts
  const feed = listenForChanges(parts.database.url, log)
  parts.onStop('the change feed', () => feed.stop())
  const services: HttpServices = {
    orm,
    log,
    now,
    demoLogins,
    publicUrl: config.publicUrl,
    limits: await createRateLimits(orm),
    organization: () => organizationOf(orm),
    telegram: { mode: bot.mode, botUsername: bot.username, token: config.telegram.token ?? null },
    mailFrom: mailFromOf(config.smtpUrl, config.publicUrl),
  }
  const extras: Middleware[] = [serveHealth(orm), serveMetrics(), receiveTelegram(webhookOf(parts))]
  if (demo) extras.push(demo.middleware)
  const app = createHttpApp({
    services,
    routes: allRoutes({ feed, bot }),
    extras,
    appFolder: resolve(import.meta.dirname, '../pwa/build'),
  })
  const listening = await listen(app.callback(), config)
  parts.onStop('the HTTP server', () => listening.close())
  return listening
}

/** The bot's webhook; where the bot works in another process, updates are stored here and found there. */
function webhookOf({ config, orm, bot, now }: Parts & { readonly bot: RunningBot }): Pick<RunningBot, 'webhook'> {
  const { mode, token } = config.telegram
  if (bot.webhook || config.roles.has('bot') || mode !== 'webhook' || !token) return bot
  return { webhook: { path: webhookPath, handle: createWebhook({ orm, token, now, wake: () => {} }) } }
}

async function organizationOf(orm: Orm): Promise<OrganizationSettings> {
  const organization = await readOrganization(orm.em.fork())
  if (!organization) throw new Error('the database holds no organisation')
  return organization
}
