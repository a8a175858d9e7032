import { type FieldRow, type NamedKind, selectCustomFields, selectFieldNames } from '../../../db/queries/custom-fields.ts'
import type { FieldValue } from '../../../shared/domain/custom-fields.ts'
import { formatReference } from '../../../shared/messages/format.ts'
import type { Session } from '../../session.ts'

type Holder = { readonly typeId: number; readonly fields: Readonly<Record<string, FieldValue>> }

/** The custom fields of the deals at hand, with the names that their values refer to. */
export type FieldBook = {
  /** In force, by place. */
  readonly of: (typeId: number) => readonly FieldRow[]
  readonly nameOf: (kind: NamedKind, id: string) => string
}

/** @param deals whose values will be shown; @param isList true: only fields that lists show are named */
export async function readFieldBook(session: Session, deals: readonly Holder[], isList = false): Promise<FieldBook> {
  const fields = (await selectCustomFields(session.em)).filter((field) => !field.archived && (!isList || field.inList))
  const byType = Map.groupBy(fields, ({ typeId }) => typeId)
  const ids: Record<NamedKind, string[]> = { file: [], counterparty: [], employee: [] }
  for (const deal of fields.length > 0 ? deals : []) {
    for (const { kind, code } of byType.get(deal.typeId) ?? []) {
      const value = deal.fields[code]
      if ((kind === 'file' || kind === 'counterparty' || kind === 'employee') && typeof value === 'string') ids[kind].push(value)
    }
  }
  const names = await selectFieldNames(session.em, ids)
  return {
    of: (typeId) => byType.get(typeId) ?? [],
    nameOf: (kind, id) => names.get(`${kind} ${id}`) ?? formatReference(id, session.locale),
  }
}
