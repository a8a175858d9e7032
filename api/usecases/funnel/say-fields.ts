import { selectCustomFields, selectFieldNames } from '../../../db/queries/custom-fields.ts'
import type { FieldDefinition } from '../../../shared/domain/custom-fields.ts'
import { fieldsEn } from '../../../shared/messages/en/fields.ts'
import { fieldsRu } from '../../../shared/messages/ru/fields.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'

/** A custom field that a figure is cut by; `value` in the reader's words where the field has them, else as it was asked. */
export type SlicedField = { readonly code: string; readonly name: string; readonly value: string }

/** The custom fields of a question in the reader's language. */
export async function sayFields(session: Session, given: FunnelQuery['fields']): Promise<readonly SlicedField[]> {
  const asked = Object.entries(given ?? {}).filter(([, value]) => value !== '')
  if (asked.length === 0) return []
  const fields = await selectCustomFields(session.em)
  return Promise.all(
    asked.map(async ([code, value]) => {
      const field = fields.find((one) => one.code === code && one.inFilter && !one.archived)
      if (!field) return { code, name: code, value }
      const parts = value.split(',').map((part) => part.trim())
      const named = await namesOf(session, field.kind, parts)
      const { yes, no } = session.locale === 'ru' ? fieldsRu : fieldsEn
      const wordOf = (part: string) => {
        if (field.kind === 'flag' || field.kind === 'file') return part === 'true' || part === '1' ? yes : no
        return field.options.find(({ code }) => code === part)?.[session.locale] ?? named.get(`${field.kind} ${part}`) ?? part
      }
      return { code, name: field.names[session.locale], value: parts.map(wordOf).join(', ') }
    }),
  )
}

/** Field staff are told no client's name: one whose deals they do not see could be asked for by its number. */
async function namesOf(
  session: Session,
  kind: FieldDefinition['kind'],
  parts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const isNamed = kind === 'employee' || (kind === 'counterparty' && session.actor.role !== 'field')
  const ids = isNamed ? parts.filter((part) => /^\d{1,9}$/.test(part)) : []
  return selectFieldNames(session.em, { file: [], counterparty: [], employee: [], [kind]: ids })
}
