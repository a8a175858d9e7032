import type { DealEvent } from '../../../db/entities/deal.ts'
import { type ActionOutcome, RuleFiring, StatusRuleEntity } from '../../../db/entities/rules.ts'
import { selectRulesFor } from '../../../db/queries/rules.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { findRule, maxChain, type RuleAction, type RuleMatch, waitsFor } from '../../../shared/domain/status-rules.ts'
import { type Change, enterStatus, type Heard, recordCompanion } from '../deals/deal-record.ts'
import { readStatuses, refOf } from '../dictionary.ts'
import { type ActionContext, doAction } from './do-action.ts'
import { readFacts } from './read-facts.ts'

/** How long to wait before a failed or waiting action is tried again, by the number of tries so far; after the last it is left to the administrator. */
export const retryAfterMs = [60_000, 300_000, 1_800_000, 7_200_000, 43_200_000] as const

/**
 * Lets the rules hear what a verb did (`change.heard`), one event after the other, and what the rules themselves set off by it. For each
 * event the first matching rule acts; entering a stage sets its status by the built-in rule unless a rule has set one. A chain is at most
 * ten firings long, deals that rules made on the way included: the eleventh is refused and reported. An action that fails takes back only itself: the change stands, the failure is
 * written down and tried again.
 * @param event the fact that the verb recorded
 */
export async function applyRules(change: Change, event: DealEvent): Promise<void> {
  const { chain } = change
  for (let heard = change.heard.shift(); heard; heard = change.heard.shift()) {
    const match = await matchRule(change, heard)
    if (match && chain.fired === maxChain) {
      const refused = match.rule.actions.map(
        ({ kind }) => ({ action: kind, outcome: 'failed', problem: 'rule_chain_too_long' }) as const,
      )
      recordFiring(change, event, heard, match, refused, null)
      change.heard.length = 0
      return
    }
    if (match) chain.fired++
    const done = match ? await fire(change, event, heard, match) : []
    const statusIsSet = done.some(({ action, outcome }) => action === 'set_status' && outcome !== 'failed')
    if (heard.builtIn && !statusIsSet) await enterByStage(change, heard.builtIn)
  }
}

/** The rule that answers to an event, with what it saw. Facts are read only where some rule waits for such an event. */
export async function matchRule({ session, deal }: Change, heard: Heard): Promise<RuleMatch | null> {
  const waiting = (await selectRulesFor(session.em, heard.event.kind)).filter((rule) => waitsFor(rule.trigger, heard.event))
  if (waiting.length === 0) return null
  await session.em.flush()
  const facts = await readFacts(session, deal.id, heard.runId)
  const statuses = await readStatuses(session)
  const now = statuses.resolve(deal.status.id)
  const rankOf = (code: string): number | null => {
    const found = statuses.all.find((status) => status.code === code)
    const target = found && statuses.resolve(found.id)
    return target && target.category !== 'lost' && !target.archived ? target.rank : null
  }
  return findRule(
    waiting,
    heard.event,
    facts,
    { type: String(facts['type']), rank: now.category === 'lost' ? null : now.rank },
    rankOf,
  )
}

async function fire(change: Change, event: DealEvent, heard: Heard, match: RuleMatch): Promise<readonly ActionOutcome[]> {
  const outcomes: ActionOutcome[] = []
  for (const action of match.rule.actions) outcomes.push(await attempt({ change, event, heard, rule: match.rule }, action))
  const isOpen = outcomes.some(({ outcome }) => outcome === 'failed' || outcome === 'waiting')
  const waits = outcomes.some(({ outcome }) => outcome === 'waiting')
  const retryAt = isOpen ? new Date(change.session.now.getTime() + (waits ? 0 : retryAfterMs[0])) : null
  recordFiring(change, event, heard, match, outcomes, retryAt)
  await change.session.em.flush()
  return outcomes
}

/** Does one action in a savepoint of its own; an action that changes another deal has savepoints inside of it. */
export async function attempt(context: ActionContext, action: RuleAction): Promise<ActionOutcome> {
  const { session, deal, chain } = context.change
  const { em } = session
  await em.flush()
  const point = sql.raw(`rule_action_${chain.depth++}`)
  await selectRows(em, sql`savepoint ${point}`)
  try {
    const done = await doAction(context, action)
    await em.flush()
    await selectRows(em, sql`release savepoint ${point}`)
    return { action: action.kind, ...done }
  } catch (error) {
    await selectRows(em, sql`rollback to savepoint ${point}`)
    // What the action had prepared goes, and the deal is read as it stands in the database.
    em.getUnitOfWork().getPersistStack().clear()
    await em.refresh(deal)
    return { action: action.kind, outcome: 'failed', problem: error instanceof AppError ? error.code : 'unexpected' }
  } finally {
    chain.depth--
  }
}

async function enterByStage(change: Change, { statusId, stage, ref }: NonNullable<Heard['builtIn']>): Promise<void> {
  const { session, deal } = change
  const statuses = await readStatuses(session)
  const [from, to] = [statuses.resolve(deal.status.id), statuses.resolve(statusId)]
  if (deal.statusHeld || from.id === to.id) return
  const cause = { kind: 'stage', stage: ref } as const
  await enterStatus(change, to, cause, stage)
  recordCompanion(change, { kind: 'status_changed', from: refOf(from), to: refOf(to), cause })
}

function recordFiring(
  change: Change,
  event: DealEvent,
  heard: Heard,
  { rule, seen }: RuleMatch,
  outcomes: readonly ActionOutcome[],
  retryAt: Date | null,
): void {
  const { session, deal } = change
  const firing = session.em.create(RuleFiring, {
    rule: session.em.getReference(StatusRuleEntity, rule.id),
    ruleName: rule.names,
    deal,
    dealEvent: event,
    event: heard.event,
    seen,
    outcomes,
    hasFailed: outcomes.some(({ outcome }) => outcome === 'failed'),
    retryAt,
    firedAt: session.now,
  })
  session.em.persist(firing)
  const notice = rule.actions.find((action) => action.kind === 'notify')
  recordCompanion(change, {
    kind: 'rule_fired',
    rule: { id: rule.id, name: rule.names },
    actions: outcomes.filter(({ outcome }) => outcome === 'done').map(({ action }) => action),
    ...(notice ? { notice: notice.text } : {}),
  })
}
