import { strFromU8, strToU8, unzipSync, Zip, ZipDeflate } from 'fflate'
import { type BarChart, barChartXml, type ChartPlace, drawingXml } from './xlsx-chart.ts'

/** What exceljs cannot write: a chart, and a list of any length. Sheets are named by their number in the file, from 1. */
export type Additions = {
  readonly chart: { readonly sheet: number; readonly chart: BarChart; readonly place: ChartPlace } | null
  readonly list: SheetList
  /** Time of the parts in the package. */
  readonly at: Date
}

export type SheetList = {
  readonly sheet: number
  /** The row that exceljs has written as a pattern: its cells carry the styles of the columns; the list takes its place. */
  readonly patternRow: number
  /** XML of further rows, given the number of the first and the styles of the columns. */
  readonly rows: (styles: readonly string[]) => AsyncIterable<{ readonly xml: string; readonly count: number }>
}

type Parts = Record<string, Uint8Array>
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/**
 * Completes a workbook of exceljs: parts are changed and packed one by one, the list while it is read.
 * @returns the bytes of the new package
 */
export async function completeWorkbook(book: Uint8Array, { chart, list, at }: Additions): Promise<Uint8Array> {
  const parts = unzipSync(book)
  if (chart) addChart(parts, chart)
  const sheetName = `xl/worksheets/sheet${list.sheet}.xml`
  const [head, styles, tail] = cutAtPattern(textOf(parts, sheetName), list.patternRow)
  const zip = packInto(at)
  const tables: string[] = []
  for (const [name, bytes] of Object.entries(parts)) {
    if (name.startsWith('xl/tables/')) tables.push(name)
    else if (name !== sheetName) zip.add(name).push(bytes, true)
  }
  const sheet = zip.add(sheetName)
  sheet.push(strToU8(head))
  let count = 0
  for await (const rows of list.rows(styles)) {
    count += rows.count
    sheet.push(strToU8(rows.xml))
  }
  sheet.push(strToU8(tail), true)
  // How long the table is stands in its own part, which therefore comes last. An empty table keeps one empty row.
  const last = list.patternRow - 1 + Math.max(1, count)
  for (const name of tables) zip.add(name).push(strToU8(stretchTable(textOf(parts, name), last)), true)
  return zip.end()
}

function packInto(at: Date): { add(name: string): ZipDeflate; end(): Promise<Uint8Array> } {
  const chunks: Uint8Array[] = []
  const done = Promise.withResolvers<Uint8Array>()
  const zip = new Zip((error, chunk, isLast) => {
    if (error) done.reject(error)
    chunks.push(chunk)
    if (isLast) done.resolve(Buffer.concat(chunks))
  })
  return {
    add(name) {
      // A file a sixth larger than at the usual level of packing, for a third less work.
      const file = new ZipDeflate(name, { level: 3 })
      file.mtime = at
      zip.add(file)
      return file
    },
    end() {
      zip.end()
      return done.promise
    },
  }
}

function textOf(parts: Parts, name: string): string {
  const bytes = parts[name]
  if (!bytes) throw new Error(`the workbook has no ${name}`)
  return strFromU8(bytes)
}

/** The sheet before and after its pattern row, and the style of each of the row's cells. The size of the sheet, which may be left out, is. */
function cutAtPattern(xml: string, row: number): readonly [head: string, styles: readonly string[], tail: string] {
  const start = xml.indexOf(`<row r="${row}"`)
  const end = xml.indexOf('</row>', start) + '</row>'.length
  const pattern = xml.slice(start, end)
  const styles = [...pattern.matchAll(/<c ([^>]*)/g)].map(([, cell]) => /\bs="(\d+)"/.exec(cell!)?.[1] ?? '0')
  return [xml.slice(0, start).replace(/<dimension [^>]*\/>/, ''), styles, xml.slice(end)]
}

function stretchTable(xml: string, last: number): string {
  return xml.replace(/ref="([A-Z]+\d+:[A-Z]+)\d+"/g, `ref="$1${last}"`)
}

function addChart(parts: Parts, { sheet, chart, place }: NonNullable<Additions['chart']>): void {
  const sheetName = `xl/worksheets/sheet${sheet}.xml`
  const relationsName = `xl/worksheets/_rels/sheet${sheet}.xml.rels`
  const relation = (type: string, target: string, id: string) =>
    `<Relationship Id="${id}" Type="${relationships}/${type}" Target="${target}"/>`
  const own =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
  const known = parts[relationsName] ? textOf(parts, relationsName).replace('</Relationships>', '') : own
  const put = (name: string, text: string) => {
    parts[name] = strToU8(text)
  }
  put(relationsName, `${known}${relation('drawing', '../drawings/drawing1.xml', 'rIdChart')}</Relationships>`)
  put('xl/drawings/drawing1.xml', drawingXml(place))
  put('xl/drawings/_rels/drawing1.xml.rels', `${own}${relation('chart', '../charts/chart1.xml', 'rId1')}</Relationships>`)
  put('xl/charts/chart1.xml', barChartXml(chart))
  put(sheetName, withDrawing(textOf(parts, sheetName)))
  const types = [
    ['/xl/drawings/drawing1.xml', 'application/vnd.openxmlformats-officedocument.drawing+xml'],
    ['/xl/charts/chart1.xml', 'application/vnd.openxmlformats-officedocument.drawingml.chart+xml'],
  ].map(([part, type]) => `<Override PartName="${part}" ContentType="${type}"/>`)
  put('[Content_Types].xml', textOf(parts, '[Content_Types].xml').replace('</Types>', `${types.join('')}</Types>`))
}

/** The order of what follows the cells is fixed: a drawing stands before old drawings, tables and extensions, but those of formats come earlier. */
function withDrawing(xml: string): string {
  const from = Math.max(xml.indexOf('</sheetData>'), xml.lastIndexOf('</conditionalFormatting>'))
  const following = /<(legacyDrawing|picture|tableParts|extLst)\b|<\/worksheet>/
  return xml.slice(0, from) + xml.slice(from).replace(following, (next) => `<drawing r:id="rIdChart"/>${next}`)
}
