import type { ErrorView } from '../../../shared/views/common.ts'
import { takeEarly } from './early.ts'
import { i18n } from './i18n.svelte.ts'
import { type Kept, keep, recall } from './kept.ts'
import { network } from './network.svelte.ts'
import { type Query, withQuery } from './query.ts'

export { type Query, withQuery } from './query.ts'

/** A refused or failed request. `status` is 0 when no answer came: code `offline`, `timeout` or `unreachable`. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: unknown
  readonly requestId: string | null
  constructor(code: string, message: string, status: number, details?: unknown, requestId: string | null = null) {
    super(message)
    this.code = code
    this.status = status
    this.details = details
    this.requestId = requestId
  }
  /** True when the server was not reached at all, so that kept data are the best there is. */
  get isNetwork(): boolean {
    return this.status === 0
  }
}

export type RequestOptions = {
  readonly query?: Query
  /** Sent as JSON; a FormData or a file goes as it is. */
  readonly body?: unknown
  /** Version of the thing as the person saw it. */
  readonly ifMatch?: number
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
  /** False keeps a 401 from leading to the login screen. */
  readonly toLogin?: boolean
}
export type Answer<Data> = { readonly data: Data; readonly etag: string | null }

const usualTimeoutMs = 10_000
/** For files, and for what is answered from every visit of its period: of millions of deals that takes its time. */
const patientTimeoutMs = 120_000
const isAnsweredFromVisits = (url: string): boolean => /^\/api\/funnel\/(paths|compare)\b|[?&]basis=flow\b/.test(url)
let onUnauthorized: () => void = () => {}

/** What a 401 does; the session sets it, so that this file knows nothing of screens. */
export function whenUnauthorized(act: () => void): void {
  onUnauthorized = act
}

function headersOf(options: RequestOptions): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': i18n.locale })
  if (options.body instanceof Blob) headers.set('Content-Type', 'application/octet-stream')
  else if (options.body !== undefined && !(options.body instanceof FormData)) headers.set('Content-Type', 'application/json')
  if (options.ifMatch !== undefined) headers.set('If-Match', `"${options.ifMatch}"`)
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey)
  return headers
}

async function send(method: string, url: string, options: RequestOptions): Promise<Response> {
  const timeout = AbortSignal.timeout(options.timeoutMs ?? (isAnsweredFromVisits(url) ? patientTimeoutMs : usualTimeoutMs))
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
  const isRaw = options.body instanceof FormData || options.body instanceof Blob
  const body = options.body === undefined || isRaw ? (options.body as BodyInit | undefined) : JSON.stringify(options.body)
  // Unsafe methods carry a JSON content type even with no body: the server takes it as a sign of its own app.
  const headers = headersOf(options)
  if (method !== 'GET' && !isRaw) headers.set('Content-Type', 'application/json')
  try {
    const early = method === 'GET' ? takeEarly(url) : undefined
    const response = await (early ?? fetch(url, { method, headers, body: body ?? null, signal, credentials: 'same-origin' }))
    network.answered()
    return response
  } catch (error) {
    if (options.signal?.aborted) throw error
    if (timeout.aborted) throw new ApiError('timeout', '', 0)
    network.failed()
    throw new ApiError(navigator.onLine ? 'unreachable' : 'offline', '', 0)
  }
}

async function refusalOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('X-Request-Id')
  const view = (await response.json().catch(() => null)) as ErrorView | null
  return new ApiError(
    view?.error?.code ?? `http_${response.status}`,
    view?.error?.message ?? '',
    response.status,
    view?.error?.details,
    requestId,
  )
}

async function sendChecked(method: string, path: string, options: RequestOptions): Promise<Response> {
  const response = await send(method, withQuery(path, options.query), options)
  if (response.ok) return response
  const refusal = await refusalOf(response)
  if (response.status === 401 && options.toLogin !== false) onUnauthorized()
  throw refusal
}

/**
 * One call of the API.
 * @returns the body as JSON (undefined for 204) and the ETag without quotes.
 * @throws ApiError
 */
export async function request<Data>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  options: RequestOptions = {},
): Promise<Answer<Data>> {
  const response = await sendChecked(method, path, options)
  const text = await response.text()
  const data = (text === '' ? undefined : JSON.parse(text)) as Data
  return { data, etag: response.headers.get('ETag')?.replaceAll('"', '').replace(/^W\//, '') ?? null }
}

/** GET of fresh data; the answer is kept for the time without a network. */
export async function get<Data>(path: string, query?: Query, options: RequestOptions = {}): Promise<Data> {
  return (await getKept<Data>(withQuery(path, query), options)).data
}

/** GET with the moment it was read at. @throws ApiError; what was kept before stands in `recall(path)`. */
export async function getKept<Data>(path: string, options: RequestOptions = {}): Promise<Kept<Data>> {
  const answer = await request<Data>('GET', path, options)
  const kept: Kept<Data> = { ...answer, at: new Date().toISOString() }
  keep(keptKey(path), kept)
  return kept
}

/** Answers differ by language, so the key carries it. */
export function keptKey(path: string): string {
  return `${i18n.locale} ${path}`
}

export function recallAnswer<Data>(path: string): Promise<Kept<Data> | undefined> {
  return recall<Data>(keptKey(path))
}

/** A file from the API, with the name the server gave it. */
export async function getFile(path: string, query?: Query): Promise<File> {
  const response = await sendChecked('GET', path, { ...(query ? { query } : {}), timeoutMs: patientTimeoutMs })
  const disposition = response.headers.get('Content-Disposition') ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1]
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1]
  const name = encoded ? decodeURIComponent(encoded) : (plain ?? path.split('/').at(-1) ?? 'report')
  const blob = await response.blob()
  return new File([blob], name, { type: blob.type })
}
