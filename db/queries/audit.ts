import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import type { IdCursor } from './people.ts'

export type AuditRow = {
  readonly id: number
  readonly at: Date
  readonly actorId: number | null
  readonly actorName: string | null
  readonly door: string
  readonly entity: string
  readonly entityId: string
  readonly action: 'insert' | 'update' | 'delete'
  readonly before: Record<string, unknown> | null
  readonly after: Record<string, unknown> | null
}

/** A page of the audit, newest first. */
export async function selectAuditPage(
  em: Em,
  page: {
    readonly entity?: string | undefined
    readonly entityId?: string | undefined
    readonly limit: number
    readonly cursor: { readonly id: number } | null
  },
): Promise<{ rows: AuditRow[]; next: IdCursor | null; total: number }> {
  const condition = sql`(${page.entity ?? null}::text is null or a.entity = ${page.entity ?? null})
    and (${page.entityId ?? null}::text is null or a.entity_id = ${page.entityId ?? null})`
  const rows = await selectRows<AuditRow>(
    em,
    sql`select a.id, a.at, a.actor_id as "actorId", e.name as "actorName", a.door, a.entity, a.entity_id as "entityId", a.action, a.before, a.after
    from audit_entry a left join employee e on e.id = a.actor_id
    where ${condition} and a.id < ${page.cursor?.id ?? Number.MAX_SAFE_INTEGER} order by a.id desc limit ${page.limit + 1}`,
  )
  const total = await selectRow<{ total: number }>(em, sql`select count(*)::int as total from audit_entry a where ${condition}`)
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    rows: shown,
    next: rows.length > page.limit && last ? { order: 'id', value: '0', id: last.id } : null,
    total: total?.total ?? 0,
  }
}
