import type { AddressInfo } from 'node:net'
import type { Chat, User, UserFromGetMe } from '@grammyjs/types'
import { pushBounded } from './bounded.ts'
import { type ChatDriver, createChatDriver } from './chat-driver.ts'
import { type Clock, realClock } from './clock.ts'
import { createFaultPlan, type EarlyCall, type FaultRule } from './faults.ts'
import type { RefusalKind } from './refusal.ts'
import { type Call, createApiServer, runWebhookReply } from './server.ts'
import { addChat, createState, type EmulatorState } from './state.ts'
import { createUpdateQueue, type Delivery } from './update-queue.ts'
import { UploadedFile } from './uploaded-file.ts'
import { createUserDriver, type Profile, type UserDriver } from './user-driver.ts'
import { type IdleOptions, waitUntil, waitUntilIdle } from './waiting.ts'

export type EmulatorOptions = {
  /** `<bot id>:<secret>` as Telegram writes it. */
  token?: string
  /** 0 takes a free one. The server listens on 127.0.0.1 only. */
  port?: number
  bot?: Partial<UserFromGetMe>
  clock?: Clock
  /** Pause before a failed webhook is tried again, doubled each time up to a minute. */
  webhookRetryMs?: number
  /** Lets buttons lead to this machine (`http://localhost`), which Telegram itself refuses. */
  allowLocalLinks?: boolean
  /**
   * Numbers of messages, updates and presses begin after it; 0 when not given. A bot that keeps them in a database needs new ones after
   * each start: the seconds since 1970 will do.
   */
  firstId?: number
  maxMessagesPerChat?: number
  maxFileBytes?: number
  /** Tells `idle` of work the emulator cannot see: updates the bot took but keeps in its own inbox, messages in its outbox. */
  isBusy?: () => boolean | Promise<boolean>
}

export type Emulator = {
  apiRoot: string
  token: string
  bot: UserFromGetMe
  state: EmulatorState
  /** The newest 5000 calls of the bot, oldest first; getUpdates included. */
  calls: Call[]
  /** Refused calls a correct bot never makes: not of the schema, over a limit, broken markup, an answer given twice. */
  violations: Call[]
  /** Every refused call, with those that happen to a correct bot too: not modified, gone, blocked, faults. */
  refusals: Call[]
  /** Calls that came before a retry_after was over. */
  earlyCalls: EarlyCall[]
  /** Attempts of the webhook, oldest first. */
  deliveries: Delivery[]
  /** Calls of one method that were answered with ok. */
  callsOf(method: string): Call[]
  /** The person with this Telegram id, made on first mention. */
  user(profile: number | Profile): UserDriver
  group(profile: { id: number; title: string }): ChatDriver
  fail(rule: FaultRule): { remaining(): number; cancel(): void }
  duplicateNext(count: number): void
  /** Waits until every update was taken and no call came for `quietMs` of real time. @throws Error with what is open after `timeoutMs`. */
  idle(options?: IdleOptions): Promise<void>
  /** Waits until something holds, for a bot that works after it answered. @throws Error after `timeoutMs`. */
  until(holds: () => boolean, timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

const MISTAKES: RefusalKind[] = ['schema', 'limit', 'entities', 'callback', 'unsupported', 'auth', 'internal']
const MAX_RECORDED = 5_000
const MAX_CALLS_WITH_FILES = 200 // the bytes of older uploads are let go

/**
 * Starts a local Bot API. State is in memory and ends with it.
 * @returns the running emulator; `apiRoot` is what a client takes instead of https://api.telegram.org
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const token = options.token ?? '4200000000:EMULATOR-token-for-local-tests_only0'
  const clock = options.clock ?? realClock
  const firstId = options.firstId ?? 0
  const updates = createUpdateQueue(clock, { firstPauseMs: options.webhookRetryMs ?? 1000, firstId })
  const bot = describeBot(token, options.bot)
  const maxMessages = options.maxMessagesPerChat ?? 500
  const state = createState({ bot, clock, updates, firstId, maxMessages, maxFileBytes: options.maxFileBytes ?? 50 * 1024 * 1024 })
  const faults = createFaultPlan(clock)
  const calls: Call[] = []
  const refusals: Call[] = []
  let lastCallAt = performance.now()
  const record = (call: Call) => {
    pushBounded(calls, call, MAX_RECORDED)
    forgetUploads(calls.at(-MAX_CALLS_WITH_FILES))
    if (call.method !== 'getUpdates') lastCallAt = performance.now()
  }
  const exchange = {
    state,
    token,
    faults,
    limits: { allowLocalLinks: options.allowLocalLinks ?? false },
    record,
    recordRefusal: (call: Call) => pushBounded(refusals, call, MAX_RECORDED),
  }
  updates.onReply = (reply) => {
    if (reply.call) runWebhookReply(exchange, reply.call)
  }
  const server = createApiServer(exchange)
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve))
  const users = new Map<number, UserDriver>()

  const openCalls = () => calls.filter((call) => call.status === 'pending' && call.method !== 'getUpdates').length
  const emulator: Emulator = {
    apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    bot,
    state,
    calls,
    earlyCalls: faults.early,
    deliveries: updates.deliveries,
    get violations() {
      return refusals.filter((call) => MISTAKES.includes(call.kind!))
    },
    refusals,
    callsOf: (method) => calls.filter((call) => call.method === method && call.status === 200),
    user(profile) {
      const known = typeof profile === 'number' ? { id: profile } : profile
      const driver = users.get(known.id) ?? createUserDriver(state, known)
      users.set(known.id, driver)
      return driver
    },
    group({ id, title }) {
      const chat = state.chats.get(id) ?? addChat(state, { id, title, type: 'supergroup' } as Chat, true)
      return createChatDriver(chat)
    },
    fail: faults.add,
    duplicateNext: updates.duplicateNext,
    idle: (wishes) =>
      waitUntilIdle(
        {
          open: () => updates.pendingCount() + openCalls(),
          lastCallAt: () => lastCallAt,
          isBusy: options.isBusy ?? (() => false),
          describe: updates.describePending,
        },
        wishes,
      ),
    until: waitUntil,
    async close() {
      updates.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
  return emulator
}

function forgetUploads(call: Call | undefined): void {
  if (!call) return
  for (const [name, value] of Object.entries(call.parameters)) {
    if (value instanceof UploadedFile) call.parameters[name] = { name: value.name, size: value.bytes.length }
  }
}

function describeBot(token: string, given: Partial<UserFromGetMe> = {}): UserFromGetMe {
  const user: User = { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Voronka' }
  return {
    ...user,
    username: 'voronka_demo_bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: true,
    can_connect_to_business: false,
    can_manage_bots: false,
    supports_join_request_queries: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    ...given,
  } as UserFromGetMe
}
