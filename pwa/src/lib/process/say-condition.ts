import type { Condition, Operator } from '../../../../shared/domain/conditions.ts'
import type { FactKind } from '../../../../shared/domain/facts.ts'
import { describeCondition } from '../../../../shared/messages/describe-condition.ts'
import type { AppProcessKey } from '../../../../shared/messages/ru/app-process.ts'
import { ruleWords } from '../../../../shared/messages/rule-words.ts'
import type { FactView } from '../../../../shared/views/processes.ts'
import { i18n } from '../i18n.svelte.ts'
import { session } from '../session.svelte.ts'
import { t } from './messages.ts'

/** The word for a comparison; days are earlier and later, not less and more. */
export function sayOperator(is: Operator, kind: FactKind): string {
  const key: AppProcessKey =
    kind === 'day' && is === 'atLeast'
      ? 'operator.notBefore'
      : kind === 'day' && is === 'atMost'
        ? 'operator.notAfter'
        : `operator.${is}`
  return t(key)
}

/** A condition on one line: `сумма не меньше 150 000 ₽ и клиент указан`. */
export function sayCondition(condition: Condition, facts: readonly FactView[]): string {
  const nothing = { dealTypes: [], statuses: [], templates: [], documentTypes: [], employees: [], counterparties: [] }
  return describeCondition(condition, i18n.locale, ruleWords({ ...nothing, facts, currency: session.currency }, i18n.locale))
}
