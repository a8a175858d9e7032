import type { FiringRow } from '../../db/queries/firings.ts'
import type { Words } from '../../shared/domain/status-rules.ts'
import { quote, ruleTranslators } from '../../shared/messages/describe-condition.ts'
import { describeRule } from '../../shared/messages/describe-rule.ts'
import { type RulesKey, rulesRu } from '../../shared/messages/ru/rules.ts'
import type { Locale, PageView } from '../../shared/views/common.ts'
import type { FactView, RuleFiringView, RuleView } from '../../shared/views/processes.ts'
import { encodeCursor } from '../usecases/cursor.ts'
import type { FiringPage, ToldRules } from '../usecases/rules/list-rules.ts'
import type { Reader } from './deals.ts'

export function presentFacts(items: readonly FactView[]): { items: readonly FactView[] } {
  return { items }
}

export function presentRules({ rows, words }: ToldRules, { locale }: Reader): { items: readonly RuleView[] } {
  return {
    items: rows.map(({ lastFiredAt, ...rule }) => ({
      ...rule,
      sentence: describeRule(rule, locale, words),
      lastFiredAt: lastFiredAt?.toISOString() ?? null,
    })),
  }
}

/** The one rule that was made or changed. */
export function presentRule(told: ToldRules, reader: Reader): RuleView {
  return presentRules(told, reader).items[0]!
}

export function presentFiringPage(page: FiringPage, reader: Reader): PageView<RuleFiringView> {
  return { items: page.rows.map((row) => presentFiring(row, reader)), nextCursor: encodeCursor(page.next), total: page.total }
}

export function presentFiring(row: FiringRow, { locale }: Reader): RuleFiringView {
  return {
    id: row.id,
    at: row.at.toISOString(),
    rule: { id: row.ruleId, code: row.ruleCode, name: row.ruleNames[locale] },
    deal: { number: row.dealNumber, title: row.dealTitle },
    event: row.event,
    seen: row.seen,
    outcomes: row.outcomes.map(({ action, outcome, problem, fields }) => ({
      action,
      outcome,
      problem: problem === undefined ? null : sayFailure(problem, locale, fields),
    })),
    attempts: row.attempts,
    retryAt: row.retryAt?.toISOString() ?? null,
  }
}

/** The sentence for a code; what the other side said stands as it is. */
function sayFailure(problem: string, locale: Locale, fields: readonly Words[] = []): string {
  const names = fields.map((name) => quote(name[locale], locale)).join(', ')
  if (names !== '') return ruleTranslators[locale]('failure.fields_empty', { fields: names })
  const key = `failure.${problem}`
  if (key in rulesRu) return ruleTranslators[locale](key as RulesKey)
  return problem
}
