import { type FieldRow, selectFieldNames } from '../../../db/queries/custom-fields.ts'
import { type FieldValue, isSameField, mergeFields } from '../../../shared/domain/custom-fields.ts'
import type { FieldChange } from '../../../shared/domain/events.ts'
import { describeField } from '../../../shared/messages/describe-field.ts'
import type { Session } from '../../session.ts'
import type { Change } from '../deals/deal-record.ts'
import { checkDealFields } from './check-fields.ts'

/**
 * Sets a deal's custom fields; those not named stay.
 * @returns what is different now, named and said as of today. @throws AppError input_invalid
 */
export async function changeDealFields(
  { session, deal }: Pick<Change, 'session' | 'deal'>,
  given: Readonly<Record<string, unknown>>,
): Promise<readonly FieldChange[]> {
  const before = deal.fields
  const { values, fields } = await checkDealFields(session, given, { typeId: deal.type.id, isWhole: false, before })
  const changed = fields.filter(({ code }) => code in values && !isSameField(before[code] ?? null, values[code] ?? null))
  if (changed.length === 0) return []
  deal.fields = mergeFields(before, values)
  const sides = { before, after: values }
  const nameOf = await readNames(session, changed, sides)
  return changed.map((field) => {
    const said = (value: FieldValue) => {
      const say = (locale: 'ru' | 'en') =>
        describeField(field, value, locale, { currency: session.organization.baseCurrency, nameOf })
      return value === null ? null : { ru: say('ru'), en: say('en') }
    }
    const [was, is] = [before[field.code] ?? null, values[field.code] ?? null]
    return {
      field: `field.${field.code}`,
      before: plain(was),
      after: plain(is),
      names: field.names,
      said: { before: said(was), after: said(is) },
    }
  })
}

function plain(value: FieldValue): string | number | null {
  return value === null || typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value)
}

async function readNames(
  session: Session,
  fields: readonly FieldRow[],
  sides: Readonly<Record<'before' | 'after', Readonly<Record<string, FieldValue>>>>,
) {
  const idsOf = (kind: FieldRow['kind']): string[] =>
    fields
      .filter((field) => field.kind === kind)
      .flatMap(({ code }) => [sides.before[code], sides.after[code]])
      .filter((value) => typeof value === 'string')
  const names = await selectFieldNames(session.em, {
    file: idsOf('file'),
    counterparty: idsOf('counterparty'),
    employee: idsOf('employee'),
  })
  return (kind: string, id: string) => names.get(`${kind} ${id}`) ?? `№ ${id}`
}
