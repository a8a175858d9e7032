import type { Facts } from '../../shared/domain/conditions.ts'
import type { RuleEvent, Words } from '../../shared/domain/status-rules.ts'
import type { RuleBody } from '../../shared/schemas/process.ts'
import type { ActionOutcome } from '../entities/rules.ts'
import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import type { IdCursor } from './people.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** A rule as administrators see it, with how often it has acted. */
export type RuleRow = RuleBody & {
  readonly id: number
  readonly code: string
  readonly position: number
  readonly archived: boolean
  readonly version: number
  readonly firedCount: number
  readonly failedCount: number
  readonly lastFiredAt: Date | null
}

/** The rules in their order, archived ones last. */
export function selectRules(em: Em, code?: string): Promise<RuleRow[]> {
  return selectRows<RuleRow>(
    em,
    sql`select r.id, r.code, jsonb_build_object('ru', r.name_ru, 'en', r.name_en) as names, r.position, r.deal_types as "dealTypes", r.trigger, r.condition,
      r.forward_only as "forwardOnly", r.actions, r.is_active as "isActive", r.archived_at is not null as archived, r.version,
      f.fired as "firedCount", f.failed as "failedCount", f.last as "lastFiredAt"
    from status_rule r
    join lateral (select count(*)::int as fired, count(*) filter (where has_failed)::int as failed, max(fired_at) as last from rule_firing where rule_id = r.id) f on true
    where ${code ?? null}::text is null or r.code = ${code ?? null} order by r.archived_at is not null, r.position, r.id`,
  )
}

export type FiringRow = {
  readonly id: number
  readonly at: Date
  readonly ruleId: number
  readonly ruleCode: string
  /** As it was called when it fired. */
  readonly ruleNames: Words
  readonly dealNumber: number
  readonly dealTitle: string
  readonly event: RuleEvent
  readonly seen: Facts
  readonly outcomes: readonly ActionOutcome[]
  readonly attempts: number
  readonly retryAt: Date | null
}

/** A page of what rules did to deals that the viewer sees, newest first. */
export async function selectFiringPage(
  em: Em,
  viewer: Viewer,
  page: {
    readonly id?: number | undefined
    readonly failed?: boolean | undefined
    readonly rule?: string | undefined
    readonly deal?: number | undefined
    readonly limit: number
    readonly cursor: { readonly id: number } | null
  },
): Promise<{ rows: FiringRow[]; next: IdCursor | null; total: number }> {
  const from = sql`from rule_firing f join status_rule r on r.id = f.rule_id join deal on deal.id = f.deal_id
    where ${visibleDeals(viewer)} and (${page.failed ?? null}::boolean is null or f.has_failed = ${page.failed ?? null}::boolean)
      and (${page.rule ?? null}::text is null or r.code = ${page.rule ?? null})
      and (${page.deal ?? null}::int is null or deal.number = ${page.deal ?? null}::int)
      and (${page.id ?? null}::bigint is null or f.id = ${page.id ?? null}::bigint)`
  const rows = await selectRows<FiringRow>(
    em,
    sql`select f.id, f.fired_at as at, r.id as "ruleId", r.code as "ruleCode", f.rule_name as "ruleNames", deal.number as "dealNumber",
      deal.title as "dealTitle", f.event, f.seen, f.outcomes, f.attempts, f.retry_at as "retryAt"
    ${from} and f.id < ${page.cursor?.id ?? Number.MAX_SAFE_INTEGER}::bigint order by f.id desc limit ${page.limit + 1}`,
  )
  const total = await selectRow<{ total: number }>(em, sql`select count(*)::int as total ${from}`)
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    rows: shown,
    next: rows.length > page.limit && last ? { order: 'id', value: '0', id: last.id } : null,
    total: total?.total ?? 0,
  }
}
