import type { ApiMethods } from '@grammyjs/types'
import { type Telegram, TelegramError } from 'telegraf'

/** A file from memory. Files by address are never sent: the client would fetch them from inside our network. */
export type Upload = { readonly source: Buffer; readonly filename: string }
export type Method = keyof ApiMethods<Upload>
export type Args<M extends Method> = NonNullable<Parameters<ApiMethods<Upload>[M]>[0]>
export type Result<M extends Method> = ReturnType<ApiMethods<Upload>[M]>

/** The Bot API, every method of it, typed newer than the client that carries it. */
export type TelegramApi = {
  /** @throws TelegramError when Telegram refuses, FetchError or AbortError when there was no answer. */
  call<M extends Method>(method: M, args: Args<M>, signal?: AbortSignal): Promise<Result<M>>
  /**
   * What a file that was sent holds; null when Telegram gives it no more, or it is larger than `mostBytes`.
   * @throws FetchError, AbortError or TypeError when there was no answer.
   */
  fetchFile(fileId: string, mostBytes: number): Promise<Buffer | null>
}

/** How long Telegram may take to answer; a file has to get there first, and getUpdates waits by itself. */
export const answerLimitMs = 20_000
const longLimitMs = 60_000
/** How long a file may take to come, its place asked for first. */
export const fetchLimitMs = answerLimitMs + longLimitMs

export function createTelegramApi(telegram: Telegram): TelegramApi {
  const api: TelegramApi = {
    async fetchFile(fileId, mostBytes) {
      const path = await findPath(api, fileId)
      if (path === null) return null
      const address = `${telegram.options.apiRoot}/file/bot${telegram.token}/${path}`
      try {
        const answer = await fetch(address, { signal: AbortSignal.timeout(longLimitMs), redirect: 'error' })
        if (answer.status >= 500) throw new TypeError(`the file did not come: ${answer.status}`)
        return answer.ok && answer.body ? await readAtMost(answer.body, mostBytes) : null
      } catch (error) {
        throw withoutSecrets(error, 'getFile')
      }
    },
    call(method, args, signal) {
      const long = method === 'getUpdates' || Object.values(args).some(isUpload)
      const limit = AbortSignal.timeout(long ? longLimitMs : answerLimitMs)
      const either = signal ? AbortSignal.any([signal, limit]) : limit
      const answer: Promise<unknown> = telegram.callApi(method as never, prepare(args) as never, { signal: either as never })
      return answer.catch((error: unknown) => {
        throw withoutSecrets(error, method)
      }) as Promise<never>
    },
  }
  return api
}

/** Where a file can be fetched for an hour; null when Telegram does not know it or it is too large for bots. */
async function findPath(api: TelegramApi, fileId: string): Promise<string | null> {
  try {
    return (await api.call('getFile', { file_id: fileId })).file_path ?? null
  } catch (error) {
    if (readFailure(error).kind === 'refused') return null
    throw error
  }
}

async function readAtMost(body: ReadableStream<Uint8Array>, mostBytes: number): Promise<Buffer | null> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > mostBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts, size)
}

/** Errors of the client carry the address with the token and the message with its text; neither belongs into a log. */
function withoutSecrets(error: unknown, method: string): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof TelegramError) Object.assign(error, { on: { method } })
  const hide = (text: string) => text.replace(/bot\d+:[\w-]+/g, 'bot[token]')
  error.message = hide(error.message)
  if (error.stack) error.stack = hide(error.stack)
  return error
}

/** Beside an upload the client drops objects silently, and it writes file names into the header as they are. */
function prepare(args: object): Record<string, unknown> {
  const entries = Object.entries(args).filter(([, value]) => value !== undefined)
  if (!entries.some(([, value]) => isUpload(value))) return Object.fromEntries(entries)
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (isUpload(value)) return [name, { source: value.source, filename: safeFileName(value.filename) }]
      return [name, typeof value === 'object' && value !== null ? JSON.stringify(value) : value]
    }),
  )
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && Buffer.isBuffer((value as Partial<Upload>).source)
}

/** Letters of any script stay; controls, quotes and path separators go; at most 120 characters, the ending kept. */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"'`<>:|?*;=%\\/]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[\s.]+$/, '')
  const ending = /\.[a-z0-9]{1,8}$/i.exec(clean)?.[0] ?? ''
  const stem = [...clean.slice(0, clean.length - ending.length).replace(/^[\s.]+/, '')]
    .slice(0, 120 - ending.length)
    .join('')
    .trim()
  return `${stem || 'file'}${ending}`
}

/** What became of a call that threw. */
export type Failure =
  | { readonly kind: 'later'; readonly afterMs: number | null; readonly flood: boolean }
  /** The same message already stands there. */
  | { readonly kind: 'unchanged' }
  /** The message to change is not there any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'migrated'; readonly chatId: number }
  | { readonly kind: 'refused' }
  /** No answer came: Telegram may have done it or not. */
  | { readonly kind: 'unsure' }

/** Errors that come up before anything can have been sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED'])

export function readFailure(error: unknown): Failure {
  if (!(error instanceof TelegramError)) {
    const { code } = error as { code?: string }
    return code !== undefined && neverSent.has(code) ? { kind: 'later', afterMs: null, flood: false } : { kind: 'unsure' }
  }
  const text = error.description
  if (error.code === 429) return { kind: 'later', afterMs: (error.parameters?.retry_after ?? 1) * 1000, flood: true }
  // A wrong token or address is mended by the operator: what waits then leaves.
  if (error.code >= 500 || error.code === 401 || error.code === 404) return { kind: 'later', afterMs: null, flood: false }
  if (error.code === 403) return { kind: 'blocked' }
  if (error.parameters?.migrate_to_chat_id) return { kind: 'migrated', chatId: error.parameters.migrate_to_chat_id }
  if (text.includes('message is not modified')) return { kind: 'unchanged' }
  if (/message to edit not found|message can't be edited|there is no text in the message/.test(text)) return { kind: 'gone' }
  return { kind: 'refused' }
}
