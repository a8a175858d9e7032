import { selectDealCard, selectRuns } from '../../../db/queries/deals.ts'
import { type ProcessVersionRow, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { type RuleRow, selectRules } from '../../../db/queries/firings.ts'
import { selectLastFiring } from '../../../db/queries/rules.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Facts } from '../../../shared/domain/conditions.ts'
import { type RuleEvent, statusOf } from '../../../shared/domain/status-rules.ts'
import type { RuleWords } from '../../../shared/messages/describe-condition.ts'
import type { ShowDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { readStatuses } from '../dictionary.ts'
import { readRuleWords } from './list-rules.ts'

export type Outlook = {
  /** What the rule that gave the present status heard and saw; null where no rule did. */
  readonly because: { readonly event: RuleEvent; readonly seen: Facts } | null
  /** The rules that may still move the deal on, in the order they are asked. */
  readonly ahead: readonly RuleRow[]
  readonly words: RuleWords
}

/**
 * Why a deal has its status, to the values that a rule saw, and which rules may change it next: those in force for its type that set
 * another status, of which what they wait for can still happen. Gates ahead stand on the card itself.
 * @throws AppError not_found
 */
export async function lookAhead(session: Session, input: ShowDealInput): Promise<Outlook> {
  const { em } = session
  const deal = await selectDealCard(em, session.actor, input.number)
  if (!deal) throw new AppError('not_found')
  const [rules, statuses, runs] = [await selectRules(em), await readStatuses(session), await selectRuns(em, deal.id)]
  const versions = await selectProcessVersions(
    em,
    runs.map((run) => run.templateVersionId),
  )
  const now = statuses.byId(deal.statusId)
  const stagesAhead = new Set(
    runs.filter((run) => run.state === 'running').flatMap((run) => stagesAfter(versions, run.templateVersionId, run.stageId)),
  )
  const mayAct = (rule: RuleRow): boolean => {
    const code = statusOf(rule)
    const target = code === undefined ? undefined : statuses.all.find((status) => status.code === code)
    if (!rule.isActive || rule.archived || !target || target.archived || target.id === now.id) return false
    if (rule.dealTypes.length > 0 && !rule.dealTypes.includes(deal.typeCode)) return false
    if (rule.forwardOnly && target.category !== 'lost' && target.rank <= now.rank) return false
    const { kind, stage } = rule.trigger
    // Periods are told only while the main process goes on.
    if (kind === 'period_began') return runs.every((run) => !run.isMain || run.state === 'running')
    return kind === 'deal_created' || kind === 'lead_received'
      ? false
      : kind === 'stage_entered' && stage
        ? stagesAhead.has(stage)
        : true
  }
  const ahead = now.category === 'lost' || deal.statusHeld ? [] : rules.filter(mayAct)
  const firing = await selectLastFiring(em, deal.id)
  return { because: firing, ahead, words: await readRuleWords(session, ahead) }
}

function stagesAfter(versions: readonly ProcessVersionRow[], versionId: number, stageId: number): readonly string[] {
  const stages = versions.find((version) => version.id === versionId)?.stages ?? []
  const here = stages.find((stage) => stage.id === stageId)?.position ?? 0
  return stages.filter((stage) => stage.position > here).map((stage) => stage.code)
}
