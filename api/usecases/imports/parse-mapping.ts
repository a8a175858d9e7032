import { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { mappingRefusal, sayImport } from './sentences.ts'

/** Reads a mapping from JSON text. @throws AppError import_mapping_invalid with every problem */
export function parseMapping(text: string, locale: Locale): ImportMapping {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw mappingRefusal([sayImport[locale]('mapping_not_json', { reason: (error as Error).message })])
  }
  const read = ImportMapping.safeParse(json)
  if (read.success) return read.data
  throw mappingRefusal(read.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')))
}
