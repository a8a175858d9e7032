import { z } from 'zod'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Locale } from '../../shared/views/common.ts'

const localizedErrors = { ru: z.locales.ru().localeError, en: z.locales.en().localeError }

/**
 * Checks an input's shape. Unknown keys are refused, all problems are told at once.
 * @throws AppError input_invalid with `problems: { path, message }[]`
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, locale: Locale): z.output<Schema> {
  const result = schema.safeParse(input, { error: localizedErrors[locale] as never })
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  throw new AppError('input_invalid', { problems })
}
