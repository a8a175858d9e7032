import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import { checkField } from '../../shared/domain/custom-fields.ts'
import { readFieldCell } from '../../shared/domain/field-texts.ts'
import { detectDecimal } from '../../shared/domain/import-values.ts'
import type { Day } from '../../shared/domain/periods.ts'
import type { BotKey } from '../../shared/messages/ru/bot.ts'
import type { MessageValues } from '../../shared/messages/translate.ts'
import { EditCounterparty } from '../../shared/schemas/directory.ts'
import type { Locale } from '../../shared/views/common.ts'
import { readDay } from '../read-day.ts'
import { readMoney } from '../read-money.ts'
import type { Question } from './questions.ts'

export type Reader = { readonly today: Day; readonly currency: string; readonly locale: Locale }
/** Values of the sentence are as written: to be escaped before they go into HTML. */
export type Wrong = { readonly key: BotKey; readonly values: MessageValues }
export type ReadAnswer =
  | { readonly ok: true; readonly value: FieldValue; readonly currency?: string }
  | { readonly ok: false; readonly wrong: Wrong }

/** A written answer as the value that the API would take, by the same checks; or what is wrong with it. Clients and employees are searched for instead. */
export function readAnswer(question: Question, text: string, reader: Reader): ReadAnswer {
  if (question.kind === 'requisite') return readRequisite(question.key, text)
  if (question.kind === 'money') return readSum(question, text, reader)
  if (text.length > question.longest && question.kind === 'text')
    return wrong('dialog.tooLong', { limit: question.longest, length: text.length })
  const checked = checkField({ ...question.field, isRequired: true }, readValue(question, text, reader))
  return checked.ok ? checked : wrong(wrongKeys[question.field.kind], { text })
}

const wrongKeys = {
  text: 'fill.wrong.text',
  number: 'fill.wrong.number',
  money: 'new.amountWrong',
  day: 'fill.wrong.day',
  choice: 'fill.wrong.choice',
  several: 'fill.wrong.choice',
  flag: 'fill.wrong.flag',
  file: 'fill.wrong.file',
  counterparty: 'fill.wrong.pick',
  employee: 'fill.wrong.pick',
} as const satisfies Record<Question['field']['kind'], BotKey>

function readValue({ field }: Question, text: string, { today, locale }: Reader): unknown {
  switch (field.kind) {
    case 'day':
      return readDay(text, today)
    case 'number': {
      // A lone `1,234` or `1.234` is read as the reader's language writes numbers.
      const found = detectDecimal([text], null)
      return readFieldCell(field, text, { decimal: found.ok ? found.value : locale === 'ru' ? ',' : '.' })
    }
    case 'file':
      return null
    default:
      return readFieldCell(field, text)
  }
}

/** The deal's amount may be in any currency, fields hold sums in the organisation's. */
function readSum(question: Question, text: string, { currency: base }: Reader): ReadAnswer {
  const usual = question.currency ?? base
  const money = readMoney(text, usual)
  if (money && question.key !== 'amount' && money.currency !== base) return wrong('fill.wrong.currency', { currency: base })
  const checked = checkField({ ...question.field, isRequired: true }, money?.amountMinor)
  if (!checked.ok || !money) return wrong('new.amountWrong', {})
  if (!question.amounts.some(([from, to]) => money.amountMinor >= from && money.amountMinor <= to))
    return wrong('fill.wrong.amount', {})
  return { ...checked, currency: money.currency }
}

function readRequisite(key: string, text: string): ReadAnswer {
  const value = key === 'address' ? text.trim() : text.replace(/[\s-]/g, '').toUpperCase()
  const shape = EditCounterparty.shape[key as 'inn' | 'kpp' | 'address']
  if (value !== '' && shape.safeParse(value).success) return { ok: true, value }
  return wrong(`fill.wrong.${key as 'inn' | 'kpp' | 'address'}`, {})
}

function wrong(key: BotKey, values: MessageValues): ReadAnswer {
  return { ok: false, wrong: { key, values } }
}
