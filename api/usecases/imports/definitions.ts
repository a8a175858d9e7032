import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Session } from '../../session.ts'
import { readStatuses } from '../dictionary.ts'
import type { Reporter } from './report.ts'
import { mappingRefusal, sayImport } from './sentences.ts'

/**
 * Makes the statuses and deal types that the mapping defines and the dictionary does not have; those put away by an undo come back.
 * @throws AppError import_mapping_invalid
 */
export async function ensureDefinitions(session: Session, mapping: ImportMapping, report: Reporter): Promise<void> {
  for (const status of mapping.statuses) await ensureStatus(session, status, report)
  for (const type of mapping.types) await ensureType(session, type, report)
}

async function ensureStatus(session: Session, given: ImportMapping['statuses'][number], report: Reporter): Promise<void> {
  const { em } = session
  const known = await selectRow<{ id: number; archived: boolean; merged: boolean }>(
    em,
    sql`select id, archived_at is not null as archived, merged_into_id is not null as merged from status where code = ${given.code}`,
  )
  if (known && (!known.archived || known.merged)) return
  const rank = given.rank ?? (await nextRank(session))
  const rival = await selectRow<{ code: string }>(
    em,
    sql`select code from status where rank = ${rank} and category <> 'lost' and archived_at is null and code <> ${given.code}`,
  )
  if (rival && given.category !== 'lost')
    throw mappingRefusal([sayImport[session.locale]('mapping_rank_taken', { rank: String(rank), code: rival.code })])
  const { code, ru, en, phase, category, isWon, probabilityPct } = given
  const row = known
    ? await selectRow<{ id: number }>(
        em,
        sql`update status set archived_at = null, shown_in_funnel = true, rank = ${rank}, version = version + 1 where id = ${known.id} returning id`,
      )
    : await selectRow<{ id: number }>(
        em,
        sql`insert into status (code, name_ru, name_en, rank, phase, category, is_won, probability_pct, time_limit_hours)
        values (${code}, ${ru}, ${en}, ${rank}, ${phase}, ${category}, ${isWon}, ${probabilityPct}, ${given.timeLimitHours ?? null}) returning id`,
      )
  report.created('statuses', [row!.id])
}

async function nextRank(session: Session): Promise<number> {
  const row = await selectRow<{ rank: number }>(
    session.em,
    sql`select coalesce(max(rank), 0) + 1 as rank from status where archived_at is null`,
  )
  return row!.rank
}

async function ensureType(session: Session, given: ImportMapping['types'][number], report: Reporter): Promise<void> {
  const { em } = session
  const known = await selectRow<{ id: number; archived: boolean; templateId: number | null }>(
    em,
    sql`select id, archived_at is not null as archived, process_template_id as "templateId" from deal_type where code = ${given.code}`,
  )
  if (known && !known.archived) return
  if (known) {
    await selectRows(em, sql`update deal_type set archived_at = null, version = version + 1 where id = ${known.id}`)
    await selectRows(
      em,
      sql`update process_template set archived_at = null, version = version + 1 where id = ${known.templateId}`,
    )
    report.created('dealTypes', [known.id])
    return
  }
  const templateId = given.process.length > 0 ? await createTemplate(session, given) : null
  const row = await selectRow<{ id: number }>(
    em,
    sql`insert into deal_type (code, name_ru, name_en, position, process_template_id)
      values (${given.code}, ${given.ru}, ${given.en}, (select coalesce(max(position), 0) + 1 from deal_type), ${templateId}) returning id`,
  )
  report.created('dealTypes', [row!.id])
}

/** A template with one stage per status; from each one may go on to any later stage, and back by one. */
async function createTemplate(session: Session, type: ImportMapping['types'][number]): Promise<number> {
  const { em } = session
  const statuses = await readStatuses(session)
  const path = type.process.map((code) => {
    const status = statuses.all.find((candidate) => candidate.code === code)
    if (!status) throw mappingRefusal([sayImport[session.locale]('mapping_status_missing', { code })])
    return statuses.resolve(status.id)
  })
  const template = await selectRow<{ id: number }>(
    em,
    sql`insert into process_template (code, name_ru, name_en)
      values (case when exists (select 1 from process_template where code = ${type.code}) then left(${type.code}, 45) || '-' || (select max(id) + 1 from process_template)::text else ${type.code} end,
        ${type.ru}, ${type.en}) returning id`,
  )
  const version = await selectRow<{ id: number }>(
    em,
    sql`insert into process_template_version (template_id, number, state) values (${template!.id}, 1, 'draft') returning id`,
  )
  const stages: number[] = []
  for (const [index, status] of path.entries()) {
    const stage = await selectRow<{ id: number }>(
      em,
      sql`insert into stage (template_version_id, code, name_ru, name_en, position, status_id)
        values (${version!.id}, ${status.code}, ${status.names.ru}, ${status.names.en}, ${index + 1}, ${status.id}) returning id`,
    )
    stages.push(stage!.id)
  }
  for (const [index, from] of stages.entries()) {
    const next = [...stages.slice(index + 1), ...stages.slice(Math.max(0, index - 1), index)]
    for (const [position, to] of next.entries())
      await selectRows(
        em,
        sql`insert into stage_transition (from_stage_id, to_stage_id, position) values (${from}, ${to}, ${position})`,
      )
  }
  await selectRows(
    em,
    sql`update process_template_version set state = 'published', published_at = ${session.now} where id = ${version!.id}`,
  )
  return template!.id
}
