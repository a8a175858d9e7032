import type { FieldDefinition } from '../../shared/domain/custom-fields.ts'
import type { Em } from '../orm.ts'
import { selectKnownRows, selectRows, sql } from '../sql.ts'

export type FieldRow = FieldDefinition & {
  readonly id: number
  readonly typeId: number
  readonly inList: boolean
  readonly inFilter: boolean
  readonly position: number
  readonly version: number
}

/** The fields of all types, archived ones too, by type and place. */
export function selectCustomFields(em: Em): Promise<FieldRow[]> {
  return selectKnownRows<FieldRow>(
    em,
    sql`select id, deal_type_id as "typeId", code, jsonb_build_object('ru', name_ru, 'en', name_en) as names, kind, options,
      is_required as "isRequired", in_list as "inList", in_filter as "inFilter", position, archived_at is not null as archived, version
    from custom_field order by deal_type_id, position, id`,
  )
}

export type NamedKind = 'file' | 'counterparty' | 'employee'

/** What files, clients and employees are called, by kind and id; whoever sees the deal that carries them may know. */
export async function selectFieldNames(
  em: Em,
  ids: Readonly<Record<NamedKind, readonly string[]>>,
): Promise<ReadonlyMap<string, string>> {
  if (Object.values(ids).every((some) => some.length === 0)) return new Map()
  const rows = await selectRows<{ kind: NamedKind; id: string; name: string }>(
    em,
    sql`select 'file' as kind, id::text, name from stored_file where id = any(${ids.file}::bigint[])
      union all select 'counterparty', id::text, name from counterparty where id = any(${ids.counterparty}::int[])
      union all select 'employee', id::text, name from employee where id = any(${ids.employee}::int[])`,
  )
  return new Map(rows.map(({ kind, id, name }) => [`${kind} ${id}`, name]))
}

/** Over the alias `deal`: its fields as facts; of a file rules know only that it is there. */
export const factFields = sql`(deal.fields || coalesce((select jsonb_object_agg(c.code, true) from custom_field c
  where c.deal_type_id = deal.type_id and c.kind = 'file' and deal.fields -> c.code is not null), '{}'))`
