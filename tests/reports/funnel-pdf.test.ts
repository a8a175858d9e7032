import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PDFDocument } from 'pdf-lib'
import { funnelPdf } from '../../api/reports/funnel-pdf.ts'
import { funnelSvg } from '../../api/reports/funnel-png.ts'
import { funnelTable } from '../../api/reports/funnel-table.ts'
import { moneyColumn } from '../../api/reports/money-column.ts'
import { layoutTable } from '../../api/reports/paint-table.ts'
import { sentenceRuns } from '../../api/reports/report-words.ts'
import { textWidth } from '../../api/reports/surface.ts'
import { formatDays, formatInteger, formatShare } from '../../shared/messages/format.ts'
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
      const money = (amountMinor.reached / 100_000_000).toFixed(2).replace('.', locale === 'ru' ? ',' : '.')
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
    '4. Переговоры 130 11,18 5,59 17 10',
    'Всего сделок 588 50,57 25,28 24',
    '17 сверх срока · обычно стоят 10 дней',
    '656 на 51,0 млн ₽',
  ]) {
    assert.ok(text.includes(words), words)
  }
  assert.ok(!text.includes('%'), text)
})

/** A cohort whose money passes otherwise than its deals do. */
function byAmount() {
  const funnel = cohortOf('ru')
  const layers = funnel.layers.map((layer) => {
    const lost = layer.amountMinor.lost * 2
    const amountMinor = { ...layer.amountMinor, lost, reached: layer.amountMinor.reached + lost / 2 }
    const { passed } = amountMinor
    return {
      ...layer,
      amountMinor,
      conversion: { ...layer.conversion, resolved: passed === 0 ? null : passed / (passed + lost) },
    }
  })
  return reportOf('ru', { by: 'amount', funnel: { ...funnel, layers, slice: { ...funnel.slice, by: 'amount' } } })
}

test('by amount the parts in the table are money, and give the conversion that stands beside them', () => {
  const report = byAmount()
  const { columns, rows, total } = funnelTable(report)
  const titles = columns.map(({ title }) => plain(title))
  const at = (title: string) => titles.indexOf(title)
  const figure = (text: string) => Number(text.replace(/\u00a0/g, '').replace(',', '.'))
  for (const { cells } of rows.slice(0, 7)) {
    const [reached, passed, open, finished, lost] = ['Дошли', 'Прошли', 'Здесь', 'Завершены', 'Проиграны'].map((name) =>
      figure(cells[at(`${name}, млн ₽`)]!.text),
    ) as [number, number, number, number, number]
    assert.equal(cells[at('Конверсия')]!.text, formatShare(passed / (passed + lost), 'ru'))
    assert.ok(Math.abs(reached - passed - open - finished - lost) < 0.03, cells.map(({ text }) => text).join(' '))
  }
  assert.equal(total!.cells.length, titles.length)
  assert.equal(total!.cells[at('Сделок')]!.text, formatInteger(1284, 'ru'))
})

test('by amount the sentence holds the share of its step too, and the bars stand beside their money', async () => {
  const report = byAmount()
  const said = sentenceRuns(report)
    .map(({ text }) => text)
    .join('')
  assert.match(plain(said), /проходят 70 % \(по сумме 54 %\) решённых/)
  const svg = funnelSvg(report).replaceAll('\u00a0', ' ')
  assert.match(svg, /font-weight="600"[^>]*>47,3 млн ₽/)
  assert.ok(svg.includes('→ 54 %') && svg.includes('по сумме'))
  assert.equal(sentenceRuns(reportOf('ru')).length, 2)
  assert.ok(!sentenceRuns(reportOf('ru')).some(({ text }) => text.includes('сумме')))
})

test('columns of a table keep their distance, and no figure in them gets smaller for want of room', () => {
  for (const locale of ['ru', 'en'] as const)
    for (const report of [reportOf(locale), byAmount(), reportOf(locale, { funnel: snapshotOf(locale) })]) {
      const table = funnelTable(report)
      const { widths, gap } = layoutTable(table, 52, 690)
      assert.ok(Math.abs(widths.reduce((sum, w) => sum + w, 0) - 690) < 0.01)
      assert.ok(gap >= 8)
      const all = table.total ? [...table.rows, table.total] : table.rows
      for (const [index, w] of widths.entries()) {
        for (const word of table.columns[index]!.title.split(' '))
          assert.ok(textWidth(word, { size: 11.5, weight: 400 }) <= w - gap + 0.01, `${locale}: ${word}`)
        if (index === 0) continue
        for (const row of all) {
          const { text, aside } = row.cells[index]!
          const full = textWidth(aside ? `${text} ${aside}` : text, { size: 12.5, weight: row.loud ? 600 : 400, tabular: true })
          assert.ok(full <= w - gap + 0.01, `${locale}: ${text}`)
        }
      }
    }
})

test('sums of a table are written in one unit, with the decimals that the smallest needs', () => {
  const say = (amounts: readonly number[], currency = 'RUB') => {
    const column = moneyColumn(amounts, currency, 'ru')
    return [column.title('Сумма'), ...amounts.map(column.say)].map(plain)
  }
  assert.deepEqual(say([229_000_000_000, 1_186_000_000]), ['Сумма, млн ₽', '2 290,0', '11,9'])
  assert.deepEqual(say([1_186_000_000, 3_500_000, 0, 100]), ['Сумма, млн ₽', '11,86', '0,04', '0,00', '<0,01'])
  assert.deepEqual(say([42_000_000, 1_234_500]), ['Сумма, тыс. ₽', '420', '12'])
  assert.deepEqual(say([650_000]), ['Сумма, ₽', '6 500'])
  assert.deepEqual(say([5_000_000], 'JPY'), ['Сумма, млн JPY', '5,00'])
  assert.equal(moneyColumn([null], 'RUB', 'en').say(null), '—')
  assert.equal(moneyColumn([300_000_000], 'RUB', 'en').title('Amount'), 'Amount, ₽M')
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
