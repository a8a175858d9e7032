import type { FieldRow } from '../../../db/queries/custom-fields.ts'
import { type ImportField, ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { Reporter } from './report.ts'
import { sayImport } from './sentences.ts'

/** Words that headers use, in the order in which fields take their pick. */
const words: Readonly<Record<Exclude<ImportField, 'manager'>, readonly string[]>> = {
  externalId: [
    'externalid',
    'внешнийномер',
    'внешнийid',
    'dealid',
    'opportunityid',
    'caseid',
    'idсделки',
    'номерсделки',
    'номерзаявки',
    'id',
    'номер',
    'number',
    'case',
    'код',
    '№',
  ],
  statusAt: [
    'statusdate',
    'датастатуса',
    'enteredat',
    'timestamp',
    'time',
    'время',
    'датаивремя',
    'closedate',
    'датазакрытия',
    'датаизменения',
    'дата',
    'date',
  ],
  createdAt: ['createdat', 'created', 'датасоздания', 'создана', 'создано', 'engagedate', 'startdate', 'датаначала'],
  expectedCloseOn: [
    'expectedclose',
    'expectedclosedate',
    'ожидаемаядата',
    'плановаядата',
    'ожидаемоезакрытие',
    'ожидаемаядатазакрытия',
  ],
  status: ['status', 'статус', 'статуссделки', 'dealstage', 'stage', 'этап', 'стадия', 'activity', 'активность', 'действие'],
  type: ['dealtype', 'типсделки', 'type', 'тип', 'воронка', 'pipeline'],
  counterparty: [
    'counterparty',
    'контрагент',
    'клиент',
    'account',
    'customer',
    'client',
    'company',
    'компания',
    'организация',
    'заказчик',
  ],
  owner: [
    'owner',
    'ответственный',
    'менеджер',
    'salesagent',
    'responsible',
    'assignee',
    'сотрудник',
    'employee',
    'resource',
    'who',
    'кто',
    'agent',
  ],
  department: ['department', 'подразделение', 'отдел', 'team', 'филиал'],
  amount: ['amount', 'сумма', 'суммасделки', 'бюджет', 'closevalue', 'value', 'price', 'цена', 'стоимость'],
  currency: ['currency', 'валюта'],
  lostReason: ['lostreason', 'причинапроигрыша', 'причинаотказа'],
  title: ['title', 'название', 'наименование', 'названиесделки', 'dealname', 'name', 'сделка', 'тема', 'subject'],
  description: ['description', 'описание', 'комментарий', 'comment', 'notes', 'примечание'],
}

/**
 * Fills in what the mapping leaves open from the names of the columns, in Russian or English, and says what was guessed.
 * Only a mapping without any column is completed: whoever names columns has chosen.
 */
export function guessMapping(
  given: ImportMapping | null,
  header: readonly string[],
  report: Reporter,
  locale: Locale,
  fields: readonly FieldRow[],
): ImportMapping {
  const mapping = given ?? ImportMapping.parse({})
  if (Object.keys(mapping.columns).length > 0) return mapping
  const columns: Partial<Record<ImportField, string>> = {}
  const free = new Map(header.map((name) => [wordOf(name), name]))
  for (const [field, names] of Object.entries(words) as [Exclude<ImportField, 'manager'>, readonly string[]][]) {
    const found = names.find((name) => free.has(name))
    if (found === undefined) continue
    columns[field] = free.get(found)!
    free.delete(found)
    report.warn('guessed', columns[field], { column: columns[field], field: sayImport[locale](`field.${field}`) }, 0)
  }
  return { ...mapping, columns, fields: guessFields(free, fields, report, locale) }
}

/** What no built-in field has taken, by a custom field's code or either name. */
function guessFields(
  free: Map<string, string>,
  fields: readonly FieldRow[],
  report: Reporter,
  locale: Locale,
): ImportMapping['fields'] {
  const found: Record<string, string> = {}
  for (const { code, names } of fields) {
    const column = [`field.${code}`, code, names.ru, names.en]
      .map((name) => free.get(wordOf(name)))
      .find((name) => name !== undefined)
    if (column === undefined || found[code] !== undefined) continue
    found[code] = column
    report.warn('guessed', column, { column, field: names[locale] }, 0)
  }
  return found
}

function wordOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}№]+/gu, '')
}
