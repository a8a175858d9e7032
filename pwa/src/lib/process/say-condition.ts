import type { Comparison, Condition, FactValue, Operator } from '../../../../shared/domain/conditions.ts'
import type { FactKind } from '../../../../shared/domain/facts.ts'
import { formatDay, formatInteger, formatMoney } from '../../../../shared/messages/format.ts'
import type { AppProcessKey } from '../../../../shared/messages/ru/app-process.ts'
import type { FactView } from '../../../../shared/views/processes.ts'
import { i18n } from '../i18n.svelte.ts'
import { session } from '../session.svelte.ts'
import { groupOf, isComparison, isGiven, needsValue } from './condition-edit.ts'
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

/** A condition on one line: `Сумма не меньше 150 000 ₽ и Клиент заполнено`. */
export function sayCondition(condition: Condition, facts: readonly FactView[]): string {
  if (isComparison(condition)) return sayComparison(condition, facts)
  const { join, parts } = groupOf(condition)
  const said = parts.map((part) => {
    const text = sayCondition(part, facts)
    return isComparison(part) || groupOf(part).parts.length < 2 ? text : `(${text})`
  })
  return said.join(t(join === 'all' ? 'condition.and' : 'condition.or'))
}

function sayComparison({ fact: key, is, value }: Comparison, facts: readonly FactView[]): string {
  const fact = facts.find((one) => one.key === key)
  if (!fact) return t('condition.unknownFact', { fact: key })
  const operator = sayOperator(is, fact.kind)
  if (!needsValue(is)) return `${fact.name} ${operator}`
  return `${fact.name} ${operator} ${isGiven(value) ? sayValue(value ?? null, fact) : '…'}`
}

function sayValue(value: FactValue, fact: FactView): string {
  if (Array.isArray(value)) return value.map((one) => sayValue(one, fact)).join(', ')
  if (typeof value === 'boolean') return t(value ? 'condition.yes' : 'condition.no')
  if (typeof value === 'number')
    return fact.kind === 'money' ? formatMoney(value, session.currency, i18n.locale) : formatInteger(value, i18n.locale)
  if (fact.kind === 'day') return formatDay(String(value), i18n.locale)
  const choice = fact.choices?.find((one) => one.value === value)
  return choice ? `«${choice.name}»` : `«${String(value)}»`
}
