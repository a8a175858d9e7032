import { type DateForm, detectDateForm } from '../../../shared/domain/import-dates.ts'
import { type Cell, cellText, type DecimalSign, detectDecimal, isBlankCell } from '../../../shared/domain/import-values.ts'
import { indexKnown, proposeRepair } from '../../../shared/domain/near-miss.ts'
import type { ImportKey } from '../../../shared/messages/ru/import.ts'
import type { ImportMapping, ImportSource } from '../../../shared/schemas/imports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { openTable } from '../../imports/read-table.ts'
import type { Reporter } from './report.ts'
import { mappingRefusal, sayImport } from './sentences.ts'
import { columnsOf, compileSource, type SourceContext } from './sources.ts'

/** What one reading of the file finds out before anything is written. */
export type Survey = {
  readonly rows: number
  readonly decimal: DecimalSign
  /** By the source's JSON. */
  readonly dateForms: ReadonlyMap<string, DateForm>
}

const [mostSamples, mostDistinct] = [5_000, 20_000]

/** The options under which every reading of this file opens it. */
export function readingOptions({ encoding, separator, sheet, headerRow }: ImportMapping) {
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(separator === undefined ? {} : { separator }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(headerRow === undefined ? {} : { headerRow }),
  }
}

/** Sources of the mapping that are read as moments or days. */
export function dateSources({ columns, visits }: ImportMapping): ImportSource[] {
  const given = [columns.statusAt, columns.createdAt, columns.expectedCloseOn, ...visits.map(({ at }) => at)]
  return given.filter((source) => source !== undefined)
}

/**
 * Reads the file once: counts rows, decides how amounts and dates are written, and mends or proposes to mend values that reference files
 * and the mapping's known values nearly have.
 * @param repairs is filled: column -> what is written -> what is meant
 * @throws AppError import_mapping_invalid when a person must say how dates or amounts are meant; TableError
 */
export async function surveyFile(
  path: string,
  mapping: ImportMapping,
  context: SourceContext,
  repairs: Map<string, Map<string, string>>,
  tools: { readonly report: Reporter; readonly locale: Locale; readonly onRow: (row: number) => Promise<void> },
): Promise<Survey> {
  const watched = watchedColumns(mapping, context)
  const dates = dateSources(mapping).map((source) => ({
    source,
    read: compileSource(source, context),
    samples: newSamples(),
  }))
  const { amount } = mapping.columns
  const readAmount = amount === undefined ? null : compileSource(amount, context)
  const amounts = newSamples()
  const table = await openTable(path, readingOptions(mapping))
  let rows = 0
  for await (const { cells, problem } of table.rows) {
    await tools.onRow(++rows)
    if (problem) continue
    for (const { read, samples } of dates) sample(samples, read(cells))
    if (readAmount) sample(amounts, readAmount(cells))
    for (const column of watched) {
      const text = cellText(cells[column.index] ?? '')
      if (text !== '' && (column.counts.size < mostDistinct || column.counts.has(text)))
        column.counts.set(text, (column.counts.get(text) ?? 0) + 1)
    }
  }
  mendColumns(watched, mapping, repairs, tools.report)
  return {
    rows,
    decimal: mapping.decimal ?? decideDecimal(amounts.cells, columnTitle(amount, context), tools.locale),
    dateForms: new Map(
      dates.map(({ source, samples }) => [
        JSON.stringify(source),
        mapping.dateForm ?? decideDates(samples.cells, columnTitle(source, context), tools.locale),
      ]),
    ),
  }
}

const newSamples = (): Samples => ({ cells: [], seen: new Set() })

/** The first cells as often as they stand there, so that one slip weighs little; later ones only when they are new. */
type Samples = { readonly cells: Cell[]; readonly seen: Set<Cell> }

function sample({ cells, seen }: Samples, cell: Cell): void {
  if (isBlankCell(cell) || cells.length >= 2 * mostSamples) return
  if (cells.length < mostSamples || !seen.has(cell)) cells.push(cell)
  if (seen.size < 2 * mostSamples) seen.add(cell)
}

/** How a source is called before people: its columns. */
export function columnTitle(source: ImportSource | undefined, context: Pick<SourceContext, 'lookups'>): string {
  if (source === undefined) return ''
  if (typeof source !== 'string' && 'lookup' in source) return `${source.lookup}.${source.column}`
  return columnsOf(source, context).join(', ')
}

function decideDecimal(samples: readonly Cell[], column: string, locale: Locale): DecimalSign {
  const found = detectDecimal(samples)
  if (found.ok) return found.value
  throw mappingRefusal([sayImport[locale](found.reason, { column, example: found.examples[0] ?? '' })])
}

function decideDates(samples: readonly Cell[], column: string, locale: Locale): DateForm {
  const found = detectDateForm(samples)
  if (found.ok) return found.value
  if (found.reason === 'date_form_none') return 'ymd'
  throw mappingRefusal([sayImport[locale](found.reason satisfies ImportKey, { column, example: found.example ?? '' })])
}

type Watched = {
  readonly name: string
  readonly index: number
  readonly known: readonly string[]
  readonly counts: Map<string, number>
}

/** Columns whose right values are known: keys of reference files, and what the mapping lists; and those it mends. */
function watchedColumns(mapping: ImportMapping, { header, lookups }: SourceContext): Watched[] {
  return header.flatMap((name, index) => {
    const keys = [...lookups.values()].filter(({ on }) => on === name).flatMap(({ rows }) => [...rows.keys()])
    const known = [...keys, ...(mapping.known[name] ?? [])]
    return known.length > 0 || mapping.repairs[name] ? [{ name, index, known, counts: new Map<string, number>() }] : []
  })
}

function mendColumns(
  watched: readonly Watched[],
  mapping: ImportMapping,
  repairs: Map<string, Map<string, string>>,
  report: Reporter,
): void {
  for (const { name, known, counts } of watched) {
    const mended = new Map<string, string>()
    const index = indexKnown(known)
    for (const [value, rows] of counts) {
      const agreed = mapping.repairs[name]?.[value]
      const proposal = agreed === undefined ? proposeRepair(value, index) : null
      const meant = agreed ?? proposal?.value
      if (meant === undefined) continue
      const isApplied = agreed !== undefined || proposal?.certain === true
      if (isApplied) mended.set(value, meant)
      report.repair(name, value, meant, isApplied, rows)
    }
    repairs.set(name, mended)
  }
}
