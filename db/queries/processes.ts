import type { FieldKind } from '../../shared/domain/facts.ts'
import type { Role } from '../../shared/views/common.ts'
import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'

export type TemplateRow = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly archived: boolean
  readonly version: number
  readonly draftId: number | null
  readonly publishedId: number | null
  readonly publishedAt: Date | null
  /** Versions that deals run on, oldest first, with the number of those runs. */
  readonly running: readonly { readonly versionId: number; readonly runs: number }[]
  /** Those in use that run the process, as their main one or beside it. */
  readonly dealTypes: readonly { readonly id: number; readonly code: string; readonly names: Names }[]
}

/** Templates with their draft and newest published version, archived ones last; all of them, or the one with the code. */
export function selectTemplates(em: Em, code?: string): Promise<TemplateRow[]> {
  const wanted = code === undefined ? sql`` : sql`where t.code = ${code}`
  return selectRows<TemplateRow>(
    em,
    sql`select t.id, t.code, jsonb_build_object('ru', t.name_ru, 'en', t.name_en) as names, t.archived_at is not null as archived, t.version,
      draft.id as "draftId", published.id as "publishedId", published.published_at as "publishedAt",
      (select coalesce(jsonb_agg(jsonb_build_object('versionId', v.id, 'runs', v.runs) order by v.number), '[]') from (
        select pv.id, pv.number, count(*)::int as runs from process_template_version pv join process_run r on r.template_version_id = pv.id
        where pv.template_id = t.id and r.state = 'running' group by pv.id) v) as running,
      (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'code', d.code, 'names', jsonb_build_object('ru', d.name_ru, 'en', d.name_en))
          order by d.position, d.id), '[]') from deal_type d where d.archived_at is null and (d.process_template_id = t.id
          or exists (select 1 from deal_type_process p where p.deal_type_id = d.id and p.process_template_id = t.id))) as "dealTypes"
    from process_template t
    left join process_template_version draft on draft.template_id = t.id and draft.state = 'draft'
    left join lateral (select id, published_at from process_template_version where template_id = t.id and state = 'published'
      order by number desc limit 1) published on true
    ${wanted} order by t.archived_at is not null, t.id`,
  )
}

export type KnownRow = {
  readonly statuses: readonly string[]
  readonly documentTypes: readonly string[]
  readonly payableTypes: readonly string[]
  readonly fields: readonly { readonly code: string; readonly kind: FieldKind }[]
  readonly employees: readonly number[]
  readonly roles: readonly Role[]
  readonly dealTypes: readonly {
    readonly code: string
    readonly templateIds: readonly number[]
    readonly fields: readonly string[]
    readonly documentTypes: readonly string[]
  }[]
  /** Statuses that the newest published versions of templates in use give, once per template. */
  readonly given: readonly { readonly templateId: number; readonly status: string }[]
}

/** What drafts may name: everything in use, by code. */
export async function selectKnown(em: Em): Promise<KnownRow> {
  const [row] = await selectRows<KnownRow>(
    em,
    sql`select
      (select coalesce(jsonb_agg(code), '[]') from status where archived_at is null and merged_into_id is null) as statuses,
      (select coalesce(jsonb_agg(code), '[]') from document_type where archived_at is null) as "documentTypes",
      (select coalesce(jsonb_agg(code), '[]') from document_type where archived_at is null and is_payable) as "payableTypes",
      (select coalesce(jsonb_agg(distinct jsonb_build_object('code', code, 'kind', kind)), '[]') from custom_field where archived_at is null) as fields,
      (select coalesce(jsonb_agg(id), '[]') from employee where deactivated_at is null) as employees,
      (select coalesce(jsonb_agg(distinct role), '[]') from employee where deactivated_at is null) as roles,
      (select coalesce(jsonb_agg(jsonb_build_object('code', d.code,
          'templateIds', (select coalesce(jsonb_agg(id), '[]') from (
            select d.process_template_id as id where d.process_template_id is not null
            union select process_template_id from deal_type_process where deal_type_id = d.id) own),
          'fields', (select coalesce(jsonb_agg(f.code), '[]') from custom_field f where f.deal_type_id = d.id and f.archived_at is null),
          'documentTypes', (select coalesce(jsonb_agg(dt.code), '[]') from deal_type_document dd
            join document_type dt on dt.id = dd.document_type_id and dt.archived_at is null where dd.deal_type_id = d.id))), '[]')
        from deal_type d where d.archived_at is null) as "dealTypes",
      (select coalesce(jsonb_agg(distinct jsonb_build_object('templateId', v.template_id, 'status', status.code)), '[]')
        from process_template t
        join lateral (select * from process_template_version where template_id = t.id and state = 'published' order by number desc limit 1) v on true
        join stage on stage.template_version_id = v.id join status own on own.id = coalesce(stage.status_id, v.status_id) join status on status.id = coalesce(own.merged_into_id, own.id)
        where t.archived_at is null) as given`,
  )
  if (!row) throw new Error('a query of one row gave none')
  return row
}
