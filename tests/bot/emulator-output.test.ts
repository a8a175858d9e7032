import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkShape } from '../../bot/emulator/check-shape.ts'
import { type EmulatorOptions, startEmulator } from '../../bot/emulator/emulator.ts'
import { generateSchema } from '../../bot/emulator/generate-schema.ts'
import { apiSchema } from '../../bot/emulator/schema.ts'

const OUTPUTS = ['Update', 'Message', 'UserFromGetMe', 'WebhookInfo', 'File']
// The committed schema holds what a bot sends; what it gets is read from the same typings for this file.
Object.assign(apiSchema.types, generateSchema(OUTPUTS).types)

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

type Answer = { ok: boolean; result: unknown; description?: string }

async function start(options?: EmulatorOptions) {
  const emulator = await startEmulator(options)
  const call = async (method: string, parameters: object = {}, files: Record<string, Buffer> = {}): Promise<unknown> => {
    const form = new FormData()
    for (const [name, value] of Object.entries(parameters))
      form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
    for (const [name, bytes] of Object.entries(files)) form.set(name, new Blob([new Uint8Array(bytes)]), 'файл.png')
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, { method: 'POST', body: form })
    const answer = (await response.json()) as Answer
    assert.equal(answer.ok, true, answer.description)
    return answer.result
  }
  return { emulator, call }
}

test('every kind of update a person causes fits the typings', async (t) => {
  const { emulator, call } = await start()
  t.after(() => emulator.close())
  const anna = emulator.user({ id: 1, first_name: 'Анна', last_name: 'Петрова', username: 'anna' })
  const group = emulator.group({ id: -1001, title: 'Отдел' })
  await call('getUpdates', {
    allowed_updates: ['message', 'edited_message', 'callback_query', 'message_reaction', 'my_chat_member', 'inline_query'],
  })
  await call('sendMessage', {
    chat_id: 1,
    text: 'Так?',
    reply_markup: { inline_keyboard: [[{ text: 'Да', callback_data: 'yes' }]] },
  })
  const note = anna.send('/start код https://a.ru')
  anna.reply(anna.chat.find('Так?'), 'ответ')
  anna.edit(note, 'исправлено')
  anna.sendDocument('Счёт.pdf', Buffer.from('x'), { caption: 'счёт' })
  anna.sendPhoto(PIXEL)
  anna.sendContact('+70000000000')
  anna.press('Да')
  anna.react(note, '👍')
  anna.inlineQuery('вектор')
  anna.send('/report', { chat: group })
  anna.block()
  anna.unblock()
  const updates = (await call('getUpdates')) as object[]
  assert.equal(updates.length, 12)
  for (const update of updates) assert.deepEqual(checkShape('@Update', update, 'update'), [], JSON.stringify(update))
})

test('what calls answer fits the typings', async (t) => {
  const { emulator, call } = await start()
  t.after(() => emulator.close())
  emulator.user(1).send('вопрос')
  const fits = async (type: string, method: string, parameters: object = {}, files: Record<string, Buffer> = {}) => {
    const result = await call(method, parameters, files)
    assert.deepEqual(checkShape(`@${type}`, result, method), [], JSON.stringify(result))
    return result as { document?: { file_id: string } }
  }
  await fits('UserFromGetMe', 'getMe')
  await fits('WebhookInfo', 'getWebhookInfo')
  await fits('Message', 'sendMessage', {
    chat_id: 1,
    text: '<b>a</b> @anna_p',
    parse_mode: 'HTML',
    reply_parameters: { message_id: 1 },
    protect_content: true,
  })
  await fits('Message', 'editMessageText', { chat_id: 1, message_id: 2, text: 'b' })
  await fits('Message', 'sendPhoto', { chat_id: 1, caption: '<i>x</i>', parse_mode: 'HTML' }, { photo: PIXEL })
  await fits('Message', 'sendAnimation', { chat_id: 1 }, { animation: PIXEL })
  await fits('Message', 'forwardMessage', { chat_id: 1, from_chat_id: 1, message_id: 2 })
  const sent = await fits('Message', 'sendDocument', { chat_id: 1 }, { document: PIXEL })
  await fits('File', 'getFile', { file_id: sent.document!.file_id })
})

test('after a restart with another first number nothing has a number used before', async (t) => {
  const { emulator, call } = await start({ firstId: 1_790_000_000 })
  t.after(() => emulator.close())
  const sent = emulator.user(1).send('x')
  assert.equal(sent.message.message_id, 1_790_000_001)
  const [update] = (await call('getUpdates')) as { update_id: number }[]
  assert.ok(update!.update_id > 1_790_000_000)
  await call('sendMessage', { chat_id: 1, text: 'y', reply_parameters: { message_id: sent.message.message_id } })
})

test('names every object has are not fields, tags or references', async (t) => {
  const { emulator } = await start()
  t.after(() => emulator.close())
  emulator.user(1)
  const post = async (parameters: string) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/sendMessage`, {
      method: 'POST',
      headers,
      body: parameters,
    })
    return ((await response.json()) as Answer).description
  }
  assert.match((await post('{"chat_id":1,"text":"x","constructor":1}'))!, /constructor is not a known field/)
  assert.match((await post('{"chat_id":1,"text":"x","toString":"1"}'))!, /toString is not a known field/)
  assert.match((await post('{"chat_id":1,"text":"<constructor>","parse_mode":"HTML"}'))!, /Unsupported start tag "constructor"/)
  assert.equal(await post('{"chat_id":1,"text":"&constructor;","parse_mode":"HTML"}'), undefined)
  assert.equal(emulator.user(1).chat.last().message.text, '&constructor;')
})
