import type { ImportField, ImportMapping, ImportSource } from '../../../shared/schemas/imports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { mappingRefusal, sayImport } from './sentences.ts'
import { columnsOf, type Lookup } from './sources.ts'

const needed: Readonly<Record<'deals' | 'history', readonly ImportField[]>> = {
  deals: ['externalId', 'status'],
  history: ['externalId', 'status', 'statusAt'],
}

/** Holds the mapping against the file and its reference files. @throws AppError import_mapping_invalid with every problem */
export function checkMapping(
  kind: 'deals' | 'history',
  mapping: ImportMapping,
  header: readonly string[],
  lookups: ReadonlyMap<string, Lookup>,
  locale: Locale,
  fieldCodes: readonly string[],
): void {
  const t = sayImport[locale]
  const missingField = needed[kind].filter((field) => mapping.columns[field] === undefined)
  const sources = [...Object.values(mapping.columns), ...Object.values(mapping.fields), ...mapping.visits.map(({ at }) => at)]
  const missing = new Set(sources.flatMap((source) => missingColumns(source, header, lookups)))
  for (const { on } of Object.values(mapping.lookups)) if (!header.includes(on)) missing.add(on)
  const problems = [
    ...missingField.map((field) => t('mapping_field_missing', { field: t(`field.${field}`) })),
    ...Object.keys(mapping.fields)
      .filter((code) => !fieldCodes.includes(code))
      .map((code) => t('mapping_field_unknown', { code })),
    ...[...missing].map((column) => t('mapping_column_missing', { column })),
  ]
  if (problems.length > 0) throw mappingRefusal(problems)
}

function missingColumns(source: ImportSource, header: readonly string[], lookups: ReadonlyMap<string, Lookup>): string[] {
  if (typeof source !== 'string' && 'lookup' in source) {
    const lookup = lookups.get(source.lookup)
    return lookup?.columns.includes(source.column) ? [] : [`${source.lookup}.${source.column}`]
  }
  return columnsOf(source, { lookups }).filter((column) => !header.includes(column))
}
