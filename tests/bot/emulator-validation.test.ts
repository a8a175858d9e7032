import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startEmulator } from '../../bot/emulator/emulator.ts'
import { formatText } from '../../bot/emulator/formatted-text.ts'
import { generateSchema } from '../../bot/emulator/generate-schema.ts'
import { emulatedMethods } from '../../bot/emulator/methods/table.ts'
import { apiSchema, resolveShape, type TypeShape } from '../../bot/emulator/schema.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const keyboard = (button: object) => ({ inline_keyboard: [[button]] })
const message = (extra: object) => ({ chat_id: 1, text: 'x', ...extra })

/** A PNG header is enough: nobody decodes it. */
function png(width: number, height: number): Buffer {
  const bytes = Buffer.from(PIXEL)
  bytes.writeUInt32BE(width, 16)
  bytes.writeUInt32BE(height, 20)
  return bytes
}

test('the committed schema is what the installed typings give', () => {
  assert.equal(JSON.stringify(generateSchema()), JSON.stringify(apiSchema))
})

test('the schema holds the 187 methods of the typings and no name in it leads nowhere', () => {
  assert.equal(Object.keys(apiSchema.methods).length, 187)
  const visit = (shape: TypeShape): void => {
    if (typeof shape === 'string') assert.ok(resolveShape(shape) !== undefined, shape)
    else if (!Array.isArray(shape)) Object.values(shape).forEach(visit)
    else if (shape[0] !== '=') for (const part of shape.slice(1)) visit(part as TypeShape)
  }
  for (const shape of [...Object.values(apiSchema.methods), ...Object.values(apiSchema.types)]) visit(shape)
  for (const method of emulatedMethods) assert.ok(method in apiSchema.methods, method)
})

const BAD_CALLS: [string, string, object, RegExp][] = [
  ['a method nobody knows', 'sendPigeon', {}, /^Not Found/],
  ['no chat', 'sendMessage', { text: 'x' }, /chat_id is empty/],
  ['no text', 'sendMessage', { chat_id: 1 }, /message text is empty/],
  ['a text of spaces', 'sendMessage', { chat_id: 1, text: ' \n ' }, /message text is empty/],
  ['an unknown field', 'sendMessage', message({ colour: 'red' }), /colour is not a known field/],
  [
    'an unknown field inside',
    'sendMessage',
    message({ link_preview_options: { disabled: true } }),
    /link_preview_options\.disabled is not/,
  ],
  ['a wrong type', 'sendMessage', message({ disable_notification: 'yes' }), /disable_notification must be/],
  ['a fraction', 'editMessageText', message({ message_id: 1.5 }), /whole number/],
  ['a wrong word', 'sendChatAction', { chat_id: 1, action: 'thinking' }, /action must be one of/],
  ['a list in place of an object', 'sendMessage', message({ reply_markup: [] }), /must be an object/],
  [
    'a flat keyboard',
    'sendMessage',
    message({ reply_markup: { inline_keyboard: [{ text: 'a', callback_data: 'b' }] } }),
    /must be a list/,
  ],
  [
    'a button with two meanings',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', callback_data: 'b', url: 'https://a.ru' }) }),
    /known field/,
  ],
  ['a button without meaning', 'sendMessage', message({ reply_markup: keyboard({ text: 'a' }) }), /is required/],
  [
    'a button without text',
    'sendMessage',
    message({ reply_markup: keyboard({ text: ' ', callback_data: 'b' }) }),
    /text must be non-empty/,
  ],
  [
    '80 bytes of callback data',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', callback_data: 'ж'.repeat(40) }) }),
    /BUTTON_DATA_INVALID/,
  ],
  [
    'no callback data',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', callback_data: '' }) }),
    /BUTTON_DATA_INVALID/,
  ],
  [
    'a link to nowhere',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', url: 'http://localhost:8080/' }) }),
    /Wrong HTTP URL/,
  ],
  ['a link that is none', 'sendMessage', message({ reply_markup: keyboard({ text: 'a', url: 'нет' }) }), /Wrong HTTP URL/],
  [
    'a script as link',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', url: 'javascript:alert(1)' }) }),
    /Unsupported URL protocol/,
  ],
  [
    'a web app without TLS',
    'sendMessage',
    message({ reply_markup: keyboard({ text: 'a', web_app: { url: 'http://a.ru' } }) }),
    /Unsupported URL/,
  ],
  [
    'nine buttons in a row',
    'sendMessage',
    message({ reply_markup: { inline_keyboard: [Array(9).fill({ text: 'a', callback_data: 'b' })] } }),
    /more than 8/,
  ],
  ['an empty row', 'sendMessage', message({ reply_markup: { inline_keyboard: [[]] } }), /row of the keyboard is empty/],
  [
    '101 buttons',
    'sendMessage',
    message({ reply_markup: { inline_keyboard: Array(101).fill([{ text: 'a', callback_data: 'b' }]) } }),
    /TOO_LONG/,
  ],
  ['4097 characters', 'sendMessage', message({ text: 'я'.repeat(4097) }), /message is too long/],
  ['201 characters of answer', 'answerCallbackQuery', { callback_query_id: '1', text: 'я'.repeat(201) }, /MESSAGE_TOO_LONG/],
  ['an answer to no press', 'answerCallbackQuery', { callback_query_id: '1' }, /query is too old/],
  [
    'markup both ways',
    'sendMessage',
    message({ parse_mode: 'HTML', entities: [{ type: 'bold', offset: 0, length: 1 }] }),
    /exclude/,
  ],
  [
    'an entity outside the text',
    'sendMessage',
    message({ entities: [{ type: 'bold', offset: 0, length: 2 }] }),
    /outside the text/,
  ],
  ['a Cyrillic command', 'setMyCommands', { commands: [{ command: 'сделки', description: 'x' }] }, /BOT_COMMAND_INVALID/],
  ['a command without words', 'setMyCommands', { commands: [{ command: 'a', description: '' }] }, /DESCRIPTION_INVALID/],
  ['an unknown language', 'setMyCommands', { commands: [], language_code: 'xx' }, /language_code must be/],
  ['101 updates at once', 'getUpdates', { limit: 101 }, /limit must be between/],
  ['a secret with spaces', 'setWebhook', { url: '', secret_token: 'a b' }, /secret_token is invalid/],
  ['an edit of nothing', 'editMessageText', { text: 'x' }, /message identifier is not specified/],
  ['a picture from an address', 'sendPhoto', { chat_id: 1, photo: 'https://example.com/a.png' }, /does not fetch/],
]

test('calls known to be bad are refused in the envelope of Telegram and recorded', async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  emulator.user(1)
  for (const [name, method, parameters, reason] of BAD_CALLS) {
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    })
    const answer = (await response.json()) as { ok: boolean; error_code: number; description: string }
    assert.equal(answer.ok, false, name)
    assert.equal(answer.error_code, response.status, name)
    assert.match(answer.description, reason, name)
    assert.equal(emulator.violations.at(-1)?.error, answer.description, name)
  }
  assert.equal(emulator.violations.length, BAD_CALLS.length)
  assert.equal(emulator.user(1).chat.messages().length, 0)
})

test('pictures too large, too narrow or no pictures at all, and captions too long are refused', async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  emulator.user(1)
  const send = async (photo: Buffer, caption = '') => {
    const form = new FormData()
    form.set('chat_id', '1')
    form.set('caption', caption)
    form.set('photo', new Blob([new Uint8Array(photo)]), 'a.png')
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendPhoto`, { method: 'POST', body: form })
    return ((await response.json()) as { description?: string }).description
  }
  assert.match((await send(png(9000, 1001)))!, /PHOTO_INVALID_DIMENSIONS/)
  assert.match((await send(png(2100, 100)))!, /PHOTO_INVALID_DIMENSIONS/)
  assert.match((await send(Buffer.from('not a picture, only a long enough text')))!, /IMAGE_PROCESS_FAILED/)
  assert.match((await send(Buffer.alloc(0)))!, /non-empty/)
  assert.match((await send(png(1080, 1350), 'я'.repeat(1025)))!, /caption is too long/)
  assert.equal(await send(png(1080, 1350), 'я'.repeat(1024)), undefined)
})

test('in a form an object is a JSON text, and the keyboard arrives', async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  const user = emulator.user(1)
  const form = new FormData()
  form.set('chat_id', '1')
  form.set('disable_notification', 'true')
  form.set('document', new Blob(['a']), 'Счёт №5.pdf')
  form.set('reply_markup', JSON.stringify(keyboard({ text: 'Согласовать', callback_data: 'ok' })))
  const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendDocument`, { method: 'POST', body: form })
  assert.equal(response.status, 200)
  assert.equal(user.chat.dump(), '#1 bot (silent)\n<file Счёт №5.pdf>\n[Согласовать]\n')
})

test('a file name that breaks out of its header and an upload nobody mentions are refused', async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  emulator.user(1)
  const post = async (parts: string[]) => {
    const body = `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendDocument`, { method: 'POST', headers, body })
    return ((await response.json()) as { description?: string }).description
  }
  const chat = 'Content-Disposition: form-data; name="chat_id"\r\n\r\n1'
  const file = (name: string, field = 'document') =>
    `Content-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\nabc`
  assert.equal(await post([chat, file('a.txt')]), undefined)
  assert.match((await post([chat, file('a"; name="chat_id"\r\nX-Evil: 1')]))!, /Content-Disposition|multipart header/)
  assert.match((await post([chat, chat, file('a.txt')]))!, /given twice/)
  assert.match((await post([chat, file('a.txt'), file('b.txt', 'extra')]))!, /extra is not a known field/)
})

const BROKEN_HTML: [string, string][] = [
  ['<b>открыт', 'Can\'t find end tag corresponding to start tag "b"'],
  ['a < b', 'Unsupported start tag "" at byte offset 2'],
  ['я<x>y</x>', 'Unsupported start tag "x" at byte offset 2'],
  ['<b>a</i>', 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
  ['a</b>', 'Unexpected end tag at byte offset 1'],
  ['<a href="x', 'Unclosed start tag "a" at byte offset 0'],
  ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
]

test('broken HTML is refused with the words of Telegram', () => {
  for (const [html, reason] of BROKEN_HTML) {
    assert.throws(() => formatText(html, 'HTML'), { message: `Bad Request: can't parse entities: ${reason}`, code: 400 })
  }
})

test('HTML becomes a text with entities in UTF-16 units, without the white space at its ends', () => {
  assert.deepEqual(
    formatText(' <b>Вектор 🏢 <i>КП</i></b> &lt;5&#x202F;% &amp; <a href="https://a.ru/?x=1&amp;y=2">тут</a>\n', 'HTML'),
    {
      text: 'Вектор 🏢 КП <5\u202f% & тут',
      entities: [
        { type: 'bold', offset: 0, length: 12 },
        { type: 'italic', offset: 10, length: 2 },
        { type: 'text_link', url: 'https://a.ru/?x=1&y=2', offset: 20, length: 3 },
      ],
    },
  )
  assert.deepEqual(formatText('<pre><code class="language-ts">let a</code></pre>', 'HTML').entities, [
    { type: 'pre', offset: 0, length: 5, language: 'ts' },
  ])
  assert.deepEqual(formatText('/deal 5 см. https://a.ru/b.', undefined).entities, [
    { type: 'bot_command', offset: 0, length: 5 },
    { type: 'url', offset: 12, length: 14 },
  ])
})

test('any text that is escaped comes out as it was, and any markup is parsed or refused with a reason', () => {
  const pieces = fc.constantFrom(
    '<b>',
    '</b>',
    '<i',
    '>',
    '</',
    '<a href="',
    '"',
    '&',
    ';',
    '&lt;',
    '&#1',
    '🏢',
    'я',
    ' ',
    '\n',
    '<pre>',
    '</pre>',
    '<code>',
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      assert.equal(formatText(escaped, 'HTML').text, text.trim())
    }),
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      try {
        const { text, entities } = formatText(parts.join(''), 'HTML')
        for (const { offset, length } of entities) assert.ok(offset >= 0 && length > 0 && offset + length <= text.length)
      } catch (error) {
        assert.match((error as Error).message, /^Bad Request: can't parse entities: /)
      }
    }),
    { numRuns: 1000 },
  )
})

test('the length of a text counts after parsing', async (t) => {
  const emulator = await startEmulator()
  t.after(() => emulator.close())
  const chat = emulator.user(1).chat
  const query = new URLSearchParams({ chat_id: '1', parse_mode: 'HTML', text: `<b>${'я'.repeat(4096)}</b>` })
  await fetch(`${emulator.apiRoot}/bot${emulator.token}/SENDMESSAGE`, { method: 'POST', body: query })
  assert.equal(chat.last().message.text?.length, 4096)
})
