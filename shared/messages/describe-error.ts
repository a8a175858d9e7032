import type { AppError } from '../domain/app-error.ts'
import type { Locale } from '../views/common.ts'
import { describeRule } from './describe-issue.ts'
import { errorsEn } from './en/errors.ts'
import { errorsRu } from './ru/errors.ts'
import { createTranslate, type MessageValues } from './translate.ts'

const translators = { ru: createTranslate('ru', errorsRu), en: createTranslate('en', errorsEn) }

/** The sentence of a refusal: what is wrong and how to mend it, in the reader's language. */
export function describeError(error: AppError, locale: Locale): string {
  const requirements = error.details['requirements'] as readonly { readonly text: string }[] | undefined
  const why = requirements?.map(({ text }) => text).join(' ')
  const values = { ...error.details, ...(why ? { why } : {}), problems: problemsText(error.details['problems'], locale) }
  return translators[locale](error.code, values as MessageValues)
}

function problemsText(problems: unknown, locale: Locale): string {
  if (typeof problems === 'string') return describeRule(problems, locale) ?? problems
  if (!Array.isArray(problems)) return ''
  return problems
    .map((problem: Problem) => sayProblem(problem, locale))
    .map(({ path, message }) => [path, message].filter(Boolean).join(': '))
    .join('; ')
}

type Problem = { readonly path?: string; readonly message?: string }

/** A problem of one place, with what its message said in no language, such as `nobody`, as a sentence. */
export function sayProblem<One extends Problem>(problem: One, locale: Locale): One {
  const sentence = problem.message === undefined ? null : describeRule(problem.message, locale)
  return sentence === null ? problem : { ...problem, message: sentence }
}
