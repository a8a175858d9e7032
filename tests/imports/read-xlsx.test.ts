import assert from 'node:assert/strict'
import { test } from 'node:test'
import Excel from 'exceljs'
import fc from 'fast-check'
import { TableError } from '../../api/imports/table-error.ts'
import { dateStyleOf } from '../../api/imports/xlsx-workbook.ts'
import { fileOf, freshPath, readAll, refusalOf, rowXml, sheetXml, workbookOf, workbookParts, zipOf } from './table-files.ts'

const HEAD = rowXml(1, 'Имя', 'Сумма')
const TWO = `${HEAD}${rowXml(2, 'Иван', '<c r="B2"><v>5</v></c>')}`

test('a workbook written by a real library is read with its types', async () => {
  const book = new Excel.Workbook()
  const sheet = book.addWorksheet('Сделки')
  sheet.addRow(['Название', 'Сумма', 'Дата', 'Время', 'Да', 'Формула', 'Богатый', 'Ссылка'])
  const rich = { richText: [{ text: 'жир' }, { font: { bold: true }, text: 'но' }] }
  const link = { text: 'сайт', hyperlink: 'https://example.com' }
  const formula = { formula: 'B2*2', result: 2469 }
  sheet.addRow([
    'ООО «Ромашка» & Ко <1>',
    1234.5,
    new Date(Date.UTC(2016, 9, 20)),
    new Date(Date.UTC(2016, 9, 20, 13, 45, 7)),
    true,
    formula,
    rich,
    link,
  ])
  sheet.getCell('C2').numFmt = 'dd.mm.yyyy'
  sheet.getCell('D2').numFmt = 'dd.mm.yyyy hh:mm:ss'
  const path = freshPath('book.xlsx')
  await book.xlsx.writeFile(path)
  const table = await readAll(path)
  assert.deepEqual([table.format, table.sheet, table.sheets], ['xlsx', 'Сделки', [{ name: 'Сделки', hidden: false }]])
  assert.equal(table.header.join(), 'Название,Сумма,Дата,Время,Да,Формула,Богатый,Ссылка')
  assert.deepEqual(table.cells, [
    ['ООО «Ромашка» & Ко <1>', 1234.5, '2016-10-20', '2016-10-20T13:45:07', true, 2469, 'жирно', 'сайт'],
  ])
  assert.deepEqual(table.rows[0]!.problem, null)
})

test('a workbook written as a stream, with shared strings or without, is read the same', async () => {
  for (const useSharedStrings of [true, false]) {
    const filename = freshPath('stream.xlsx')
    const writer = new Excel.stream.xlsx.WorkbookWriter({ filename, useSharedStrings, useStyles: true })
    const sheet = writer.addWorksheet('Данные')
    sheet.addRow(['имя', 'сумма']).commit()
    for (let row = 0; row < 5_000; row++) sheet.addRow([`Клиент № ${row}`, row / 4]).commit()
    sheet.commit()
    await writer.commit()
    const { cells } = await readAll(filename)
    assert.deepEqual([cells.length, cells[0], cells[4_999]], [5_000, ['Клиент № 0', 0], ['Клиент № 4999', 1249.75]])
  }
})

test('a formula gives its saved result and is never run; one without a result, and an error, are problems of the row', async () => {
  const rows = [
    rowXml(2, 'Иван', '<c r="B2" t="str"><f>CONCAT("=","1")</f><v>=1</v></c>'),
    rowXml(3, 'Пётр', '<c r="B3"><f>1+1</f></c>'),
    rowXml(4, 'Анна', '<c r="B4" t="e"><f>A1/0</f><v>#DIV/0!</v></c>'),
    rowXml(5, 'Яна', '<c r="B5" t="e"><v>#REF!</v></c>'),
    rowXml(6, 'Ева', '<c r="B6"><f>7</f><v>7</v></c>'),
  ]
  const { rows: read } = await readAll(await workbookOf({ sheets: [{ name: 'A', xml: HEAD + rows.join('') }] }))
  assert.deepEqual(
    read.map(({ rowNumber, cells, problem }) => [rowNumber, cells[1] ?? null, problem]),
    [
      [2, '=1', null],
      [3, null, { code: 'row_formula_without_value', details: { column: 2 } }],
      [4, '#DIV/0!', { code: 'row_cell_error', details: { column: 2, error: '#DIV/0!' } }],
      [5, '#REF!', { code: 'row_cell_error', details: { column: 2, error: '#REF!' } }],
      [6, 7, null],
    ],
  )
})

test('dates follow the system of the workbook and the format of the cell', async () => {
  const formats = ['dd.mm.yyyy', 'h:mm', '[h]:mm', '#,##0.00 &quot;дней&quot;', 'yyyy-mm-dd hh:mm']
  const cells = (row: number, value: string) =>
    [1, 2, 3, 4, 5].map((style, i) => `<c r="${'BCDEF'[i]}${row}" s="${style}"><v>${value}</v></c>`)
  const head = rowXml(1, 'имя', 'день', 'время', 'длительность', 'число', 'момент')
  const xml = `${head}${rowXml(2, 'а', ...cells(2, '42663.5'))}${rowXml(3, 'б', ...cells(3, '0.75'))}${rowXml(4, 'в', '<c r="B4" s="1"><v>-5</v></c>')}`
  const book = { sheets: [{ name: 'A', xml }], formats }
  const { rows } = await readAll(await workbookOf(book))
  assert.deepEqual(rows[0]!.cells, ['а', '2016-10-20T12:00:00', '2016-10-20T12:00:00', 42663.5, 42663.5, '2016-10-20T12:00:00'])
  assert.deepEqual(rows[1]!.cells.slice(2, 4), ['18:00:00', 0.75])
  assert.equal(rows[2]!.problem?.code, 'row_date_impossible')
  const since1904 = await readAll(await workbookOf({ ...book, date1904: true }))
  assert.equal(since1904.rows[0]!.cells[1], '2020-10-21T12:00:00')
})

test('number formats are told apart as Excel tells them', () => {
  const table: [number, string | undefined, string | null][] = [
    [14, undefined, 'day'],
    [22, undefined, 'moment'],
    [20, undefined, 'time'],
    [46, undefined, null],
    [0, undefined, null],
    [4, undefined, null],
    [164, '[$-419]d mmmm yyyy;@', 'day'],
    [164, '[$-F400]h:mm:ss AM/PM', 'time'],
    [164, 'mmm', 'day'],
    [164, 'mm:ss', 'time'],
    [164, '#,##0 "дн. mmm"', null],
    [164, '#,##0\\ [$₽-419]', null],
    [164, '[Red]0.00;[Blue]-0.00', null],
    [164, 'General', null],
    [164, '0.00E+00', null],
    [164, '_-* #,##0_р_._-', null],
  ]
  for (const [id, code, style] of table) assert.equal(dateStyleOf(id, code), style, code ?? String(id))
})

test('shared strings keep their rich parts and lose phonetic hints and control characters', async () => {
  const sharedStrings =
    '<si><t>Имя</t></si><si><r><t>Ро</t></r><r><t xml:space="preserve">машка </t></r><rPh sb="0" eb="1"><t>хинт</t></rPh></si><si><t>a_x000D__x0000_b&#x1F600;&#0;&lt;</t></si>'
  const xml = '<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c></row>'
  const table = await readAll(await workbookOf({ sheets: [{ name: 'A', xml }], sharedStrings }))
  assert.deepEqual(table.cells, [['Ромашка '], ['a\rb😀\ufffd<']])
  const broken = await workbookOf({ sheets: [{ name: 'A', xml: `${HEAD}<row r="2"><c t="s"><v>7</v></c></row>` }] })
  assert.equal((await refusalOf(broken))[0], 'table_damaged')
})

test('hidden sheets are noticed but not read by themselves; a sheet may be named', async () => {
  const sheets = [
    { name: 'Скрытый', state: 'veryHidden', xml: `${HEAD}${rowXml(2, 'тайна', '1')}` },
    { name: 'Обложка', xml: rowXml(1, 'Отчёт') },
    { name: 'Данные', xml: TWO },
  ]
  const path = await workbookOf({ sheets })
  const table = await readAll(path)
  assert.equal(table.sheet, 'Данные')
  assert.deepEqual(
    table.sheets.map(({ name, hidden }) => [name, hidden]),
    [
      ['Скрытый', true],
      ['Обложка', false],
      ['Данные', false],
    ],
  )
  assert.equal((await readAll(path, { sheet: 'Скрытый' })).cells[0]![0], 'тайна')
  assert.deepEqual(await refusalOf(path, { sheet: 'Нет' }), [
    'table_sheet_unknown',
    { sheet: 'Нет', sheets: ['Скрытый', 'Обложка', 'Данные'] },
  ])
  assert.equal((await refusalOf(path, { sheet: 'Обложка' }))[0], 'table_no_rows')
})

test('a table may begin anywhere on its sheet, and short rows are filled', async () => {
  const at = (reference: string, text: string) => `<c r="${reference}" t="inlineStr"><is><t>${text}</t></is></c>`
  const xml = `<row r="3">${at('C3', 'Имя')}${at('D3', 'Город')}</row><row r="5">${at('C5', 'Иван')}</row><row r="6">${at('C6', 'Яна')}${at('F6', 'заметка')}</row>`
  const table = await readAll(await workbookOf({ sheets: [{ name: 'A', xml }] }))
  assert.deepEqual([table.header, table.headerRow], [['Имя', 'Город'], 3])
  assert.deepEqual([table.rows[0]!.rowNumber, table.cells[0]], [5, ['Иван', '']])
  assert.equal(table.rows[1]!.problem?.code, 'row_too_many_cells')
  const twice = await workbookOf({ sheets: [{ name: 'A', xml: `${rowXml(1, 'a', 'a')}${rowXml(2, '1', '2')}` }] })
  assert.deepEqual(await refusalOf(twice), ['table_header_duplicate', { name: 'a', columns: ['A', 'B'] }])
})

test('a zip bomb is refused by its directory before anything is unpacked', async () => {
  const zeros = function* (megabytes: number) {
    for (let i = 0; i < megabytes; i++) yield Buffer.alloc(1_000_000)
  }
  const media = await workbookOf({
    sheets: [{ name: 'A', xml: TWO }],
    more: [{ name: 'xl/media/image1.png', content: zeros(800) }],
  })
  const [code, details] = await refusalOf(media)
  assert.equal(code, 'table_zip_bomb')
  assert.ok(Number(details['ratio']) > 500)
  const parts = workbookParts({ sheets: [{ name: 'A', xml: TWO }], more: [{ name: 'xl/media/a.png', content: zeros(2) }] })
  const overlapping = fileOf(await zipOf(parts, { timesListed: 100 }))
  assert.equal((await refusalOf(overlapping))[0], 'table_zip_bomb')
})

test('a part that is larger than the directory says is not unpacked beyond that', async () => {
  const parts = workbookParts({ sheets: [{ name: 'A', xml: TWO }] })
  const liar = parts.map((part) =>
    part.name.endsWith('sheet1.xml')
      ? { ...part, content: `${part.content}${' '.repeat(5_000_000)}`, lie: { uncompressedSize: 2_000 } }
      : part,
  )
  assert.equal((await refusalOf(fileOf(await zipOf(liar))))[0], 'table_zip_bomb')
})

test('archives that are no workbook, are locked, old, broken or reach outside are refused by name', async () => {
  const zip = async (...names: string[]) => fileOf(await zipOf(names.map((name) => ({ name, content: '<x/>' }))))
  const cfb = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(5_000)])
  const locked = Buffer.concat([cfb, Buffer.from('EncryptedPackage', 'utf16le'), Buffer.alloc(100)])
  assert.deepEqual(await refusalOf(fileOf(cfb, 'a.xls')), ['table_old_excel', {}])
  assert.deepEqual(await refusalOf(fileOf(locked, 'a.xlsx')), ['table_encrypted', {}])
  assert.deepEqual(await refusalOf(await zip('word/document.xml')), ['table_not_a_table', { looksLike: 'docx' }])
  assert.deepEqual(await refusalOf(await zip('content.xml')), ['table_not_a_table', { looksLike: 'ods' }])
  assert.deepEqual(await refusalOf(await zip('xl/workbook.bin')), ['table_not_a_table', { looksLike: 'xlsb' }])
  assert.deepEqual(await refusalOf(await zip('sales.csv')), ['table_not_a_table', { looksLike: 'zip' }])
  assert.equal((await refusalOf(await zip('xl/workbook.xml', '../../etc/passwd')))[0], 'table_damaged')
  assert.equal((await refusalOf(await zip('xl/workbook.xml', '/etc/passwd')))[0], 'table_damaged')
  assert.equal((await refusalOf(await zip('xl/workbook.xml')))[0], 'table_damaged')
  const good = await zipOf(workbookParts({ sheets: [{ name: 'A', xml: TWO }] }))
  assert.equal((await refusalOf(fileOf(good.subarray(0, good.length - 60))))[0], 'table_damaged')
  assert.equal((await refusalOf(fileOf(good.subarray(0, 200))))[0], 'table_damaged')
  const flagged = workbookParts({ sheets: [{ name: 'A', xml: TWO }] }).map((part) => ({ ...part, lie: { flags: 1 } }))
  assert.deepEqual(await refusalOf(fileOf(await zipOf(flagged))), ['table_encrypted', {}])
})

test('macros are left alone: a workbook with them is read like any other', async () => {
  const path = await workbookOf({
    sheets: [{ name: 'A', xml: TWO }],
    more: [{ name: 'xl/vbaProject.bin', content: Buffer.from('d0cf11e0a1b11ae1', 'hex') }],
  })
  assert.deepEqual((await readAll(path)).cells, [['Иван', 5]])
})

test('entities that multiply, endless tags and sheets cut off are refused', async () => {
  const laughs = `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${sheetXml(TWO)}`
  const refusals = [
    laughs,
    `${sheetXml(TWO).slice(0, -30)}`,
    '<worksheet>',
    '',
    sheetXml(TWO).replace('</row>', '</row></row></row></row></row>'),
    `<worksheet><sheetData ${'x'.repeat(200_000)}`,
  ]
  for (const xml of refusals)
    assert.equal(
      (await refusalOf(await workbookOf({ sheets: [{ name: 'A', xml: [Buffer.from(xml)] }] })))[0],
      'table_damaged',
      xml.slice(0, 60),
    )
  const long = await workbookOf({ sheets: [{ name: 'A', xml: `${HEAD}${rowXml(2, 'x'.repeat(2_000_000), '1')}` }] })
  assert.deepEqual(await refusalOf(long), ['table_line_too_long', { line: 2, maxChars: 1_048_576 }])
  const wide = await workbookOf({ sheets: [{ name: 'A', xml: `${HEAD}<row r="2"><c r="XFD2"><v>1</v></c></row>` }] })
  assert.deepEqual(await refusalOf(wide), ['table_too_large', { what: 'columns', max: 1_000 }])
  const rows = await workbookOf({ sheets: [{ name: 'A', xml: TWO + rowXml(3, 'a', 'b') }] })
  assert.deepEqual(await refusalOf(rows, { limits: { maxRows: 1 } }), ['table_too_large', { what: 'rows', max: 1 }])
  const texts = await workbookOf({ sheets: [{ name: 'A', xml: TWO }], sharedStrings: '<si><t>abc</t></si>'.repeat(100) })
  assert.deepEqual(await refusalOf(texts, { limits: { maxSharedBytes: 200 } }), ['table_too_large', { what: 'text', max: 200 }])
})

test('XML is read the same with prefixes, comments, CDATA, other quotes and in UTF-16', async () => {
  const xml = `<?xml version='1.0'?><!-- <row> --><x:worksheet xmlns:x='m'><x:cols><x:col a='>'/></x:cols><x:sheetData><x:row\n r = '1' ><x:c t='inlineStr'><x:is><x:t><![CDATA[<a>&amp;]]>]]&gt;</x:t></x:is></x:c></x:row><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`
  for (const bytes of [Buffer.from(xml), Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, 'utf16le')])]) {
    const table = await readAll(await workbookOf({ sheets: [{ name: 'A', xml: [bytes] }] }))
    assert.deepEqual([table.header, table.cells], [['<a>&amp;]]>'], [[1]]])
  }
})

test('a damaged workbook never fails otherwise than by a TableError', async () => {
  const parts = workbookParts({ sheets: [{ name: 'A', xml: TWO }], sharedStrings: '<si><t>a</t></si>', formats: ['dd.mm.yy'] })
  const seed = await zipOf(parts)
  const changes = fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
  const inZip = changes.map((list) => {
    const bytes = Buffer.from(seed)
    for (const [at, byte] of list) bytes[at] = byte
    return bytes
  })
  const sheet = Buffer.from(sheetXml(TWO))
  const inXml = fc
    .array(fc.tuple(fc.nat(sheet.length - 1), fc.constantFrom(...'<>"/&; =0x\u0001')), { minLength: 1, maxLength: 4 })
    .map((list) => {
      const bytes = Buffer.from(sheet)
      for (const [at, letter] of list) bytes.write(letter, at)
      return bytes
    })
  const attempt = async (bytes: Buffer) => {
    try {
      await readAll(fileOf(bytes))
    } catch (error) {
      assert.ok(error instanceof TableError, String((error as Error).stack))
    }
  }
  await fc.assert(fc.asyncProperty(inZip, attempt), { numRuns: 150 })
  const withSheet = (content: Buffer) =>
    zipOf(parts.map((part) => (part.name.endsWith('sheet1.xml') ? { ...part, content } : part)))
  await fc.assert(
    fc.asyncProperty(inXml, async (bytes) => attempt(await withSheet(bytes))),
    { numRuns: 150 },
  )
})
