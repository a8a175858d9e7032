import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { forgetOld } from '../api/usecases/chat/updates.ts'
import type { Orm } from '../db/orm.ts'
import { type CreatedBot, createBot } from './bot.ts'
import { registerCommands } from './commands.ts'
import { handleNext } from './handle-update.ts'
import { allowedUpdates } from './inbox.ts'
import { renderNotice } from './notices.ts'
import { createOutbox } from './outbox.ts'
import { startPolling } from './polling.ts'
import { createPump, type Pump } from './pump.ts'
import { type MakeReportFile, renderReport } from './report-message.ts'
import { renderFile } from './stored-report.ts'
import { createWebhook, webhookPath, webhookSecret } from './webhook.ts'
import { renderWork } from './work-notices.ts'

export type BotMode = 'webhook' | 'polling' | 'demo' | 'off'

export type BotOptions = {
  readonly orm: Orm
  readonly log: Logger
  readonly mode: BotMode
  /** Null only when the bot is off. In demo mode the emulator's. */
  readonly token: string | null
  readonly apiRoot: string
  /** Where people reach the app, without a slash at the end. */
  readonly publicUrl: string
  readonly makeReportFile: MakeReportFile
  /** Whether reports can go by mail from here; not unless told. */
  readonly mailIsSetUp?: boolean
  readonly now?: () => Date
}

export type RunningBot = {
  readonly mode: BotMode
  /** Without the @; null when the bot is off or Telegram has not answered yet. */
  readonly username: () => string | null
  /** Null except in webhook mode: mount POST `path`, give the header X-Telegram-Bot-Api-Secret-Token and the parsed body, answer the status. */
  readonly webhook: {
    readonly path: string
    readonly handle: (secret: string | undefined, body: unknown) => Promise<200 | 403>
  } | null
  /** Looks for work now instead of within half a second: after a use-case has written a notification. */
  wake(): void
  /** Resolves when nothing is being handled or sent. */
  settled(): Promise<void>
  /** Takes nothing new, ends what is under way. */
  stop(): Promise<void>
}

const keepDays = 14
const forgetEveryMs = 3_600_000

/**
 * Starts the bot. Where Telegram cannot be reached it goes on trying: the rest of the program does not wait for it.
 * @returns handles for the HTTP door and for an orderly end.
 */
export function startBot(options: BotOptions): RunningBot {
  const { mode, token } = options
  if (mode === 'off' || token === null) return offBot
  const now = options.now ?? (() => new Date())
  const bot = createBot({ token, apiRoot: options.apiRoot })
  const stopping = new AbortController()
  let username: string | null = null
  const { inbox, outbox, answering } = createPumps(options, bot, now)
  const parts = { orm: options.orm, api: bot.api, now, log: options.log, wake: () => inbox.wake() }
  let polling: { stop(): Promise<void> } | null = null

  const starting = introduce(options, bot, stopping.signal).then((me) => {
    if (me === null) return
    username = me
    inbox.start()
    outbox.start()
    if (mode !== 'webhook') polling = startPolling(parts)
  })
  const forgetting = setInterval(() => void forget(options, now), forgetEveryMs)
  forgetting.unref()

  return {
    mode,
    username: () => username,
    webhook: mode === 'webhook' ? { path: webhookPath, handle: createWebhook({ ...parts, token }) } : null,
    wake: () => outbox.wake(),
    async settled() {
      await starting
      await inbox.settled()
      await outbox.settled()
      await Promise.all(answering)
    },
    async stop() {
      stopping.abort()
      clearInterval(forgetting)
      await starting
      await polling?.stop()
      await inbox.stop()
      await outbox.stop()
      await Promise.all(answering)
    },
  }
}

type Pumps = { readonly inbox: Pump; readonly outbox: Pump; readonly answering: Set<Promise<unknown>> }

function createPumps(options: BotOptions, bot: CreatedBot, now: () => Date): Pumps {
  const { orm, log } = options
  const appUrl = linkableUrl(options)
  const reporting = { api: bot.api, now, appUrl, makeFile: options.makeReportFile }
  const outbox = createOutbox({
    orm,
    api: bot.api,
    now,
    log,
    prepare: (em, payload) => {
      if (payload.kind === 'report') return renderReport(reporting, em, payload)
      if (payload.kind === 'file') return renderFile(em, payload, now())
      return payload.kind === 'work' ? renderWork(em, payload, now()) : renderNotice(em, payload, now())
    },
  })
  const answering = new Set<Promise<unknown>>()
  const handling = {
    orm,
    api: bot.api,
    now,
    log,
    dispatch: bot.dispatch,
    appUrl,
    mailIsSetUp: options.mailIsSetUp ?? false,
    answering,
    wakeOutbox: () => outbox.wake(),
  }
  const inbox = createPump({
    lanes: 4,
    idleMs: 500,
    takeOne: (taken) => handleNext(handling, taken),
    onError: (err) => log.error({ err }, 'inbox failed'),
  })
  return { inbox, outbox, answering }
}

/** Telegram takes https links only; the emulator of the demo also those to this machine. */
function linkableUrl({ mode, publicUrl }: BotOptions): string | null {
  const url = URL.parse(publicUrl)
  const local = mode === 'demo' && ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '')
  return url && (url.protocol === 'https:' || local) ? publicUrl : null
}

/** Asks who the bot is, sets its commands and how updates come; tries until it succeeds. @returns its name, or null when stopped. */
async function introduce(options: BotOptions, { api, setIdentity }: CreatedBot, signal: AbortSignal): Promise<string | null> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const me = await api.call('getMe', {} as never, signal)
      setIdentity(me)
      await registerCommands(api)
      await chooseDelivery(options, api)
      return me.username
    } catch (error) {
      if (signal.aborted) return null
      options.log.warn({ err: error }, 'Telegram cannot be reached; trying again')
      await delay(Math.min(1000 * 2 ** failures, 60_000), undefined, { signal }).catch(() => {})
    }
  }
  return null
}

async function chooseDelivery(options: BotOptions, api: CreatedBot['api']): Promise<void> {
  if (options.mode !== 'webhook' || options.token === null) {
    await api.call('deleteWebhook', {})
    return
  }
  await api.call('setWebhook', {
    url: `${options.publicUrl}${webhookPath}`,
    secret_token: webhookSecret(options.token),
    allowed_updates: [...allowedUpdates],
    max_connections: 40,
  })
}

async function forget({ orm, log }: BotOptions, now: () => Date): Promise<void> {
  const before = new Date(now().getTime() - keepDays * 86_400_000)
  await forgetOld(orm.em.fork(), before).catch((err: unknown) => log.error({ err }, 'old chat rows were not deleted'))
}

const offBot: RunningBot = {
  mode: 'off',
  username: () => null,
  webhook: null,
  wake() {},
  settled: async () => {},
  stop: async () => {},
}
