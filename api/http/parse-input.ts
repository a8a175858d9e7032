import type { z } from 'zod'
import { AppError } from '../../shared/domain/app-error.ts'
import { describeIssue, describeRule } from '../../shared/messages/describe-issue.ts'
import type { Locale } from '../../shared/views/common.ts'

/**
 * Checks an input's shape. Unknown keys are refused, all problems are told at once, each in a sentence that says how to mend it.
 * @throws AppError input_invalid with `problems: { path, message }[]`
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, locale: Locale): z.output<Schema> {
  const said = new Set<string>()
  const result = schema.safeParse(input, {
    error: (issue) => {
      const sentence = describeIssue(issue, locale)
      said.add(sentence)
      return sentence
    },
  })
  if (result.success) return result.data
  // A refinement with words of its own has them in no language, or in zod's.
  const sentenceOf = ({ message, path }: z.core.$ZodIssue): string =>
    said.has(message)
      ? message
      : (describeRule(message, locale) ?? describeIssue({ code: 'custom', path: [...path], input: undefined }, locale))
  const problems = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: sentenceOf(issue) }))
  throw new AppError('input_invalid', { problems })
}
