import type { AppError } from '../domain/app-error.ts'
import type { Locale } from '../views/common.ts'
import { errorsEn } from './en/errors.ts'
import { errorsRu } from './ru/errors.ts'
import { createTranslate, type MessageValues } from './translate.ts'

const translators = { ru: createTranslate('ru', errorsRu), en: createTranslate('en', errorsEn) }

/** The sentence of a refusal: what is wrong and how to mend it, in the reader's language. */
export function describeError(error: AppError, locale: Locale): string {
  const requirements = error.details['requirements'] as readonly { readonly text: string }[] | undefined
  const why = requirements?.map(({ text }) => text).join(' ')
  const values = { ...error.details, ...(why ? { why } : {}), problems: problemsText(error.details['problems']) }
  return translators[locale](error.code, values as MessageValues)
}

function problemsText(problems: unknown): string {
  if (!Array.isArray(problems)) return String(problems ?? '')
  return problems
    .map((problem: { path?: string; message?: string }) => [problem.path, problem.message].filter(Boolean).join(': '))
    .join('; ')
}
