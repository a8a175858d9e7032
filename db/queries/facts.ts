import type { FieldKind } from '../../shared/domain/facts.ts'
import type { FieldOption } from '../entities/process.ts'
import type { Em } from '../orm.ts'
import { selectKnownRow, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'

type Coded = { readonly code: string; readonly names: Names }
type Chosen = { readonly id: number; readonly name: string }

/** Everything that facts, rules and gates may name, in one reading: what is in force only. */
export type FactDictionaryRow = {
  readonly types: readonly Coded[]
  readonly statuses: readonly Coded[]
  /** Templates with the stages of their newest published version. */
  readonly templates: readonly (Coded & { readonly stages: readonly Coded[] })[]
  readonly departments: readonly Chosen[]
  readonly documentTypes: readonly (Coded & { readonly isPayable: boolean })[]
  /** Fields by place; `type` is the code of their deal type. */
  readonly fields: readonly (Coded & {
    readonly type: string
    readonly kind: FieldKind
    readonly options: readonly FieldOption[]
  })[]
}

export async function selectFactDictionary(em: Em): Promise<FactDictionaryRow> {
  const row = await selectKnownRow<FactDictionaryRow>(
    em,
    sql`select
      (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'names', jsonb_build_object('ru', name_ru, 'en', name_en)) order by position, id), '[]')
        from deal_type where archived_at is null) as types,
      (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'names', jsonb_build_object('ru', name_ru, 'en', name_en)) order by category = 'lost', rank, id), '[]')
        from status where archived_at is null and merged_into_id is null) as statuses,
      (select coalesce(jsonb_agg(jsonb_build_object('code', t.code, 'names', jsonb_build_object('ru', t.name_ru, 'en', t.name_en), 'stages',
          (select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'names', jsonb_build_object('ru', s.name_ru, 'en', s.name_en)) order by s.position), '[]')
            from stage s where s.template_version_id = v.id)) order by t.id), '[]')
        from process_template t
        join lateral (select id from process_template_version where template_id = t.id and state = 'published' order by number desc limit 1) v on true
        where t.archived_at is null) as templates,
      (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name) order by name, id), '[]') from department where archived_at is null) as departments,
      (select coalesce(jsonb_agg(jsonb_build_object('code', code, 'names', jsonb_build_object('ru', name_ru, 'en', name_en), 'isPayable', is_payable) order by position, id), '[]')
        from document_type where archived_at is null) as "documentTypes",
      (select coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'names', jsonb_build_object('ru', f.name_ru, 'en', f.name_en), 'type', d.code, 'kind', f.kind,
          'options', f.options) order by d.position, d.id, f.position, f.id), '[]')
        from custom_field f join deal_type d on d.id = f.deal_type_id where f.archived_at is null and d.archived_at is null) as fields`,
  )
  return row!
}
