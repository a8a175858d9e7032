import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PDFDocument } from 'pdf-lib'
import { funnelPdf } from '../../api/reports/funnel-pdf.ts'
import { formatDays, formatInteger, formatMoneyShort, formatShare } from '../../shared/messages/format.ts'
import { cohortOf, reportOf, snapshotOf } from './fixture.ts'
import { countInk, readPdfInfo, readPdfText, renderPage, skipWithout } from './tools.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const longNames = Array.from(
  { length: 14 },
  (_, index) => `Согласование условий с юридическим отделом и безопасностью, очередь ${index + 1}`,
)

for (const locale of ['ru', 'en'] as const) {
  test(`the figures of the printed table are the view's (${locale})`, async (context) => {
    if (skipWithout(context, 'pdftotext')) return
    const report = reportOf(locale)
    const funnel = cohortOf(locale)
    const text = await readPdfText(await funnelPdf(report))
    const lines = text.split('\n')
    funnel.layers.forEach((layer, index) => {
      const line = lines.find((one) => one.trim().startsWith(`${index + 1}. ${layer.status.name}`))
      assert.ok(line, `no row of ${layer.status.name}`)
      const { reached, passed, open, finished, lost, amountMinor, conversion, time } = layer
      const count = (value: number) => plain(formatInteger(value, locale))
      const money = plain(formatMoneyShort(amountMinor.reached, 'RUB', locale))
      const expected = [count(reached), money, count(passed), count(open), count(finished), count(lost)]
      expected.push(plain(formatShare(conversion.resolved, locale)))
      if (time.medianHours !== null)
        expected.push(`${formatDays(time.medianHours, locale)} (${formatDays(time.baselineMedianHours, locale)})`)
      let from = line.indexOf(layer.status.name) + layer.status.name.length
      for (const figure of expected) {
        const found = line.indexOf(figure, from)
        assert.ok(found >= 0, `${figure} is not in «${line}»`)
        from = found + figure.length
      }
    })
    const flat = text.replace(/\s+/g, ' ')
    for (const words of plain(funnel.sentence).split(': ')) assert.ok(flat.includes(words), words)
    assert.ok(flat.includes('https://crm.example.ru/funnel?from=2026-01-01&to=2026-11-14'))
  })
}

test('the page says its slice, its moment with the zone, since when there is history, and for whom it was made', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const funnel = cohortOf('ru')
  const types = ['Продажа', 'Сервис', 'Проект', 'Поддержка', 'Аренда', 'Поставка', 'Ремонт', 'Обучение'].map((name, id) => ({
    id,
    name,
  }))
  const sliced = { ...funnel, slice: { ...funnel.slice, types, strict: true, attribution: 'event' as const } }
  const text = (await readPdfText(await funnelPdf(reportOf('ru', { funnel: sliced })))).replace(/\s+/g, ' ')
  for (const words of [
    '1 янв – 13 ноя 2026',
    'типы: Продажа, Сервис, Проект, Поддержка, Аренда, Поставка и ещё 2',
    'все клиенты',
    'строго',
    'Данные на 13 ноя 2026, 09:12 (МСК)',
    'история с 2 сен 2024',
    'Елена Власова',
    'АО «Волга-Пак», отдел продаж',
    'Стр. 1 из 1',
    '+ 12 начали здесь',
    '% = прошли из решённых',
    'Предложение — 4',
  ]) {
    assert.ok(text.includes(words), words)
  }
})

test('a snapshot has columns of its own and divides nothing', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const funnel = snapshotOf('ru')
  const text = (await readPdfText(await funnelPdf(reportOf('ru', { funnel })))).replace(/\s+/g, ' ')
  for (const words of [
    '4. Переговоры 130 11,2 млн ₽ 5,59 млн ₽ 17 10',
    'Всего сделок 588 50,6 млн ₽ 25,3 млн ₽ 24',
    '656 на 51,0 млн ₽',
  ]) {
    assert.ok(text.includes(words), words)
  }
  assert.ok(!text.includes('%'), text)
})

test('eight statuses take one A4 page, which names its title, language and author', async (context) => {
  if (skipWithout(context, 'pdfinfo')) return
  const bytes = await funnelPdf(reportOf('ru'))
  const info = await readPdfInfo(bytes)
  assert.match(info, /Pages:\s+1\n/)
  assert.match(info, /Page size:.*A4/)
  assert.match(info, /Title:\s+Воронка сделок/)
  assert.match(info, /Author:.*Елена Власова/)
  assert.equal((await PDFDocument.load(bytes)).getLanguage(), 'ru')
})

test('fourteen statuses with long names go to further pages, whole, inside the margins', async (context) => {
  if (skipWithout(context, 'pdftoppm')) return
  const bytes = await funnelPdf(reportOf('ru', { funnel: cohortOf('ru', longNames) }))
  const pages = (await PDFDocument.load(bytes)).getPageCount()
  assert.ok(pages >= 2 && pages <= 4, `${pages} pages`)
  const text = (await readPdfText(bytes)).replace(/\s+/g, ' ')
  for (let number = 1; number <= 14; number++) assert.ok(text.includes(`${number}. Согласование`), `row ${number}`)
  assert.ok(text.includes(`Стр. ${pages} из ${pages}`))
  for (let page = 1; page <= pages; page++) {
    const grey = await renderPage(bytes, page)
    const { width, height } = grey
    assert.equal(countInk(grey, { x: 0, y: 0, w: 50, h: height }, 250), 0, 'left margin')
    assert.equal(countInk(grey, { x: 745, y: 0, w: width - 745, h: height }, 250), 0, 'right margin')
    assert.equal(countInk(grey, { x: 0, y: 1041, w: width, h: 9 }, 250), 0, 'above the footer')
  }
})

test('Cyrillic words have ink: every letter is drawn, none is blank', async (context) => {
  if (skipWithout(context, 'pdftoppm')) return
  const letters = [...'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя₽→▲▼≈№«»']
  const draw = async (name: string) => renderPage(await funnelPdf(reportOf('ru', { organizationName: name, preparedBy: '' })))
  // The organisation's name stands at the top right, alone on white: one letter between two marks.
  const inkOf = async (name: string) => countInk(await draw(name), { x: 400, y: 48, w: 345, h: 24 })
  const bare = await inkOf('||')
  for (let from = 0; from < letters.length; from += 6) {
    const group = letters.slice(from, from + 6)
    assert.ok((await inkOf(`|${group.join('')}|`)) > bare + group.length * 4, group.join(''))
  }
})

test('in greyscale the parts of a bar stay apart: solid, pale, hatched', async (context) => {
  if (skipWithout(context, 'pdftoppm')) return
  const grey = await renderPage(await funnelPdf(reportOf('ru')))
  // The first bar: the first dark band of some height, so that the frame above it is not taken for it.
  const isDark = (y: number) => Array.from({ length: 200 }, (_, x) => grey.at(190 + x, y)).every((value) => value < 170)
  const row = Array.from({ length: 300 }, (_, index) => 200 + index).find((y) => isDark(y) && isDark(y + 8))!
  const y = row + 11
  const mean = (from: number, to: number) => {
    const values = Array.from({ length: to - from }, (_, x) => grey.at(from + x, y))
    return {
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      spread: Math.max(...values) - Math.min(...values),
    }
  }
  const barX = 52 + 132
  const scale = 402 / 1284
  const end = (count: number) => Math.round(barX + count * scale)
  const solid = mean(barX + 4, end(967) - 4)
  const pale = mean(end(967) + 5, end(967 + 96) - 5)
  const hatched = mean(end(967 + 96) + 6, end(1284) - 4)
  assert.ok(solid.spread < 12 && pale.spread < 12, 'flat parts')
  assert.ok(pale.mean - solid.mean > 60, `${solid.mean} and ${pale.mean}`)
  assert.ok(hatched.spread > 80, 'hatch')
})

test('an empty funnel says so and is still a page', async (context) => {
  if (skipWithout(context, 'pdftotext')) return
  const text = await readPdfText(await funnelPdf(reportOf('ru', { funnel: cohortOf('ru', []) })))
  assert.ok(text.includes('сделок нет'), text)
})

test('whatever things are called, a page is made', async () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.constant('Ж'.repeat(20_000)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(name, { maxLength: 20 }), name, name, async (names, organizationName, preparedBy) => {
      const bytes = await funnelPdf(
        reportOf('ru', { funnel: cohortOf('ru', names), organizationName, preparedBy, deepLink: organizationName }),
      )
      assert.equal(Buffer.from(bytes.subarray(0, 5)).toString(), '%PDF-')
    }),
    { numRuns: 12 },
  )
})
