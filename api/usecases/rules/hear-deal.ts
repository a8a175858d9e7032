import { LockMode } from '@mikro-orm/core'
import { Deal } from '../../../db/entities/deal.ts'
import { takeTelling } from '../../../db/queries/calendar.ts'
import type { DealEventBody } from '../../../shared/domain/events.ts'
import type { RuleEvent } from '../../../shared/domain/status-rules.ts'
import { type Session, transact } from '../../session.ts'
import { tellOthers } from '../deals/change-deal.ts'
import { type Heard, newChange, recordEvent, touchDeal } from '../deals/deal-record.ts'
import { applyRules, matchRule } from './apply-rules.ts'

export type ByTime = {
  readonly event: RuleEvent
  /** What the deal's history keeps of it where a rule answers. */
  readonly fact: Extract<DealEventBody, { kind: 'time_passed' }>
  /** What holds the deal to one telling. */
  readonly telling?: { readonly topic: string; readonly on: string }
}

/** Lets the rules of one deal hear what time brought, in a transaction of its own. @returns whether some rule answered */
export function hearDeal(session: Session, dealId: number, { event, fact, telling }: ByTime): Promise<boolean> {
  return transact(session, async (inside) => {
    const deal = await inside.em.findOne(Deal, { id: dealId, withdrawnAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!deal) return false
    if (telling && !(await takeTelling(inside.em, deal.id, telling.topic, telling.on))) return false
    const change = newChange(inside, deal, 'other')
    const heard: Heard = { event, runId: null }
    if ((await matchRule(change, heard)) === null) return false
    const recorded = recordEvent(inside, deal, fact)
    await inside.em.flush()
    change.heard.push(heard)
    await applyRules(change, recorded)
    touchDeal(change)
    await inside.em.flush()
    await tellOthers(inside, deal, recorded)
    return true
  })
}
