import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Fault, FaultPlan } from './faults.ts'
import { LIMITS, type LimitOptions } from './limits.ts'
import { runMethod } from './methods/table.ts'
import { type Parameters, readParameters } from './parameters.ts'
import { badRequest, Refusal, type RefusalKind } from './refusal.ts'
import { findMethod } from './schema.ts'
import type { EmulatorState } from './state.ts'

/** One request of the bot, as it was understood, with its answer. */
export type Call = {
  method: string
  parameters: Parameters
  at: number
  status: number | 'pending' | 'hang' | 'reset'
  result?: unknown
  error?: string
  kind?: RefusalKind
}
type Exchange = {
  state: EmulatorState
  token: string
  faults: FaultPlan
  limits: LimitOptions
  record(call: Call): void
  recordRefusal(call: Call): void
}

/** The HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`. */
export function createApiServer(exchange: Exchange): Server {
  return createServer((request, response) => {
    handle(exchange, request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { ok: false, error_code: 500, description: String(error) })
    })
  })
}

async function handle(exchange: Exchange, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://emulator')
  const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(url.pathname)
  if (file) return sendFile(exchange, response, decodeURIComponent(file[1]!), decodeURIComponent(file[2]!))
  const match = /^\/bot([^/]+)\/(?:test\/)?(\w+)$/.exec(url.pathname)
  if (!match) return sendJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' })
  const call: Call = { method: match[2]!, parameters: {}, at: exchange.state.clock.now(), status: 'pending' }
  exchange.record(call)
  try {
    if (decodeURIComponent(match[1]!) !== exchange.token) throw new Refusal('auth', 401, 'Unauthorized')
    await answer(exchange, call, url, request, response)
  } catch (error) {
    const refusal = asRefusal(error)
    refuse(exchange, call, refusal)
    sendRefusal(response, refusal)
  }
}

async function answer(
  exchange: Exchange,
  call: Call,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = findMethod(call.method)
  const body = await readBody(request)
  if (method === undefined) throw new Refusal('schema', 404, `Not Found: method ${call.method} is not known`)
  call.method = method
  call.parameters = readParameters({ method, contentType: request.headers['content-type'] ?? '', query: url.searchParams, body })
  const fault = exchange.faults.take(method, chatOf(exchange.state, call))
  if (fault && (await spoil(exchange, fault, call, response)) === 'done') return
  const result = await runMethod(exchange.state, method, call.parameters, exchange.limits)
  call.result = structuredClone(result)
  if (fault?.kind === 'reset-after') {
    call.status = 'reset'
    request.socket.destroy()
    return
  }
  call.status = 200
  sendJson(response, 200, { ok: true, result })
}

/** @returns 'done' when the request is over; a break after the effect is left to the caller. */
async function spoil(exchange: Exchange, fault: Fault, call: Call, response: ServerResponse): Promise<'done' | 'go-on'> {
  const { kind, retryAfter } = fault
  if (kind === 'reset-after') return 'go-on'
  if (kind === 429) throw new Refusal('fault', 429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter })
  if (kind === 500) throw new Refusal('fault', 500, 'Internal Server Error')
  if (kind === 502) {
    call.status = 502
    call.kind = 'fault'
    exchange.recordRefusal(call)
    response.writeHead(502, { 'content-type': 'text/html' }).end('<html><body><h1>502 Bad Gateway</h1></body></html>')
    return 'done'
  }
  call.status = kind === 'hang' ? 'hang' : 'reset'
  call.kind = 'fault'
  exchange.recordRefusal(call)
  if (kind === 'reset-before') response.socket?.destroy()
  return 'done'
}

function chatOf(state: EmulatorState, call: Call): number | undefined {
  const given = call.parameters['chat_id']
  if (given !== undefined) return Number(given)
  return state.queries.get(String(call.parameters['callback_query_id']))?.chatId
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // A little over the limit of a file, for the other parts; the rest is read and thrown away so that the answer arrives.
    if (size <= LIMITS.uploadBytes + 1024 * 1024) chunks.push(chunk)
  }
  if (size > LIMITS.uploadBytes + 1024 * 1024) throw new Refusal('limit', 413, 'Request Entity Too Large')
  return Buffer.concat(chunks)
}

function sendFile(exchange: Exchange, response: ServerResponse, token: string, path: string): void {
  const file = token === exchange.token ? exchange.state.files.findPath(path) : undefined
  if (!file) {
    sendJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' })
    return
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length }).end(file.bytes)
}

function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const { code, message, parameters } = refusal
  const headers: Record<string, string> =
    parameters?.retry_after === undefined ? {} : { 'retry-after': String(parameters.retry_after) }
  sendJson(response, code, { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) }, headers)
}

function sendJson(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

/** Runs the method call a webhook answered with; its result is lost, as with Telegram. */
export function runWebhookReply(exchange: Exchange, reply: { method: string } & Record<string, unknown>): void {
  const call: Call = { method: reply.method, parameters: {}, at: exchange.state.clock.now(), status: 'pending' }
  exchange.record(call)
  try {
    const method = findMethod(reply.method)
    if (method === undefined) throw badRequest('schema', `method ${reply.method} is not known`)
    const { method: _, ...parameters } = reply
    const body = Buffer.from(JSON.stringify(parameters))
    call.parameters = readParameters({ method, contentType: 'application/json', query: new URLSearchParams(), body })
    call.result = runMethod(exchange.state, method, call.parameters, exchange.limits)
    call.status = 200
  } catch (error) {
    refuse(exchange, call, asRefusal(error))
  }
}

function refuse(exchange: Exchange, call: Call, refusal: Refusal): void {
  call.status = refusal.code
  call.error = refusal.message
  call.kind = refusal.kind
  exchange.recordRefusal(call)
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  return new Refusal('internal', 500, `Internal Server Error: ${error instanceof Error ? error.stack : String(error)}`)
}
