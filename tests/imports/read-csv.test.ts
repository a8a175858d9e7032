import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { encodingChoices } from '../../api/imports/detect-encoding.ts'
import { openTable } from '../../api/imports/read-table.ts'
import { createCsvSplitter } from '../../api/imports/split-csv.ts'
import { TableError } from '../../api/imports/table-error.ts'
import { fileOf, readAll, refusalOf } from './table-files.ts'

const RUSSIAN = 'Название;Сумма;Дата\nООО "Ромашка";1 200,50;01.02.2020\nИП Щукин;300;02.02.2020\n'

test('the encoding of a Russian file is found, whichever of the usual ones it is', async () => {
  for (const encoding of ['UTF-8', 'windows-1251', 'KOI8-R', 'IBM866', 'UTF-16LE', 'UTF-16BE']) {
    for (const addBOM of encoding.startsWith('UTF') ? [true, false] : [false]) {
      const table = await readAll(fileOf(iconv.encode(RUSSIAN, encoding, { addBOM })))
      assert.equal(table.encoding, encoding)
      assert.equal(table.separator, ';')
      assert.deepEqual(table.header, ['Название', 'Сумма', 'Дата'], encoding)
      assert.deepEqual(table.cells[0], ['ООО "Ромашка"', '1 200,50', '01.02.2020'], encoding)
      const quoted = await readAll(fileOf(iconv.encode('"имя; отчество";город\nа;б\n', encoding, { addBOM })))
      assert.deepEqual(quoted.header, ['имя; отчество', 'город'], `${encoding}, a mark before a quote`)
    }
  }
  assert.deepEqual(
    (await readAll(fileOf(iconv.encode('City;Name\nZürich;naïve café\n', 'windows-1252')))).encoding,
    'windows-1252',
  )
  const western = 'Name,Stadt\nMüller & Söhne,Köln\nRené Lefèvre,Nîmes\nJosé Peña,Málaga\nFrançois Noël,Genève\n'
  assert.deepEqual((await readAll(fileOf(iconv.encode(western, 'windows-1252')))).cells[1], ['René Lefèvre', 'Nîmes'])
  assert.equal((await readAll(fileOf(iconv.encode('Имя\nИван\n', 'KOI8-R')))).cells[0]![0], 'Иван', 'a few letters are enough')
})

test('the first letter beyond ASCII may stand in the last line of a large file', async () => {
  const lines = Array.from({ length: 60_000 }, (_, i) => `${i};plain text`).join('\n')
  const table = await readAll(fileOf(iconv.encode(`id;name\n${lines}\n60000;Василий\n`, 'windows-1251')))
  assert.equal(table.encoding, 'windows-1251')
  assert.equal(table.rows.at(-1)!.cells[1], 'Василий')
})

test('a file in two encodings at once is refused with its first broken line, and read when a person names the encoding', async () => {
  const good = Buffer.from(`имя;город\n${'Иван;Москва\n'.repeat(50)}`)
  const path = fileOf(Buffer.concat([good, iconv.encode('Пётр;Тверь\n', 'windows-1251')]))
  assert.deepEqual(await refusalOf(path), ['table_encoding_unknown', { line: 52 }])
  assert.equal((await readAll(path, { encoding: 'windows-1251' })).rows.length, 51)
  assert.deepEqual((await refusalOf(path, { encoding: 'klingon' }))[0], 'table_encoding_unknown')
})

test('every encoding offered for choice is one that can be read', async () => {
  for (const encoding of encodingChoices) {
    const table = await readAll(fileOf(iconv.encode('a;b\n1;2\n', encoding)), { encoding })
    assert.deepEqual([table.encoding, table.cells], [encoding, [['1', '2']]])
  }
})

test('any usual separator is found, and one that stands in amounts or prose is not taken for it', async () => {
  for (const separator of [',', ';', '\t', '|']) {
    const text = ['id', 'имя', 'сумма'].join(separator) + '\n' + ['1', '"a, b; c | d"', '5'].join(separator) + '\n'
    const table = await readAll(fileOf(text))
    assert.equal(table.separator, separator)
    assert.deepEqual(table.cells, [['1', 'a, b; c | d', '5']])
  }
  assert.deepEqual((await readAll(fileOf('Сумма, руб;Дата\n1,50;5\n2,75;6\n'))).header, ['Сумма, руб', 'Дата'])
  assert.deepEqual((await readAll(fileOf('Клиент\nРомашка, ООО\nВасилёк; АО\n'))).cells, [['Ромашка, ООО'], ['Василёк; АО']])
  assert.deepEqual((await readAll(fileOf('sep=#\na#b\n1#2\n'))).cells, [['1', '2']])
  assert.deepEqual((await readAll(fileOf('a,b;c\n1,2;3\n'), { separator: ';' })).header, ['a,b', 'c'])
})

test('rows carry the line on which they begin, whatever the line ends and the newlines inside cells', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = ['a;b', '', '1;"x', 'y"', ' ; ', '2;z', ''].join(end)
    const table = await readAll(fileOf(text))
    assert.deepEqual(
      table.rows.map(({ rowNumber, cells }) => [rowNumber, ...cells]),
      [
        [3, '1', `x${end}y`],
        [6, '2', 'z'],
      ],
    )
  }
  const shifted = await readAll(fileOf('Отчёт за май\n\na;b\n1;2\n'), { headerRow: 3 })
  assert.deepEqual([shifted.header, shifted.headerRow, shifted.rows[0]!.rowNumber, shifted.separator], [['a', 'b'], 3, 4, ';'])
})

test('a ragged row is a problem of that row, not of the file', async () => {
  const { rows } = await readAll(fileOf('a;b\n1;2\n1\n1;2;3\n1;2;;\n5;6\n'))
  assert.deepEqual(
    rows.map(({ rowNumber, problem }) => [rowNumber, problem?.code ?? 'fine']),
    [
      [2, 'fine'],
      [3, 'row_too_few_cells'],
      [4, 'row_too_many_cells'],
      [5, 'fine'],
      [6, 'fine'],
    ],
  )
  assert.deepEqual(rows[2]!.cells, ['1', '2', '3'], 'what stood in the row is kept for the error file')
})

test('quotes that other programs forgot to double stay letters, and one never closed costs its own line only', async () => {
  const loose = await readAll(fileOf('a;b\n"ООО "Ромашка"";1\n5" труба;2\n "x" ;3\n'))
  assert.deepEqual(loose.cells, [
    ['ООО "Ромашка"', '1'],
    ['5" труба', '2'],
    ['x', '3'],
  ])
  const { rows } = await readAll(fileOf('a;b\n1;2\n"3;4\n5;6\n'))
  assert.deepEqual(
    rows.map(({ cells, problem }) => [...cells, problem?.code]),
    [
      ['1', '2', undefined],
      ['"3', '4', 'row_quote_unclosed'],
      ['5', '6', undefined],
    ],
  )
  const hopeless = fileOf(`a;b\n${'"1;2\n3;"4\n'.repeat(300)}`)
  const [code, details] = await refusalOf(hopeless, { limits: { maxRecordChars: 200, maxUnclosedQuotes: 5 } })
  assert.equal(code, 'table_quote_unclosed')
  assert.ok(Number(details['line']) > 5)
})

test('a header must name every column once', async () => {
  assert.deepEqual(await refusalOf(fileOf('a;b;a\n1;2;3\n')), ['table_header_duplicate', { name: 'a', columns: ['A', 'C'] }])
  assert.deepEqual(await refusalOf(fileOf('a;;c\n1;2;3\n')), ['table_header_missing', { line: 1, column: 'B' }])
  assert.deepEqual(await refusalOf(fileOf('a;b;\n1;2;3\n')), ['table_header_missing', { line: 1, column: 'C' }])
  assert.deepEqual(await refusalOf(fileOf(';;\n1;2;3\n')), ['table_no_rows', { header: ['1', '2', '3'] }])
  assert.deepEqual((await readAll(fileOf('a;b;;\n1;2;;\n'))).cells, [['1', '2']], 'empty columns at the edge are left out')
})

test('a file without rows is refused', async () => {
  for (const content of ['', ' \r\n\t\n', '\ufeff', 'a;b\n', 'a;b\n;\n\n'])
    assert.equal((await refusalOf(fileOf(content)))[0], 'table_no_rows', JSON.stringify(content))
})

test('a file that is no table is refused, and named where it is known', async () => {
  const jpeg = Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
    Buffer.alloc(2_000, 7),
    Buffer.from([0, 1, 0xff, 0xd9]),
  ])
  const table: [string | Buffer, string][] = [
    [jpeg, 'image'],
    [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image'],
    [Buffer.concat([Buffer.from('%PDF-1.7\n%'), Buffer.from([0xe2, 0xe3, 0xcf, 0xd3, 10]), Buffer.from('1 0 obj\n<<>>')]), 'pdf'],
    [Buffer.from('id;name\n1;\0\0\0\n2;b\n'), 'binary'],
    [Buffer.concat([Buffer.from('id;name\n1;x\n'.repeat(50_000)), Buffer.from([0, 1, 2])]), 'binary'],
    [Buffer.from('a;b\n\x01\x02\x03;\x04\x05\n'), 'binary'],
    ['<html><body><table><tr><td>1</td></tr></table></body></html>', 'html'],
    ['<?xml version="1.0"?><Workbook/>', 'html'],
    ['[{"id": 1}]', 'json'],
  ]
  for (const [content, looksLike] of table)
    assert.deepEqual(await refusalOf(fileOf(content)), ['table_not_a_table', { looksLike }])
})

test('a line of ten megabytes is refused with its number', async () => {
  const long = Buffer.concat([Buffer.from('a;b\n1;2\n3;'), Buffer.alloc(10_000_000, 'x'), Buffer.from('\n5;6\n')])
  assert.deepEqual(await refusalOf(fileOf(long)), ['table_line_too_long', { line: 3, maxChars: 1_048_576 }])
  const quoted = Buffer.concat([Buffer.from('a;b\n1;2\n3;"'), Buffer.alloc(10_000_000, 'x'), Buffer.from('"\n5;6\n')])
  assert.deepEqual(await refusalOf(fileOf(quoted)), ['table_line_too_long', { line: 3, maxChars: 1_048_576 }])
})

test('a gzip bomb is refused before anything is imported, a cut or broken gzip is damaged', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('a;b\n1;2\n'), Buffer.alloc(60_000_000, '1')]))
  const [code, details] = await refusalOf(fileOf(bomb))
  assert.equal(code, 'table_zip_bomb')
  assert.ok(Number(details['ratio']) > 200)
  const lines = Array.from({ length: 5_000 }, (_, i) => `${i};${(i * 7919) % 10_007}`).join('\n')
  const good = gzipSync(`a;b\n${lines}\n`)
  assert.equal((await readAll(fileOf(good, 'x.csv.gz'))).rows.length, 5_000)
  assert.equal((await refusalOf(fileOf(good.subarray(0, good.length / 2))))[0], 'table_damaged')
  assert.equal((await refusalOf(fileOf(Buffer.concat([good.subarray(0, 200), Buffer.alloc(300, 9)]))))[0], 'table_damaged')
})

test('limits on rows, columns and bytes hold', async () => {
  const path = fileOf(`a;b\n${'1;2\n'.repeat(101)}`)
  assert.deepEqual(await refusalOf(path, { limits: { maxRows: 100 } }), ['table_too_large', { what: 'rows', max: 100 }])
  assert.equal((await readAll(path, { limits: { maxRows: 101 } })).rows.length, 101)
  assert.deepEqual(await refusalOf(path, { limits: { maxColumns: 1 } }), ['table_too_large', { what: 'columns', max: 1 }])
  assert.deepEqual(await refusalOf(path, { limits: { maxBytes: 100 } }), ['table_too_large', { what: 'bytes', max: 100 }])
})

test('a path that cannot be read is a TableError too', async () => {
  assert.deepEqual(await refusalOf('/nowhere/at/all.csv'), ['table_unreadable', { reason: 'ENOENT' }])
  assert.deepEqual(await refusalOf('/'), ['table_unreadable', { reason: 'EISDIR' }])
})

test('reading can stop at any row, and progress comes to its end', async () => {
  const path = fileOf(`a;b\n${'1;2\n'.repeat(50_000)}`)
  const reports: number[] = []
  const table = await openTable(path, { onProgress: ({ bytesRead, bytesTotal }) => reports.push(bytesRead / bytesTotal) })
  for await (const row of table.rows) if (row.rowNumber === 10) break
  await table.close()
  await readAll(path, { onProgress: ({ bytesRead, bytesTotal }) => reports.push(bytesRead / bytesTotal) })
  assert.equal(reports.at(-1), 1)
  assert.deepEqual(
    reports,
    reports.toSorted((a, b) => a - b),
  )
  const unread = await openTable(path)
  await unread.close()
})

test('records are split as csv-parse splits them, however the text is cut into chunks', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'я', '"', ';', '\n', '\r\n', ' x', '😀'), maxLength: 6 })
  const tables = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(tables, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 9 }), (table, end, size) => {
      const text = table.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(';') + end).join('')
      const splitter = createCsvSplitter({ separator: ';', maxRecordChars: 10_000, maxUnclosedQuotes: 0 })
      const rows = []
      for (let at = 0; at < text.length; at += size) rows.push(...splitter.push(text.slice(at, at + size)))
      rows.push(...splitter.finish())
      const expected = parse(text, { delimiter: ';', relax_column_count: true, record_delimiter: end })
      assert.deepEqual(
        rows.map(({ cells }) => cells),
        expected,
      )
    }),
    { numRuns: 500 },
  )
})

test('random bytes and damaged tables never fail otherwise than by a TableError', async () => {
  const seeds = [
    Buffer.from(RUSSIAN),
    iconv.encode(RUSSIAN, 'windows-1251'),
    iconv.encode(RUSSIAN, 'UTF-16LE', { addBOM: true }),
    gzipSync(RUSSIAN),
  ]
  const damaged = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 8 }), fc.nat(200))
    .map(([seed, changes, cut]) => {
      const bytes = Buffer.from(seed)
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte
      return bytes.subarray(0, bytes.length - (cut % 60))
    })
  const start = fc
    .constantFrom('', '504b0304', '504b0506', '1f8b08', 'd0cf11e0a1b11ae1', 'fffe', 'feff', 'efbbbf')
    .map((hex) => Buffer.from(hex, 'hex'))
  const random = fc.tuple(start, fc.uint8Array({ maxLength: 300 })).map(([head, bytes]) => Buffer.concat([head, bytes]))
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, random), async (bytes) => {
      try {
        await readAll(fileOf(bytes))
      } catch (error) {
        assert.ok(error instanceof TableError, String((error as Error).stack))
      }
    }),
    { numRuns: 600 },
  )
})

const SHARED = join(import.meta.dirname, '../../../shared/data')
const REAL: [string, number][] = [
  ['maven-crm/sales_pipeline.csv', 8_800],
  ['maven-crm/accounts.csv', 85],
  ['maven-crm/products.csv', 7],
  ['maven-crm/sales_teams.csv', 35],
  ['bpic2012-a/events.csv.gz', 60_849],
]
for (const [name, rows] of REAL) {
  test(`${name} is read as it is: ${rows} rows`, {
    skip: !existsSync(join(SHARED, name)) && 'the file is not here',
  }, async () => {
    const table = await readAll(join(SHARED, name))
    assert.equal(table.rows.length, rows)
    assert.equal(table.rows.filter(({ problem }) => problem).length, 0)
  })
}
