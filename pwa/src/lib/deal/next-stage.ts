import type { DealRowView } from '../../../../shared/views/deals.ts'
import type { DealTypeView, ProcessTemplateView, StageView } from '../../../../shared/views/dictionaries.ts'

/**
 * The usual next stage of a deal in a list, by the published version of its type's template: the nearest forward one.
 * A deal that runs on an older version may have another way; the server decides then.
 * @returns null when the deal has no stage or nothing lies ahead.
 */
export function nextStageOf(
  deal: DealRowView,
  types: readonly DealTypeView[],
  templates: readonly ProcessTemplateView[],
): StageView | null {
  if (!deal.stage || deal.status.category === 'lost') return null
  const code = types.find((type) => type.code === deal.type.code)?.processTemplate?.code
  const template = templates.find((candidate) => candidate.code === code)
  const stage = template?.stages.find((candidate) => candidate.code === deal.stage?.code)
  if (!template || !stage) return null
  const ahead = template.stages.filter((candidate) => stage.next.includes(candidate.code) && candidate.position > stage.position)
  return ahead.sort((a, b) => a.position - b.position)[0] ?? null
}
