import { type FieldRow, type NamedKind, selectFieldNames } from '../../../db/queries/custom-fields.ts'
import { type FieldValue, isSameField, mergeFields } from '../../../shared/domain/custom-fields.ts'
import type { FieldChange } from '../../../shared/domain/events.ts'
import { describeField } from '../../../shared/messages/describe-field.ts'
import { formatReference } from '../../../shared/messages/format.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import type { Change } from '../deals/deal-record.ts'
import { checkDealFields } from './check-fields.ts'

type Values = Readonly<Record<string, FieldValue>>
type Sides = { readonly before: Values; readonly after: Values }

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
  const after = mergeFields(before, values)
  const changes = await describeFieldChanges(session, [{ fields, before, after }])
  if (changes[0]!.length > 0) deal.fields = after
  return changes[0]!
}

/** The differences of several deals as history keeps them: with names and values in words, as of today. */
export async function describeFieldChanges(
  session: Session,
  deals: readonly (Sides & { readonly fields: readonly FieldRow[] })[],
): Promise<FieldChange[][]> {
  const changed = deals.map(({ fields, before, after }) => ({
    before,
    after,
    fields: fields.filter(({ code }) => !isSameField(before[code] ?? null, after[code] ?? null)),
  }))
  const idsOf = (kind: NamedKind): string[] =>
    changed.flatMap(({ fields, before, after }) =>
      fields
        .filter((field) => field.kind === kind)
        .flatMap(({ code }) => [before[code], after[code]])
        .filter((value) => typeof value === 'string'),
    )
  const names = await selectFieldNames(session.em, {
    file: idsOf('file'),
    counterparty: idsOf('counterparty'),
    employee: idsOf('employee'),
  })
  const words = (locale: Locale) => ({
    currency: session.organization.baseCurrency,
    nameOf: (kind: NamedKind, id: string) => names.get(`${kind} ${id}`) ?? formatReference(id, locale),
  })
  return changed.map(({ fields, before, after }) =>
    fields.map((field) => {
      const said = (value: FieldValue) =>
        value === null
          ? null
          : { ru: describeField(field, value, 'ru', words('ru')), en: describeField(field, value, 'en', words('en')) }
      const [was, is] = [before[field.code] ?? null, after[field.code] ?? null]
      return {
        field: `field.${field.code}`,
        before: plain(was),
        after: plain(is),
        names: field.names,
        said: { before: said(was), after: said(is) },
      }
    }),
  )
}

function plain(value: FieldValue): string | number | null {
  return value === null || typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value)
}
