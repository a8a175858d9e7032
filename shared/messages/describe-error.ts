import type { AppError } from '../domain/app-error.ts'
import type { Requirement } from '../domain/process.ts'
import type { Locale } from '../views/common.ts'
import { errorsEn } from './en/errors.ts'
import { errorsRu } from './ru/errors.ts'
import { createTranslate, type MessageValues } from './translate.ts'

const translators = { ru: createTranslate('ru', errorsRu), en: createTranslate('en', errorsEn) }

const requirementTexts = {
  ru: { no_way: 'с нынешнего этапа туда нет перехода.' },
  en: { no_way: 'there is no way to it from the present stage.' },
} as const satisfies Record<Locale, Record<Requirement['kind'], string>>

/** One unmet requirement in words. */
export function describeRequirement(requirement: Requirement, locale: Locale): string {
  return requirementTexts[locale][requirement.kind]
}

/** The sentence of a refusal: what is wrong and how to mend it, in the reader's language. */
export function describeError(error: AppError, locale: Locale): string {
  const requirements = error.details['requirements'] as readonly Requirement[] | undefined
  const why = requirements?.map((requirement) => describeRequirement(requirement, locale)).join(' ')
  const values = { ...error.details, ...(why ? { why } : {}), problems: problemsText(error.details['problems']) }
  return translators[locale](error.code, values as MessageValues)
}

function problemsText(problems: unknown): string {
  if (!Array.isArray(problems)) return String(problems ?? '')
  return problems
    .map((problem: { path?: string; message?: string }) => [problem.path, problem.message].filter(Boolean).join(': '))
    .join('; ')
}
