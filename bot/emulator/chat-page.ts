import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { streamChat } from './chat-stream.ts'
import type { Emulator } from './emulator.ts'
import { Refusal } from './refusal.ts'
import type { StoredMessage } from './state.ts'

/** A demo person; `role` is one of admin, executive, head, manager, field, which the page names in its own language. */
export type Persona = { id: string; name: string; role: string; telegramUserId: number }
export type ChatPageOptions = {
  emulator: Emulator
  personas: readonly Persona[]
  /** Whether this request may see the page at all; the page is for a demo, so the host says no elsewhere and the answer is 404. */
  authorize(request: IncomingMessage): boolean | Promise<boolean>
}
export type ChatPage = {
  /** Answers every path below /chat; mount it before anything that reads bodies. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Ends the open event streams. */
  close(): void
}

type Context = ChatPageOptions & { request: IncomingMessage; response: ServerResponse; url: URL; streams: Set<() => void> }
type Input = {
  persona?: unknown
  text?: unknown
  replyTo?: unknown
  file?: unknown
  message?: unknown
  row?: unknown
  column?: unknown
}

const BASE = '/chat' // the page names its files with it
const MAX_BODY_BYTES = 7 * 1024 * 1024 // a file of 5 MB in base64
const MAX_TEXT = 4096
const PAGE_FILES: Record<string, string> = {
  '': 'chat.html',
  '/chat.css': 'chat.css',
  '/chat-message.css': 'chat-message.css',
  '/chat.js': 'chat.js',
  '/chat-nodes.js': 'chat-nodes.js',
  '/chat-people.js': 'chat-people.js',
  '/chat-texts.js': 'chat-texts.js',
  '/chat-toast.js': 'chat-toast.js',
}
const TYPES: Record<string, string> = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript' }
const PICTURE_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
}
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

class ChatPageError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * The chat with the bot as a web page, for a demo without Telegram. The chats are those of the emulator: in memory, at most
 * `maxMessagesPerChat` messages each, gone when it ends.
 */
export function createChatPage(options: ChatPageOptions): ChatPage {
  const streams = new Set<() => void>()
  for (const persona of options.personas) {
    const [first_name = persona.name, ...rest] = persona.name.split(' ')
    const last_name = rest.join(' ')
    options.emulator.user({ id: persona.telegramUserId, first_name, ...(last_name ? { last_name } : {}) })
  }
  return {
    async handle(request, response) {
      const url = new URL(request.url ?? '/', 'http://chat')
      try {
        if (!(await options.authorize(request))) throw new ChatPageError(404, 'not found')
        await route({ ...options, request, response, url, streams })
      } catch (error) {
        const status = error instanceof ChatPageError ? error.status : error instanceof Refusal ? 400 : 500
        if (response.headersSent) response.end()
        else sendJson(response, status, { error: status === 500 ? 'internal' : (error as Error).message })
      }
    },
    close() {
      for (const stop of streams) stop()
    },
  }
}

async function route(context: Context): Promise<void> {
  const { request, response, url } = context
  if (url.pathname !== BASE && !url.pathname.startsWith(`${BASE}/`)) throw new ChatPageError(404, 'not found')
  const path = url.pathname.slice(BASE.length).replace(/\/$/, '')
  response.setHeader('content-security-policy', POLICY)
  response.setHeader('x-content-type-options', 'nosniff')
  response.setHeader('referrer-policy', 'no-referrer')
  if (request.method === 'GET') {
    if (Object.hasOwn(PAGE_FILES, path)) return sendPageFile(response, PAGE_FILES[path]!)
    if (path === '/personas') return sendJson(response, 200, { personas: context.personas, bot: describeBot(context.emulator) })
    if (path === '/events') return openStream(context)
    if (path.startsWith('/file/')) return sendFile(context, decodeURIComponent(path.slice('/file/'.length)))
  }
  if (request.method === 'POST' && (path === '/send' || path === '/press')) {
    assertSameOrigin(request)
    const input = await readInput(request)
    return sendJson(response, 200, path === '/send' ? send(context, input) : press(context, input))
  }
  throw new ChatPageError(404, 'not found')
}

function describeBot({ bot }: Emulator): object {
  return { name: bot.first_name, username: bot.username }
}

function sendPageFile(response: ServerResponse, name: string): void {
  const body = readFileSync(new URL(`./page/${name}`, import.meta.url))
  response.writeHead(200, { 'content-type': `${TYPES[extname(name)]}; charset=utf-8`, 'cache-control': 'no-cache' }).end(body)
}

function openStream(context: Context): void {
  const { emulator, personas, request, response, url, streams } = context
  const language = url.searchParams.get('lang') === 'en' ? 'en' : 'ru'
  const persona = findPersona(context, url.searchParams.get('persona'))
  // Telegram tells a bot the language of the person's app; here it is the language of the page.
  emulator.user(persona.telegramUserId).profile.language_code = language
  const stop = streamChat({ emulator, persona, personas, base: BASE, language }, request, response)
  streams.add(stop)
  request.once('close', () => streams.delete(stop))
}

function sendFile({ emulator, response }: Context, id: string): void {
  const file = emulator.state.files.peek(id)
  if (!file) throw new ChatPageError(404, 'not found')
  const picture = PICTURE_TYPES[extname(file.name).toLowerCase()]
  const name = encodeURIComponent(file.name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
  response.writeHead(200, {
    'content-type': picture ?? 'application/octet-stream',
    'content-length': file.bytes.length,
    'content-disposition': `${picture ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    'cache-control': 'private, max-age=3600',
  })
  response.end(file.bytes)
}

/** Another site must not act in the chat: browsers name the origin of every POST. */
function assertSameOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  const originFits = origin !== undefined && URL.parse(origin)?.host === host
  if (
    (origin !== undefined && !originFits) ||
    (site !== undefined && site !== 'same-origin') ||
    (!originFits && site === undefined)
  ) {
    throw new ChatPageError(403, 'a request from this page is expected')
  }
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') throw new ChatPageError(415, 'JSON is expected')
}

async function readInput(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new ChatPageError(413, 'too large')
    chunks.push(chunk)
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Input
  } catch {
    // told below
  }
  throw new ChatPageError(400, 'a JSON object is expected')
}

function findPersona({ personas }: Context, id: unknown): Persona {
  const persona = personas.find((candidate) => candidate.id === id)
  if (!persona) throw new ChatPageError(404, 'no such persona')
  return persona
}

function send(context: Context, input: Input): object {
  const user = context.emulator.user(findPersona(context, input.persona).telegramUserId)
  const text = typeof input.text === 'string' ? input.text.trim() : ''
  if (text.length > MAX_TEXT) throw new ChatPageError(400, 'too long')
  const replyTo = input.replyTo === undefined ? undefined : findMessage(user.chat.messages(), input.replyTo)
  if (input.file !== undefined) {
    const { name, base64 } = input.file as { name?: unknown; base64?: unknown }
    if (typeof name !== 'string' || typeof base64 !== 'string' || name === '')
      throw new ChatPageError(400, 'a file has name and base64')
    const bytes = Buffer.from(base64, 'base64')
    if (bytes.length === 0) throw new ChatPageError(400, 'empty file')
    const options = { ...(text ? { caption: text } : {}), ...(replyTo ? { replyTo } : {}) }
    const picture = extname(name).toLowerCase() in PICTURE_TYPES
    const sent = picture ? user.sendPhoto(bytes, options) : user.sendDocument(name.slice(0, 120), bytes, options)
    return { id: sent.message.message_id }
  }
  if (text === '') throw new ChatPageError(400, 'empty')
  return { id: (replyTo ? user.reply(replyTo, text) : user.send(text)).message.message_id }
}

/** The page names a button by its place and its text: if the message was edited meanwhile, no other button is pressed in its stead. */
function press(context: Context, input: Input): object {
  const user = context.emulator.user(findPersona(context, input.persona).telegramUserId)
  const stored = findMessage(user.chat.messages(), input.message)
  const button = stored.message.reply_markup?.inline_keyboard[Number(input.row)]?.[Number(input.column)]
  if (!button || button.text !== input.text || !('callback_data' in button))
    throw new ChatPageError(409, 'the message has changed')
  return { queryId: user.pressData(button.callback_data, stored).query?.id }
}

function findMessage(messages: StoredMessage[], id: unknown): StoredMessage {
  const found = messages.find(({ message }) => message.message_id === id)
  if (!found) throw new ChatPageError(404, 'no such message')
  return found
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value))
}
