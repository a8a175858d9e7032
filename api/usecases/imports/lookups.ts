import { cellText } from '../../../shared/domain/import-values.ts'
import { indexKnown, proposeRepair } from '../../../shared/domain/near-miss.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { openTable } from '../../imports/read-table.ts'
import type { Reporter } from './report.ts'
import { mappingRefusal, sayImport } from './sentences.ts'
import type { Lookup } from './sources.ts'

/** Reference files are held in memory whole. */
const largestLookup = { maxRows: 200_000, maxBytes: 50_000_000 }

/**
 * Reads the reference files of a mapping. Slips in columns whose right values the mapping knows are proposed, and mended where it agreed.
 * @param files path of each file by its name in the mapping
 * @throws AppError import_mapping_invalid, TableError
 */
export async function readLookups(
  mapping: ImportMapping,
  files: Readonly<Record<string, string>>,
  report: Reporter,
  locale: Locale,
): Promise<Map<string, Lookup>> {
  const lookups = new Map<string, Lookup>()
  const t = sayImport[locale]
  for (const [name, { key, on }] of Object.entries(mapping.lookups)) {
    const path = files[name]
    if (path === undefined) throw mappingRefusal([t('mapping_lookup_missing', { name })])
    const table = await openTable(path, { limits: largestLookup })
    if (!table.header.includes(key)) {
      await table.close()
      throw mappingRefusal([t('mapping_column_missing', { column: `${name}.${key}` })])
    }
    const rows = new Map<string, Record<string, string>>()
    const mend = createMender(name, mapping, report)
    for await (const { cells, problem } of table.rows) {
      if (problem) continue
      const row = Object.fromEntries(table.header.map((column, index) => [column, mend(column, cellText(cells[index] ?? ''))]))
      const value = row[key]!
      if (value !== '' && !rows.has(value)) rows.set(value, row)
    }
    lookups.set(name, { on, columns: table.header, rows })
  }
  return lookups
}

/** Mends a cell where the mapping says how; tells of a near miss otherwise. */
function createMender(file: string, mapping: ImportMapping, report: Reporter): (column: string, text: string) => string {
  const indexes = new Map(
    Object.entries(mapping.known)
      .filter(([column]) => column.startsWith(`${file}.`))
      .map(([column, values]) => [column, indexKnown(values)]),
  )
  return (column, text) => {
    const name = `${file}.${column}`
    const agreed = mapping.repairs[name]?.[text]
    if (agreed !== undefined) {
      report.repair(name, text, agreed, true)
      return agreed
    }
    const index = indexes.get(name)
    const proposal = index && text !== '' ? proposeRepair(text, index) : null
    if (!proposal) return text
    report.repair(name, text, proposal.value, proposal.certain)
    return proposal.certain ? proposal.value : text
  }
}
