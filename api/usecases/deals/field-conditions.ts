import { type FieldRow, selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { type RawBuilder, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Session } from '../../session.ts'

/**
 * Conditions over the alias `deal` by custom fields; a code that several types have is asked of all of them, of each by its own kind.
 * @param given code -> codes or ids parted by commas (choices, clients, employees, yes or no); part of a text; a figure, day or `from..to`
 * @throws AppError not_found for a field that lists are not filtered by
 */
export async function fieldConditions(session: Session, given: Readonly<Record<string, string>>): Promise<RawBuilder<unknown>[]> {
  const fields = (await selectCustomFields(session.em)).filter((field) => field.inFilter && !field.archived)
  return Object.entries(given)
    .filter(([, value]) => value !== '')
    .map(([code, value]) => {
      const named = fields.filter((field) => field.code === code)
      if (named.length === 0) throw new AppError('not_found', { what: `field.${code}` })
      const each = named.map((field) => sql`deal.type_id = ${field.typeId} and ${conditionOf(field, value)}`)
      return sql`(${sql.join(each, sql` or `)})`
    })
}

function conditionOf({ kind, code }: FieldRow, value: string): RawBuilder<unknown> {
  const parts = value.split(',').flatMap((part) => part.trim() || [])
  switch (kind) {
    case 'text':
      return sql`lower(deal.fields ->> ${code}::text) like ${`%${value.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`}`
    case 'number':
    case 'money':
      return between(sql`(deal.fields ->> ${code}::text)::numeric`, value, sql`numeric`, /^-?\d{1,16}(\.\d{1,9})?$/)
    case 'day':
      return between(sql`(deal.fields ->> ${code}::text)`, value, sql`text`, /^\d{4}-\d\d-\d\d$/)
    case 'flag':
      // What nobody has ticked is «no».
      return sql`coalesce((deal.fields ->> ${code}::text)::boolean, false) = any(${parts.map((part) => part === 'true' || part === '1')}::boolean[])`
    case 'choice':
    case 'counterparty':
    case 'employee':
      return anyOf(parts.map((part) => ({ [code]: part })))
    case 'several':
      return anyOf(parts.map((part) => ({ [code]: [part] })))
    case 'file':
      return sql`(deal.fields ->> ${code}::text is not null) = any(${parts.map((part) => part === 'true' || part === '1')}::boolean[])`
  }
}

/** Answered by the index over `fields`. */
function anyOf(wanted: readonly object[]): RawBuilder<unknown> {
  if (wanted.length === 0) return sql`true`
  return sql`(${sql.join(
    wanted.map((one) => sql`deal.fields @> ${JSON.stringify(one)}::jsonb`),
    sql` or `,
  )})`
}

/** Both ends belong to the range; either may be left open. @throws AppError input_invalid */
function between(column: RawBuilder<unknown>, value: string, type: RawBuilder<unknown>, form: RegExp): RawBuilder<unknown> {
  const [from = '', to = from] = value.split('..').map((part) => part.trim())
  for (const end of [from, to])
    if (end !== '' && !form.test(end)) throw new AppError('input_invalid', { problems: [{ path: 'field', message: value }] })
  const lower = from === '' ? sql`true` : sql`${column} >= ${from}::${type}`
  const upper = to === '' ? sql`true` : sql`${column} <= ${to}::${type}`
  return sql`(${lower} and ${upper} and ${column} is not null)`
}
