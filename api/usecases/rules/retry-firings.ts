import { LockMode } from '@mikro-orm/core'
import { Deal, DealEvent } from '../../../db/entities/deal.ts'
import { type ActionOutcome, RuleFiring } from '../../../db/entities/rules.ts'
import type { Em } from '../../../db/orm.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import type { RuleAction } from '../../../shared/domain/status-rules.ts'
import { type Session, transact } from '../../session.ts'
import { announceDeal } from '../deals/change-deal.ts'
import { newChange, touchDeal } from '../deals/deal-record.ts'
import { attempt, retryAfterMs } from './apply-rules.ts'
import { systemSession } from './system-session.ts'

/** Sends a webhook. Throws with what went wrong, in few words. */
export type SendWebhook = (url: string, body: object) => Promise<void>

/**
 * Does again what failed in rules, and for the first time what waits: webhooks, which are sent outside of any transaction. After the last
 * try (about half a day) a failure is left to the administrator, who sees it among the firings and may have it tried again.
 * @returns firings tried
 */
export async function retryFirings(em: Em, now: Date, send: SendWebhook): Promise<number> {
  const session = await systemSession(em, now)
  if (!session) return 0
  const due = await selectRows<{ id: number }>(
    em,
    sql`select id from rule_firing where retry_at <= ${now} order by retry_at, id limit 100`,
  )
  for (const { id } of due) await retryFiring({ ...session, em: session.em.fork() }, id, send)
  return due.length
}

/** One firing: its open actions in their order. Two at once: one works, the other finds nothing due. */
async function retryFiring(session: Session, firingId: number, send: SendWebhook): Promise<void> {
  const sent = await sendWebhooks(session, firingId, send)
  await transact(session, async (inside) => {
    const firing = await inside.em.findOne(RuleFiring, firingId, { populate: ['rule'], lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!firing || firing.retryAt === null) return
    const deal = await inside.em.findOneOrFail(Deal, firing.deal.id, { lockMode: LockMode.PESSIMISTIC_WRITE })
    const event = firing.dealEvent && (await inside.em.findOne(DealEvent, firing.dealEvent.id))
    const change = newChange(inside, deal, 'other')
    const rule = { id: firing.rule.id, names: firing.ruleName }
    const outcomes: ActionOutcome[] = []
    for (const [index, was] of firing.outcomes.entries()) {
      const action = firing.rule.actions[index]
      if (sent.has(index)) outcomes.push(sent.get(index)!)
      else if (!isOpen(was) || !event || action?.kind !== was.action) outcomes.push(was)
      else outcomes.push(await attempt({ change, event, heard: { event: firing.event, runId: null }, rule }, action))
    }
    const attempts = firing.attempts + 1
    const wait = retryAfterMs[attempts - 1]
    Object.assign(firing, {
      outcomes,
      hasFailed: outcomes.some(({ outcome }) => outcome === 'failed'),
      attempts,
      retryAt: outcomes.some(isOpen) && wait !== undefined ? new Date(inside.now.getTime() + wait) : null,
    })
    if (change.effects.companions.length > 0) touchDeal(change)
    await inside.em.flush()
    if (change.touched) await announceDeal(inside, deal)
  })
}

function isOpen({ outcome }: ActionOutcome): boolean {
  return outcome === 'failed' || outcome === 'waiting'
}

/** Outcome of each webhook that was due, by the place of its action. */
async function sendWebhooks({ em, now }: Session, firingId: number, send: SendWebhook): Promise<Map<number, ActionOutcome>> {
  const firing = await em.fork().findOne(RuleFiring, { id: firingId, retryAt: { $lte: now } }, { populate: ['rule', 'deal'] })
  const sent = new Map<number, ActionOutcome>()
  if (!firing) return sent
  for (const [index, was] of firing.outcomes.entries()) {
    const action: RuleAction | undefined = firing.rule.actions[index]
    if (action?.kind !== 'call_webhook' || was.action !== 'call_webhook' || !isOpen(was)) continue
    const body = {
      firing: firing.id,
      rule: { id: firing.rule.id, name: firing.ruleName },
      deal: { number: firing.deal.number, title: firing.deal.title },
      event: firing.event,
      seen: firing.seen,
      firedAt: firing.firedAt.toISOString(),
    }
    sent.set(
      index,
      await send(action.url, body).then(
        () => ({ action: 'call_webhook', outcome: 'done' }) as const,
        (error: unknown) =>
          ({
            action: 'call_webhook',
            outcome: 'failed',
            problem: String(error instanceof Error ? error.message : error).slice(0, 300),
          }) as const,
      ),
    )
  }
  return sent
}
