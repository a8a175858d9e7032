import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Markup, Telegraf, type Telegram } from 'telegraf'
import { type Emulator, startEmulator } from '../../bot/emulator/emulator.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

let emulator: Emulator
let bot: Telegraf
let telegram: Telegram

before(async () => {
  emulator = await startEmulator()
  bot = new Telegraf(emulator.token, { telegram: { apiRoot: emulator.apiRoot } })
  telegram = bot.telegram
  bot.command('deals', (context) =>
    context.reply('<b>Мои сделки</b>', {
      parse_mode: 'HTML',
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Договор', callback_data: 'stage:contract' }],
          [{ text: 'Открыть', url: 'https://example.com/1' }],
        ],
      },
    }),
  )
  bot.action('stage:contract', async (context) => {
    await context.editMessageText('Этап: Договор')
    await context.answerCbQuery('Готово')
  })
  void bot.launch()
})

after(async () => {
  bot.stop()
  await emulator.close()
})

test('a command by polling is answered, a press edits the message and is answered once', async () => {
  const anna = emulator.user({ id: 7, first_name: 'Анна' })
  anna.send('/deals')
  await emulator.idle()
  assert.equal(anna.chat.dump(), '#1 Анна\n/deals\n\n#2 bot\nМои сделки\n[Договор]\n[Открыть]\n')
  assert.deepEqual(anna.chat.last().message.entities, [{ type: 'bold', offset: 0, length: 10 }])
  const press = anna.press('Договор')
  await emulator.idle()
  assert.deepEqual(press.answer(), { text: 'Готово', showAlert: false })
  assert.equal(anna.chat.dump(1), '#2 bot (edited)\nЭтап: Договор\n')
  assert.deepEqual(emulator.violations, [])
})

test('a picture and a document with a Cyrillic name arrive with caption and keyboard and can be downloaded', async () => {
  const boris = emulator.user({ id: 8, first_name: 'Борис' })
  const keyboard = { reply_markup: { inline_keyboard: [[{ text: 'Ещё', callback_data: 'more' }]] } }
  await telegram.sendPhoto(8, { source: PIXEL, filename: 'воронка.png' }, { caption: 'Воронка', ...keyboard })
  const sent = await telegram.sendDocument(8, { source: Buffer.from('%PDF-1.7'), filename: 'Отчёт за ноябрь.pdf' }, keyboard)
  assert.equal(sent.document.file_name, 'Отчёт за ноябрь.pdf')
  assert.equal(sent.document.mime_type, 'application/pdf')
  assert.deepEqual(boris.chat.buttons(boris.chat.last()), [['Ещё']])
  assert.match(boris.chat.dump(), /<photo 1×1>\nВоронка\n\[Ещё\]/)
  const link = await telegram.getFileLink(sent.document.file_id)
  assert.equal(await (await fetch(link)).text(), '%PDF-1.7')
  const again = await telegram.sendDocument(8, sent.document.file_id)
  assert.equal(again.document.file_name, 'Отчёт за ноябрь.pdf')
  assert.deepEqual(emulator.violations, [])
})

test('objects beside an upload are lost by the client unless they are written as JSON', async () => {
  const vera = emulator.user({ id: 9 })
  const question = vera.send('Где файл?')
  await emulator.idle()
  const reply_parameters = { message_id: question.message.message_id }
  const file = () => ({ source: Buffer.from('x'), filename: 'x.txt' })
  await telegram.sendDocument(9, file(), { reply_parameters })
  assert.equal(vera.chat.last().message.reply_to_message, undefined)
  await telegram.sendDocument(9, file(), { reply_parameters: JSON.stringify(reply_parameters) as never })
  assert.equal(vera.chat.last().message.reply_to_message?.message_id, question.message.message_id)
})

test('a media group takes its files from the same request', async () => {
  emulator.user({ id: 10 })
  const media = ['one', 'two'].map((name) => ({
    type: 'document' as const,
    media: { source: Buffer.from(name), filename: `${name}.txt` },
  }))
  const sent = await telegram.sendMediaGroup(10, media)
  assert.deepEqual(
    sent.map((message) => ('document' in message ? message.document.file_name : '')),
    ['one.txt', 'two.txt'],
  )
})

test('buttons made by the client carry a field the API does not have', async () => {
  emulator.user({ id: 11 })
  await assert.rejects(
    telegram.sendMessage(11, 'x', Markup.inlineKeyboard([Markup.button.callback('Ещё', 'more')])),
    /reply_markup\.inline_keyboard\[0\]\[0\]\.hide is not a known field/,
  )
})
