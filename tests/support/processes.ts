import type { Orm } from '../../db/orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../../db/sql.ts'
import type { Condition } from '../../shared/domain/conditions.ts'
import type { StageTask } from '../../shared/domain/process.ts'
import type { Gate } from '../../shared/domain/rules.ts'

export type StageGiven = {
  readonly code: string
  /** Code of the status that it gives. */
  readonly status?: string
  readonly gates?: readonly Gate[]
  readonly tasks?: readonly StageTask[]
  /** Codes of the stages that may follow; the next one where it is left out. */
  readonly to?: readonly string[]
  readonly condition?: Condition
}

/** A published process whose stages follow one another, made straight in the database. @returns the template's id */
export async function insertProcess(orm: Orm, code: string, stages: readonly StageGiven[]): Promise<number> {
  const em = orm.em.fork()
  const one = async (statement: RawBuilder<{ id: number }>) => (await selectRow<{ id: number }>(em, statement))!.id
  const templateId = await one(
    sql<{
      id: number
    }>`insert into process_template (code, name_ru, name_en) values (${code}, ${`Процесс ${code}`}, ${`Process ${code}`}) returning id`,
  )
  const versionId = await one(
    sql<{
      id: number
    }>`insert into process_template_version (template_id, number, state) values (${templateId}, 1, 'draft') returning id`,
  )
  const ids = new Map<string, number>()
  for (const [position, { code: stage, status = null, gates = [], tasks = [] }] of stages.entries())
    ids.set(
      stage,
      await one(sql<{
        id: number
      }>`insert into stage (template_version_id, code, name_ru, name_en, position, status_id, gates, tasks)
        values (${versionId}, ${stage}, ${`Этап ${stage}`}, ${`Stage ${stage}`}, ${position + 1}, (select id from status where code = ${status}),
          ${JSON.stringify(gates)}::jsonb, ${JSON.stringify(tasks)}::jsonb) returning id`),
    )
  for (const [index, { code: stage, to, condition }] of stages.entries())
    for (const next of to ?? stages.slice(index + 1, index + 2).map((one) => one.code))
      await selectRows(
        em,
        sql`insert into stage_transition (from_stage_id, to_stage_id, condition)
          values (${ids.get(stage)!}, ${ids.get(next)!}, ${condition ? JSON.stringify(condition) : null}::jsonb)`,
      )
  await selectRows(em, sql`update process_template_version set state = 'published', published_at = now() where id = ${versionId}`)
  return templateId
}

/** A type of deals with this main process and, beside it, these. */
export async function insertType(
  orm: Orm,
  code: string,
  mainId: number | null,
  furtherIds: readonly number[] = [],
): Promise<void> {
  const em = orm.em.fork()
  const row = await selectRow<{ id: number }>(
    em,
    sql`insert into deal_type (code, name_ru, name_en, icon, position, process_template_id) values (${code}, ${code}, ${code}, 'deal', 99, ${mainId}) returning id`,
  )
  for (const id of furtherIds)
    await selectRows(em, sql`insert into deal_type_process (deal_type_id, process_template_id) values (${row!.id}, ${id})`)
}
