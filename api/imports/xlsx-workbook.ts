import { detachText } from './detach-text.ts'
import { TableError } from './table-error.ts'
import type { TableLimits } from './table-limits.ts'
import { readWholeXml, resolveTarget, type XlsxPackage } from './xlsx-package.ts'
import { attribute } from './xml-stream.ts'

export type SheetInfo = { readonly name: string; readonly hidden: boolean }
type SheetPart = SheetInfo & { readonly part: string }

/** How a number is shown: as a day, a time of day, both, or as a number. */
export type DateStyle = 'day' | 'time' | 'moment' | null

export type Workbook = {
  readonly sheets: readonly SheetPart[]
  readonly is1904: boolean
  readonly dateStyles: readonly DateStyle[]
  readonly sharedStringsPart: string | null
}

const MAX_SHEETS = 1_000
const RELATIONS = /^(?:worksheet|sharedStrings|styles|officeDocument)$/

/** Reads the list of sheets, the date system and the styles. @throws TableError table_damaged, table_too_large */
export async function readWorkbook(file: XlsxPackage, limits: TableLimits): Promise<Workbook> {
  const rootTargets = file.find('_rels/.rels') ? await readRelations(file, '_rels/.rels', '', limits) : []
  const workbookPart = rootTargets.find(({ type }) => type === 'officeDocument')?.part ?? 'xl/workbook.xml'
  const relationsPart = workbookPart.replace(/([^/]+)$/, '_rels/$1.rels')
  const relations = await readRelations(file, relationsPart, workbookPart, limits)
  const sheets: SheetPart[] = []
  let is1904 = false
  await readWholeXml(file, workbookPart, {
    open(name, attributes) {
      if (name === 'workbookPr') is1904 = /^(1|true|on)$/.test(attribute(attributes, 'date1904') ?? '')
      if (name !== 'sheet') return
      const relation = relations.find(({ id }) => id === relationId(attributes))
      if (relation?.type !== 'worksheet') return
      if (sheets.length >= MAX_SHEETS) throw new TableError('table_too_large', { what: 'sheets', max: MAX_SHEETS })
      const state = attribute(attributes, 'state') ?? 'visible'
      sheets.push({ name: shortText(attributes, 'name'), hidden: state !== 'visible', part: relation.part })
    },
  })
  if (sheets.length === 0) throw new TableError('table_damaged', { reason: 'no sheets' })
  const stylesPart = relations.find(({ type }) => type === 'styles')?.part
  const sharedStringsPart = relations.find(({ type }) => type === 'sharedStrings')?.part
  return {
    sheets,
    is1904,
    dateStyles: stylesPart && file.find(stylesPart) ? await readDateStyles(file, stylesPart) : [],
    sharedStringsPart: sharedStringsPart ? file.find(sharedStringsPart) : null,
  }
}

/** The relationship id, under whichever prefix the writer gave to its namespace. */
function relationId(attributes: string): string | null {
  return attribute(attributes, 'r:id') ?? attribute(attributes, '[A-Za-z0-9_]+:id')
}

/** Names, targets and format codes have 255 letters at most in Excel; more is kept of none. */
function shortText(attributes: string, name: string): string {
  return detachText((attribute(attributes, name) ?? '').slice(0, 1_000))
}

type Relation = { readonly id: string; readonly type: string; readonly part: string }

async function readRelations(file: XlsxPackage, part: string, source: string, limits: TableLimits): Promise<Relation[]> {
  const relations: Relation[] = []
  await readWholeXml(file, part, {
    open(name, attributes) {
      const type = (attribute(attributes, 'Type') ?? '').split('/').at(-1)!
      if (name !== 'Relationship' || !RELATIONS.test(type) || attribute(attributes, 'TargetMode') === 'External') return
      if (relations.length >= limits.maxZipEntries)
        throw new TableError('table_too_large', { what: 'entries', max: limits.maxZipEntries })
      relations.push({
        id: shortText(attributes, 'Id'),
        type,
        part: resolveTarget(source, shortText(attributes, 'Target')),
      })
    },
  })
  return relations
}

/** Cell formats are numbered in the order in which they stand; a workbook has 64,000 at most. */
const MAX_STYLES = 65_536

async function readDateStyles(file: XlsxPackage, part: string): Promise<DateStyle[]> {
  const formats = new Map<number, DateStyle>()
  const styles: DateStyle[] = []
  let inCellFormats = false
  await readWholeXml(file, part, {
    open(name, attributes) {
      if (name === 'cellXfs') inCellFormats = true
      const id = Number(attribute(attributes, 'numFmtId') ?? 0)
      if (name === 'numFmt' && formats.size < MAX_STYLES) formats.set(id, dateStyleOf(id, shortText(attributes, 'formatCode')))
      if (name === 'xf' && inCellFormats && styles.length < MAX_STYLES) {
        styles.push(formats.has(id) ? formats.get(id)! : dateStyleOf(id, undefined))
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return styles
}

/**
 * Whether a number format shows a date (ECMA-376 part 1, 18.8.30 for the numbered ones, 18.8.31 for codes).
 * @param id the number of the format
 * @param code its code when the workbook defines it itself
 */
export function dateStyleOf(id: number, code: string | undefined): DateStyle {
  if (code === undefined) {
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return 'day'
    if (id === 22) return 'moment'
    return (id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47 ? 'time' : null
  }
  const first = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';')[0]!
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return null
  const letters = first.replace(/\[[^\]]*\]/g, '').replace(/general|am\/pm|a\/p/gi, '')
  const hasDay = /[yd]|(?:^|[^hs:.\s])\s*m{3,}|гг|дд/i.test(letters)
  const hasTime = /[hs]|ч/i.test(letters)
  if (hasDay) return hasTime ? 'moment' : 'day'
  if (hasTime) return 'time'
  return /^[\s./-]*m+[\s./-]*$/i.test(letters) ? 'day' : null
}
