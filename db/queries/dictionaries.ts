import type { Condition } from '../../shared/domain/conditions.ts'
import type { ProcessStage, ProcessVersion, StageTask } from '../../shared/domain/process.ts'
import { renameInCondition } from '../../shared/domain/rename-status.ts'
import type { Phase, StatusCategory } from '../../shared/views/common.ts'
import type { OwnerRule } from '../entities/process.ts'
import type { Em } from '../orm.ts'
import { selectKnownRows, selectRows, sql } from '../sql.ts'

export type Names = { readonly ru: string; readonly en: string }

/** A status of the dictionary, merged and archived ones included. */
export type StatusRow = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly rank: number
  readonly phase: Phase
  readonly category: StatusCategory
  readonly isWon: boolean
  readonly shownInFunnel: boolean
  readonly probabilityPct: number
  readonly timeLimitHours: number | null
  readonly targetConversionPct: number | null
  /** Place 1..8 on the colour ramp by choice; null: by the order. */
  readonly colour: number | null
  readonly archived: boolean
  readonly mergedIntoId: number | null
  readonly version: number
}

/** All statuses by rank, lost ones last. */
export function selectStatuses(em: Em): Promise<StatusRow[]> {
  return selectKnownRows<StatusRow>(
    em,
    sql`select id, code, jsonb_build_object('ru', name_ru, 'en', name_en) as names, rank, phase, category, is_won as "isWon",
      shown_in_funnel as "shownInFunnel", probability_pct as "probabilityPct", time_limit_hours as "timeLimitHours",
      target_conversion_pct as "targetConversionPct", colour, archived_at is not null as archived, merged_into_id as "mergedIntoId", version
    from status order by category = 'lost', rank, id`,
  )
}

export type StageRow = ProcessStage & {
  readonly names: Names
  readonly timeLimitHours: number | null
  readonly tasks: readonly StageTask[]
}
export type ProcessVersionRow = Omit<ProcessVersion, 'stages'> & {
  readonly templateId: number
  readonly templateCode: string
  readonly templateNames: Names
  readonly number: number
  readonly stages: readonly StageRow[]
}

/**
 * Versions with their stages and ways; all of them, or those with the given ids. A status that was merged is given as the one it counts as, in
 * the conditions of ways too: a published version itself never changes.
 */
export async function selectProcessVersions(em: Em, ids?: readonly number[]): Promise<ProcessVersionRow[]> {
  const wanted = ids ? sql`where v.id = any(${[...ids]}::int[])` : sql``
  const rows = await selectKnownRows<ProcessVersionRow & { merged: Readonly<Record<string, string>> | null }>(
    em,
    sql`select v.id, v.number, coalesce((select merged_into_id from status m where m.id = v.status_id), v.status_id) as "statusId", t.id as "templateId", t.code as "templateCode",
      jsonb_build_object('ru', t.name_ru, 'en', t.name_en) as "templateNames",
      (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'code', s.code, 'position', s.position, 'statusId', coalesce((select merged_into_id from status m where m.id = s.status_id), s.status_id),
          'names', jsonb_build_object('ru', s.name_ru, 'en', s.name_en), 'timeLimitHours', s.time_limit_hours,
          'gates', s.gates, 'tasks', s.tasks,
          'ways', (select coalesce(jsonb_agg(jsonb_build_object('to', w.to_stage_id, 'condition', w.condition,
              'names', case when w.name_ru is not null then jsonb_build_object('ru', w.name_ru, 'en', w.name_en) end) order by w.position, w.id), '[]')
            from stage_transition w where w.from_stage_id = s.id))
        order by s.position), '[]') from stage s where s.template_version_id = v.id) as stages,
      (select jsonb_object_agg(m.code, into_status.code) from status m join status into_status on into_status.id = m.merged_into_id) as merged
    from process_template_version v join process_template t on t.id = v.template_id ${wanted}
    order by t.id, v.number`,
  )
  return rows.map(({ merged, ...version }) => (merged ? followMergers(version, Object.entries(merged)) : version))
}

function followMergers(
  version: ProcessVersionRow,
  mergers: readonly (readonly [from: string, into: string])[],
): ProcessVersionRow {
  const follow = (condition: Condition) => mergers.reduce((so, [from, into]) => renameInCondition(so, from, into), condition)
  const stages = version.stages.map((stage) => ({
    ...stage,
    ways: stage.ways.map((way) => ({ ...way, condition: way.condition && follow(way.condition) })),
  }))
  return { ...version, stages }
}

/** The newest published version of a template, or null. */
export async function selectCurrentVersion(em: Em, templateId: number): Promise<ProcessVersionRow | null> {
  const found = await selectKnownRows<{ id: number }>(
    em,
    sql`select id from process_template_version where template_id = ${templateId} and state = 'published' order by number desc limit 1`,
  )
  return found[0] ? ((await selectProcessVersions(em, [found[0].id]))[0] ?? null) : null
}

export type DealTypeRow = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly icon: string
  readonly archived: boolean
  readonly version: number
  readonly templateId: number | null
  readonly templateCode: string | null
  readonly templateNames: Names | null
  /** Who gets a new deal. */
  readonly ownerRule: OwnerRule
}

export function selectDealTypes(em: Em): Promise<DealTypeRow[]> {
  return selectKnownRows<DealTypeRow>(
    em,
    sql`select d.id, d.code, jsonb_build_object('ru', d.name_ru, 'en', d.name_en) as names, d.icon, d.archived_at is not null as archived, d.version, d.owner_rule as "ownerRule",
      t.id as "templateId", t.code as "templateCode",
      case when t.id is not null then jsonb_build_object('ru', t.name_ru, 'en', t.name_en) end as "templateNames"
    from deal_type d left join process_template t on t.id = d.process_template_id order by d.position, d.id`,
  )
}

export type DepartmentRow = {
  readonly id: number
  readonly name: string
  readonly parentId: number | null
  readonly depth: number
  readonly archived: boolean
  readonly version: number
}

/** The tree, parents before children, brothers by name. */
export function selectDepartments(em: Em): Promise<DepartmentRow[]> {
  return selectRows<DepartmentRow>(
    em,
    sql`with recursive tree as (
      select id, name, parent_id, 0 as depth, array[name::text] as path, archived_at, version from department where parent_id is null
      union all
      select d.id, d.name, d.parent_id, tree.depth + 1, tree.path || d.name::text, d.archived_at, d.version from department d join tree on d.parent_id = tree.id
    ) select id, name, parent_id as "parentId", depth, archived_at is not null as archived, version from tree order by path`,
  )
}
