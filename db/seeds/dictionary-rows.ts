import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'
import { typeSeeds } from './demo-processes.ts'
import { continueSequence, insertRows } from './insert-rows.ts'
import { statusSeeds } from './statuses.ts'

const named = { id: 'int', code: 'text', name_ru: 'text', name_en: 'text' }

/** Loads the common dictionary of statuses. @param withTargets a real company sets its target conversions itself. */
export async function insertStatuses(em: Em, withTargets: boolean): Promise<void> {
  const rows = statusSeeds.map((status) => ({
    ...namedRow(status),
    rank: status.rank,
    phase: status.phase,
    category: status.category,
    is_won: status.isWon,
    probability_pct: status.probabilityPct,
    time_limit_hours: status.timeLimitHours,
    target_conversion_pct: withTargets ? status.targetConversionPct : null,
  }))
  const columns = {
    ...named,
    rank: 'int',
    phase: 'text',
    category: 'text',
    is_won: 'boolean',
    probability_pct: 'int',
    time_limit_hours: 'int',
    target_conversion_pct: 'int',
  }
  await insertRows(em, 'status', columns, rows)
  await continueSequence(em, 'status', statusSeeds.length)
}

/** Loads the demo's deal types, each with its template, published in one version at `publishedAt`. */
export async function insertTypes(em: Em, publishedAt: Date): Promise<void> {
  const templates = typeSeeds.map(({ id, code, processNames }) => namedRow({ id, code, names: processNames }))
  await insertRows(em, 'process_template', named, templates)
  const versions = typeSeeds.map(({ version }) => ({ id: version.id, template_id: version.id, number: 1, state: 'draft' }))
  await insertRows(em, 'process_template_version', { id: 'int', template_id: 'int', number: 'int', state: 'text' }, versions)
  await insertStages(em)
  await selectRows(em, sql`update process_template_version set state = 'published', published_at = ${publishedAt}`)
  const types = typeSeeds.map((type) => ({
    ...namedRow(type),
    icon: type.icon,
    position: type.id,
    process_template_id: type.version.id,
  }))
  await insertRows(em, 'deal_type', { ...named, icon: 'text', position: 'int', process_template_id: 'int' }, types)
  for (const table of ['process_template', 'process_template_version', 'deal_type'])
    await continueSequence(em, table, typeSeeds.length)
}

async function insertStages(em: Em): Promise<void> {
  const stages = typeSeeds.flatMap(({ version }) =>
    version.stages.map((stage) => ({
      ...namedRow(stage),
      template_version_id: version.id,
      position: stage.position,
      status_id: stage.statusId,
      time_limit_hours: stage.timeLimitHours,
    })),
  )
  const columns = { ...named, template_version_id: 'int', position: 'int', status_id: 'int', time_limit_hours: 'int' }
  await insertRows(em, 'stage', columns, stages)
  await continueSequence(em, 'stage', stages.length)
  const ways = typeSeeds
    .flatMap(({ version }) =>
      version.stages.flatMap((stage) =>
        stage.ways.map(({ to }, position) => ({ from_stage_id: stage.id, to_stage_id: to, position })),
      ),
    )
    .map((way, index) => ({ id: index + 1, ...way }))
  await insertRows(em, 'stage_transition', { id: 'int', from_stage_id: 'int', to_stage_id: 'int', position: 'int' }, ways)
  await continueSequence(em, 'stage_transition', ways.length)
}

function namedRow({
  id,
  code,
  names,
}: {
  readonly id: number
  readonly code: string
  readonly names: { readonly ru: string; readonly en: string }
}) {
  return { id, code, name_ru: names.ru, name_en: names.en }
}
