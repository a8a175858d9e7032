import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkShape } from '../../bot/emulator/check-shape.ts'
import { type Emulator, startEmulator } from '../../bot/emulator/emulator.ts'
import { apiSchema, isList, isLiteral, isUnion, resolveShape, type TypeShape } from '../../bot/emulator/schema.ts'

type Json = string | number | boolean | Json[] | { [key: string]: Json }
type Mutant = { name: string; value: Json | undefined }

const inline = {
  inline_keyboard: [
    [{ text: 'Договор', callback_data: 'stage:contract', style: 'success' }],
    [{ text: 'Открыть', url: 'https://a.ru/1' }],
  ],
}
const CORPUS: [string, { [key: string]: Json }][] = [
  ['sendMessage', { chat_id: 1, text: '<b>Сделка</b>', parse_mode: 'HTML', reply_markup: inline, disable_notification: true }],
  ['sendMessage', { chat_id: 1, text: 'x', reply_parameters: { message_id: 1 }, link_preview_options: { is_disabled: true } }],
  [
    'sendMessage',
    { chat_id: 1, text: 'Причина?', reply_markup: { force_reply: true, input_field_placeholder: 'Причина', selective: true } },
  ],
  ['sendMessage', { chat_id: 1, text: 'x', reply_markup: { keyboard: [[{ text: 'Отмена' }]], resize_keyboard: true } }],
  ['sendMessage', { chat_id: 1, text: 'ab', entities: [{ type: 'bold', offset: 0, length: 2 }] }],
  ['editMessageText', { chat_id: 1, message_id: 2, text: 'Этап: Договор', reply_markup: inline }],
  ['editMessageReplyMarkup', { chat_id: 1, message_id: 2, reply_markup: inline }],
  ['deleteMessage', { chat_id: 1, message_id: 3 }],
  ['sendChatAction', { chat_id: 1, action: 'upload_document' }],
  ['setMessageReaction', { chat_id: 1, message_id: 1, reaction: [{ type: 'emoji', emoji: '👍' }] }],
  [
    'setMyCommands',
    { commands: [{ command: 'deals', description: 'Мои сделки' }], scope: { type: 'chat', chat_id: 1 }, language_code: 'ru' },
  ],
  ['setChatMenuButton', { chat_id: 1, menu_button: { type: 'web_app', text: 'Воронка', web_app: { url: 'https://a.ru' } } }],
  ['getUpdates', { offset: 1, limit: 10, timeout: 0, allowed_updates: ['message', 'callback_query'] }],
]

test('every call of the corpus is accepted as it stands', async (t) => {
  for (const [method, parameters] of CORPUS) {
    const emulator = await startWithChat(t.after.bind(t))
    const answer = await call(emulator, method, parameters)
    assert.equal(answer.ok, true, `${method}: ${answer.description}`)
  }
})

test('at least 95 % of changed calls are refused', async (t) => {
  const emulator = await startWithChat(t.after.bind(t))
  const survivors: string[] = []
  let tried = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CORPUS),
      fc.nat(),
      fc.string({ minLength: 1, maxLength: 8 }),
      async (entry, pick, noise) => {
        const [method, parameters] = entry
        const mutants = listMutants(apiSchema.methods[method]!, parameters, noise)
        const mutant = mutants[pick % mutants.length]!
        tried += 1
        const answer = await call(emulator, method, mutant.value as object)
        if (answer.ok) survivors.push(`${method}: ${mutant.name}`)
      },
    ),
    { numRuns: 800 },
  )
  assert.ok(survivors.length <= tried * 0.05, `${survivors.length} of ${tried} survived:\n${[...new Set(survivors)].join('\n')}`)
})

async function startWithChat(after: (close: () => Promise<void>) => void): Promise<Emulator> {
  const emulator = await startEmulator()
  after(() => emulator.close())
  emulator.user(1).send('/start')
  for (const text of ['card', 'to delete']) await call(emulator, 'sendMessage', { chat_id: 1, text })
  return emulator
}

async function call(emulator: Emulator, method: string, parameters: object): Promise<{ ok: boolean; description?: string }> {
  const response = await fetch(`${emulator.apiRoot}/bot${emulator.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(parameters),
  })
  return (await response.json()) as { ok: boolean; description?: string }
}

/** Every single change that makes a value another than its type: a field less, a field more, a wrong type, word or length. */
function listMutants(shape: TypeShape, value: Json, noise: string): Mutant[] {
  const resolved = narrow(resolveShape(shape), value)
  if (Array.isArray(value)) {
    const item = isList(resolved) ? resolved[1] : 'string'
    const inside = value.flatMap((part, index) => listMutants(item, part, noise).map((mutant) => within(mutant, index, value)))
    return [{ name: 'list as object', value: { [noise]: 1 } }, ...inside]
  }
  if (typeof value === 'object') return listObjectMutants(resolved as Record<string, TypeShape>, value, noise)
  if (isLiteral(resolved))
    return [
      { name: 'wrong word', value: `${value}${noise}` },
      { name: 'object for word', value: {} },
    ]
  const wrongType: Mutant = { name: `object for ${typeof value}`, value: { [noise]: noise } }
  if (typeof value === 'number')
    return [wrongType, { name: 'fraction', value: value + 0.5 }, { name: 'word', value: `${noise}x` }]
  if (typeof value === 'boolean') return [wrongType, { name: 'number for boolean', value: 1 }]
  return [wrongType, { name: 'list for text', value: [noise] }, { name: 'too long', value: noise.repeat(5000) }]
}

function listObjectMutants(shape: Record<string, TypeShape>, value: { [key: string]: Json }, noise: string): Mutant[] {
  const mutants: Mutant[] = [{ name: 'unknown field', value: { ...value, [`x_${noise}`]: noise } }]
  for (const [field, item] of Object.entries(value)) {
    const required = field in shape
    const { [field]: _, ...rest } = value
    if (required) mutants.push({ name: `without ${field}`, value: rest })
    const fieldShape = shape[field] ?? shape[`${field}?`]!
    for (const mutant of listMutants(fieldShape, item, noise)) {
      mutants.push({ name: `${field}: ${mutant.name}`, value: { ...value, [field]: mutant.value! } })
    }
  }
  return mutants
}

function within(mutant: Mutant, index: number, list: Json[]): Mutant {
  return { name: `[${index}] ${mutant.name}`, value: list.with(index, mutant.value!) }
}

function narrow(shape: TypeShape, value: Json): TypeShape {
  if (!isUnion(shape)) return shape
  const fitting = (shape.slice(1) as TypeShape[]).find((part) => checkShape(part, value, '').length === 0)!
  return narrow(resolveShape(fitting), value)
}
