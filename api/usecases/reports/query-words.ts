import type { QueryWords } from '../../../db/entities/report.ts'
import { type FunnelQuery, ShowFunnel } from '../../../shared/schemas/funnel.ts'

/** A question as words that `readQuery` reads again, also by a later version: what is kept is what a person could have asked. */
export function queryWords(query: Partial<FunnelQuery>): QueryWords {
  return Object.fromEntries(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, wordOf(value)]),
  )
}

function wordOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'boolean' ? String(value) : value
}

/** @throws ZodError when the words are none of a question any more */
export function readQuery(words: QueryWords): FunnelQuery {
  return ShowFunnel.parse(words)
}
