import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { fileOf, sheetXml, workbookOf } from './table-files.ts'

const run = promisify(execFile)
const CHILD = join(import.meta.dirname, 'read-in-child.ts')
/** Long enough for the texts of the workbook to fill several pages of their store. */
const ADDRESS = 'Санкт-Петербург, набережная реки Фонтанки, дом 12, литера А'
const MOST_EXTRA_MB = 120

/** Reads a file in a process whose heap is too small to hold it. */
async function readInChild(path: string): Promise<{ rows: number; code: string | null; last: unknown; extraMb: number }> {
  const { stdout } = await run(process.execPath, ['--max-old-space-size=96', CHILD, path])
  return JSON.parse(stdout)
}

function* millionRows(rowCount: number) {
  const [start, end] = sheetXml('|').split('|') as [string, string]
  yield Buffer.from(
    `${start}<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>имя</t></is></c><c r="C1" t="inlineStr"><is><t>сумма</t></is></c></row>`,
  )
  for (let row = 2; row <= rowCount + 1; ) {
    let xml = ''
    for (const last = Math.min(row + 2_000, rowCount + 2); row < last; row++) {
      const sum = (row * 7919) % 1_000_003
      xml += `<row r="${row}"><c r="A${row}"><v>${row}</v></c><c r="B${row}" t="s"><v>${row % 50_000}</v></c><c r="C${row}"><v>${sum}.5</v></c></row>`
    }
    yield Buffer.from(xml)
  }
  yield Buffer.from(end)
}

test('a sheet of a million rows is read in bounded memory, one row more is refused', async () => {
  const sharedStrings = Array.from({ length: 50_000 }, (_, i) => `<si><t>Компания номер ${i} ${ADDRESS}</t></si>`).join('')
  const path = await workbookOf({ sheets: [{ name: 'A', xml: millionRows(1_000_001) }], sharedStrings })
  const read = await readInChild(path)
  assert.deepEqual([read.rows, read.code], [1_000_000, 'table_too_large'])
  assert.deepEqual(read.last, [1_000_001, `Компания номер 1 ${ADDRESS}`, ((1_000_001 * 7919) % 1_000_003) + 0.5])
  assert.ok(read.extraMb < MOST_EXTRA_MB, `${read.extraMb} MB`)
})

test('a CSV of sixty megabytes is read in bounded memory', async () => {
  const line = `1;Общество с ограниченной ответственностью «Ромашка»;1 234,50;01.02.2020\n`
  const count = Math.ceil(6e7 / Buffer.byteLength(line))
  const path = fileOf(`id;имя;сумма;дата\n${line.repeat(count)}`)
  const read = await readInChild(path)
  assert.deepEqual([read.rows, read.code], [count, null])
  assert.ok(read.extraMb < MOST_EXTRA_MB, `${read.extraMb} MB`)
})

test('hostile workbooks are refused in bounded memory', async () => {
  const many = function* (start: string, piece: string, times: number) {
    yield Buffer.from(start)
    for (let i = 0; i < times; i++) yield Buffer.from(piece.repeat(1_000))
  }
  const noise = Array.from({ length: 300 }, (_, i) => ((i * 2_654_435_761) % 4_294_967_296).toString(36)).join('')
  const bombs: [string, string][] = [
    [await workbookOf({ sheets: [{ name: 'A', xml: many('<worksheet>', `<!--${noise}-->`, 60) }] }), 'table_damaged'],
    [
      await workbookOf({
        sheets: [{ name: 'A', xml: many('<worksheet><sheetData>', `<row r="1"><c><v>1</v></c>${noise}`, 60) }],
      }),
      'table_damaged',
    ],
    [await workbookOf({ sheets: [{ name: 'A', xml: many(`<worksheet ${noise}`, noise, 60) }] }), 'table_damaged'],
  ]
  for (const [path, code] of bombs) {
    const read = await readInChild(path)
    assert.ok(read.extraMb < MOST_EXTRA_MB, `${read.extraMb} MB`)
    assert.equal(read.code, code)
  }
})
