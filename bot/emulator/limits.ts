import { isIP } from 'node:net'
import type { Parameters } from './parameters.ts'
import { pictureSize } from './picture-size.ts'
import { badRequest } from './refusal.ts'
import { UploadedFile } from './uploaded-file.ts'

// https://core.telegram.org/bots/api and its FAQ; lengths in UTF-16 units unless the name says bytes.
export const LIMITS = {
  text: 4096,
  caption: 1024,
  callbackAnswer: 200,
  callbackDataBytes: 64,
  callbackAnswerMs: 15_000,
  buttonsPerRow: 8,
  buttonsPerKeyboard: 100,
  keyboardBytes: 10_240, // not documented; the server refuses keyboards of about this size
  linkLength: 2048,
  menuText: 64,
  copyText: 256,
  placeholder: 64,
  commands: 100,
  commandDescription: 256,
  uploadBytes: 50 * 1024 * 1024,
  downloadBytes: 20 * 1024 * 1024,
  photoBytes: 10 * 1024 * 1024,
  photoSides: 10_000,
  photoRatio: 20,
  mediaGroup: [2, 10],
  fileLinkMs: 60 * 60 * 1000,
} as const

// Whole numbers with documented bounds: field, lowest, highest.
const RANGES: Record<string, [number, number]> = {
  limit: [1, 100],
  max_connections: [1, 100],
  timeout: [0, 3600],
  message_id: [1, 2 ** 31 - 1],
  cache_time: [0, 2 ** 31 - 1],
}
const PATTERNS: Record<string, RegExp> = {
  secret_token: /^[A-Za-z0-9_-]{1,256}$/,
  callback_query_id: /^.+$/s,
  file_id: /^.+$/s,
}

export type LimitOptions = { allowLocalLinks: boolean }

/**
 * The documented limits that do not need the state of a chat; lengths of texts are checked after parsing, see assertTextLength.
 * @throws Refusal 400 of kind `limit`
 */
export function assertLimits(method: string, parameters: Parameters, options: LimitOptions): void {
  for (const [field, [lowest, highest]] of Object.entries(RANGES)) {
    const value = parameters[field]
    if (typeof value === 'number' && (value < lowest || value > highest)) {
      throw badRequest('limit', `${field} must be between ${lowest} and ${highest}`)
    }
  }
  for (const [field, pattern] of Object.entries(PATTERNS)) {
    const value = parameters[field]
    if (typeof value === 'string' && !pattern.test(value)) throw badRequest('limit', `${field} is invalid`)
  }
  if (parameters['chat_id'] === 0 || parameters['chat_id'] === '') throw badRequest('limit', 'chat_id is empty')
  if (method === 'setMyCommands') assertCommands(parameters['commands'] as { command: string; description: string }[])
  if (parameters['menu_button'] !== undefined) assertMenuButton(parameters['menu_button'] as Button, options)
  if (method === 'answerCallbackQuery') assertTextLength('callbackAnswer', String(parameters['text'] ?? ''))
  if (parameters['reply_markup'] !== undefined) assertMarkup(parameters['reply_markup'] as Markup, options)
  for (const [field, value] of Object.entries(parameters)) if (value instanceof UploadedFile) assertFile(field, value)
}

/** @throws Refusal 400 when a text, already parsed, is too long. */
export function assertTextLength(kind: 'text' | 'caption' | 'callbackAnswer', text: string): void {
  if (text.length <= LIMITS[kind]) return
  const names = { text: 'message is too long', caption: 'message caption is too long', callbackAnswer: 'MESSAGE_TOO_LONG' }
  throw badRequest('limit', names[kind])
}

/** @throws Refusal 400 for a file or picture Telegram would not take; `field` is the parameter it came in. */
export function assertFile(field: string, file: UploadedFile): void {
  if (file.bytes.length === 0) throw badRequest('limit', 'file must be non-empty')
  if (file.bytes.length > LIMITS.uploadBytes) throw badRequest('limit', 'file is too big')
  if (field === 'photo') assertPhoto(file)
}

export function assertPhoto(file: UploadedFile): void {
  const size = pictureSize(file.bytes)
  if (size === undefined) throw badRequest('limit', 'IMAGE_PROCESS_FAILED')
  if (file.bytes.length > LIMITS.photoBytes) throw badRequest('limit', 'file is too big for a photo')
  const ratio = Math.max(size.width / size.height, size.height / size.width)
  if (size.width + size.height > LIMITS.photoSides || ratio > LIMITS.photoRatio)
    throw badRequest('limit', 'PHOTO_INVALID_DIMENSIONS')
}

function assertCommands(commands: { command: string; description: string }[]): void {
  if (commands.length > LIMITS.commands) throw badRequest('limit', 'BOT_COMMANDS_TOO_MUCH')
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/.test(command)) throw badRequest('limit', 'BOT_COMMAND_INVALID')
    const length = description.trim().length
    if (length === 0 || length > LIMITS.commandDescription) throw badRequest('limit', 'BOT_COMMAND_DESCRIPTION_INVALID')
  }
}

type Button = {
  text: string
  callback_data?: string
  url?: string
  web_app?: { url: string }
  copy_text?: { text: string }
}
type Markup = { inline_keyboard?: Button[][]; keyboard?: (Button | string)[][]; input_field_placeholder?: string }

function assertMarkup(markup: Markup, options: LimitOptions): void {
  const rows = markup.inline_keyboard ?? markup.keyboard ?? []
  const tooLarge = Buffer.byteLength(JSON.stringify(markup)) > LIMITS.keyboardBytes
  if (tooLarge || rows.flat().length > LIMITS.buttonsPerKeyboard) throw badRequest('limit', 'REPLY_MARKUP_TOO_LONG')
  const placeholder = markup.input_field_placeholder
  if (placeholder !== undefined && (placeholder.length < 1 || placeholder.length > LIMITS.placeholder)) {
    throw badRequest('limit', 'input_field_placeholder must have 1-64 characters')
  }
  for (const row of rows) {
    if (row.length === 0) throw badRequest('limit', 'a row of the keyboard is empty')
    if (row.length > LIMITS.buttonsPerRow)
      throw badRequest('limit', `a row of the keyboard has more than ${LIMITS.buttonsPerRow} buttons`)
    for (const button of row) assertButton(typeof button === 'string' ? { text: button } : button, options)
  }
}

function assertButton(button: Button, options: LimitOptions): void {
  if (button.text.trim() === '') throw badRequest('limit', "can't parse keyboard button: text must be non-empty")
  if (button.callback_data !== undefined) {
    const bytes = Buffer.byteLength(button.callback_data)
    if (bytes < 1 || bytes > LIMITS.callbackDataBytes) throw badRequest('limit', 'BUTTON_DATA_INVALID')
  }
  if (button.url !== undefined) assertLink(button.url, ['http:', 'https:', 'tg:', 'ton:'], options)
  if (button.web_app !== undefined) assertLink(button.web_app.url, ['https:'], options)
  if (button.copy_text && (button.copy_text.text.length < 1 || button.copy_text.text.length > LIMITS.copyText)) {
    throw badRequest('limit', 'BUTTON_COPY_TEXT_INVALID')
  }
}

function assertMenuButton(button: Partial<Button>, options: LimitOptions): void {
  if (button.text !== undefined && (button.text === '' || button.text.length > LIMITS.menuText))
    throw badRequest('limit', 'BUTTON_INVALID')
  if (button.web_app !== undefined) assertLink(button.web_app.url, ['https:'], options)
}

/** Telegram refuses hosts without a dot, `localhost` among them; a demo on one's own machine may ask to let them pass. */
function assertLink(link: string, protocols: string[], options: LimitOptions): void {
  const refuse = (reason: string) => badRequest('limit', `inline keyboard button URL '${link}' is invalid: ${reason}`)
  const url = URL.parse(link)
  if (url === null || link.length > LIMITS.linkLength) throw refuse('Wrong HTTP URL')
  const local = options.allowLocalLinks && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (!protocols.includes(url.protocol) && !(local && url.protocol === 'http:')) throw refuse('Unsupported URL protocol')
  if (!url.protocol.startsWith('http') || local) return
  if (!url.hostname.includes('.') && isIP(url.hostname) === 0) throw refuse('Wrong HTTP URL')
}
