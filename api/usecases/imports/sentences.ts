import { AppError } from '../../../shared/domain/app-error.ts'
import { importEn } from '../../../shared/messages/en/import.ts'
import { type ImportKey, importRu } from '../../../shared/messages/ru/import.ts'
import { createTranslate, type MessageValues, type Translate } from '../../../shared/messages/translate.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { TableError } from '../../imports/table-error.ts'

/** Everything an import says, by language. */
export const sayImport: { readonly [L in Locale]: Translate<ImportKey> } = {
  ru: createTranslate<ImportKey>('ru', importRu),
  en: createTranslate<ImportKey>('en', importEn),
}

/** A file that cannot be read, as a refusal in the reader's words; any other error as it is. */
export function refusalOf(error: unknown, locale: Locale): unknown {
  if (!(error instanceof TableError)) return error
  const message = sayImport[locale](error.code, { ...error.details, columns: undefined } as MessageValues)
  return new AppError('input_invalid', { problems: [{ path: '', message }], code: error.code })
}

/** @returns a refusal of the mapping that names all its problems. */
export function mappingRefusal(problems: readonly string[]): AppError {
  return new AppError('import_mapping_invalid', { problems: problems.map((message) => ({ path: '', message })) })
}
