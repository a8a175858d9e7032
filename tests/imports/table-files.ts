import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, createDeflateRaw } from 'node:zlib'
import { openTable } from '../../api/imports/read-table.ts'
import { TableError } from '../../api/imports/table-error.ts'
import type { TableRow } from '../../api/imports/table-header.ts'
import type { OpenTableOptions } from '../../api/imports/table-rows.ts'
import { makeTemporaryFolder } from '../support/folder.ts'

const folder = makeTemporaryFolder('imports')
let count = 0

/** A path in a folder that goes away with the test run. */
export function freshPath(name = 'file'): string {
  return join(folder, `${++count}-${name}`)
}

export function fileOf(content: string | Buffer, name?: string): string {
  const path = freshPath(name)
  writeFileSync(path, content)
  return path
}

/** Everything that a table gives, or the code of its refusal. */
export async function readAll(path: string, options: OpenTableOptions = {}) {
  const table = await openTable(path, options)
  const rows: TableRow[] = []
  for await (const row of table.rows) rows.push(row)
  return { ...table, rows, cells: rows.map((row) => row.cells) }
}

/** The refusal of a file as `[code, details]`; anything but a TableError fails the test. */
export async function refusalOf(path: string, options: OpenTableOptions = {}): Promise<[string, Record<string, unknown>]> {
  try {
    await readAll(path, options)
  } catch (error) {
    if (error instanceof TableError) return [error.code, error.details]
    throw error
  }
  throw new Error('the file was taken')
}

type ZipPart = {
  name: string
  content: string | Buffer | Iterable<Buffer>
  /** What the directory says instead of the truth. */
  lie?: { uncompressedSize?: number; flags?: number }
}

/** A zip archive made by hand, so that it can be wrong in any way. */
export async function zipOf(parts: readonly ZipPart[], again: { timesListed?: number } = {}): Promise<Buffer> {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const { packed, size, crc } = await deflate(part.content)
    const flags = part.lie?.flags ?? 0
    const shared = headerFields(flags, crc, packed.length, part.lie?.uncompressedSize ?? size)
    const name = Buffer.from(part.name)
    const local = Buffer.concat([hex('504b0304'), shared, numbers([name.length, 2], [0, 2]), name])
    for (let i = 0; i < (again.timesListed ?? 1); i++) {
      const listed = i === 0 ? name : Buffer.from(`${i}${part.name}`)
      const tail = numbers([listed.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4])
      directory.push(hex('504b0102'), numbers([20, 2]), shared, tail, listed)
    }
    locals.push(local, packed)
    offset += local.length + packed.length
  }
  const listing = Buffer.concat(directory)
  const listed = parts.length * (again.timesListed ?? 1)
  const end = [hex('504b0506'), numbers([0, 2], [0, 2], [listed, 2], [listed, 2], [listing.length, 4], [offset, 4], [0, 2])]
  return Buffer.concat([...locals, listing, ...end])
}

function headerFields(flags: number, crc: number, packedSize: number, size: number): Buffer {
  return numbers([20, 2], [flags, 2], [8, 2], [0, 2], [0x21, 2], [crc, 4], [packedSize, 4], [size, 4])
}

function numbers(...fields: [number, number][]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [, size]) => sum + size, 0))
  let at = 0
  for (const [value, size] of fields) at = bytes.writeUIntLE(value, at, size)
  return bytes
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

async function deflate(content: ZipPart['content']): Promise<{ packed: Buffer; size: number; crc: number }> {
  const chunks = typeof content === 'string' ? [Buffer.from(content)] : Buffer.isBuffer(content) ? [content] : content
  const stream = createDeflateRaw({ level: 6 })
  const packed: Buffer[] = []
  const done = (async () => {
    for await (const chunk of stream) packed.push(chunk as Buffer)
  })()
  let [size, crc] = [0, 0]
  for (const chunk of chunks) {
    size += chunk.length
    crc = crc32(chunk, crc)
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve))
  }
  stream.end()
  await done
  return { packed: Buffer.concat(packed), size, crc }
}

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'

export type SheetFile = {
  sheets?: { name: string; state?: string; xml: string | Iterable<Buffer> }[]
  sharedStrings?: string
  /** Codes of number formats; the style N of a cell is the Nth of them, 0 is General. */
  formats?: string[]
  date1904?: boolean
  more?: ZipPart[]
}

/** The parts of a workbook with the given insides of `<sheetData>`, and whatever else a test wants in it. */
export function workbookParts(file: SheetFile): ZipPart[] {
  const sheets = file.sheets ?? []
  const relation = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${type}" Target="${target}"/>`
  const relations = sheets.map((_, i) => relation(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`))
  const list = sheets.map(
    ({ name, state }, i) => `<sheet name="${name}" sheetId="${i + 1}" ${state ? `state="${state}" ` : ''}r:id="rId${i + 1}"/>`,
  )
  const formats = (file.formats ?? []).map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code}"/>`)
  const styles = (file.formats ?? []).map((_, i) => `<xf numFmtId="${200 + i}"/>`)
  return [
    { name: '_rels/.rels', content: `<Relationships>${relation('r', 'officeDocument', 'xl/workbook.xml')}</Relationships>` },
    {
      name: 'xl/workbook.xml',
      content: `<?xml version="1.0"?><workbook ${MAIN}><workbookPr${file.date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: `<Relationships>${relations.join('')}${relation('s', 'styles', 'styles.xml')}${relation('t', 'sharedStrings', '/xl/sharedStrings.xml')}</Relationships>`,
    },
    {
      name: 'xl/styles.xml',
      content: `<styleSheet ${MAIN}><numFmts>${formats.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${styles.join('')}</cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', content: `<sst ${MAIN}>${file.sharedStrings ?? ''}</sst>` },
    ...sheets.map(({ xml }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: typeof xml === 'string' ? sheetXml(xml) : xml,
    })),
    ...(file.more ?? []),
  ]
}

export function sheetXml(rows: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet ${MAIN}><sheetData>${rows}</sheetData></worksheet>`
}

/** A row of inline texts and raw cells: `cellsXml(1, 'Имя', '<c r="B1"><v>5</v></c>')`. */
export function rowXml(row: number, ...cells: string[]): string {
  const inline = (text: string, column: number) =>
    `<c r="${String.fromCharCode(65 + column)}${row}" t="inlineStr"><is><t>${text}</t></is></c>`
  return `<row r="${row}">${cells.map((cell, column) => (cell.startsWith('<') ? cell : inline(cell, column))).join('')}</row>`
}

export async function workbookOf(file: SheetFile): Promise<string> {
  return fileOf(await zipOf(workbookParts(file)), 'book.xlsx')
}
