import { LockMode } from '@mikro-orm/core'
import { Deal } from '../../../db/entities/deal.ts'
import type { Em } from '../../../db/orm.ts'
import { selectDealsIdleFor, selectDealsPastDeadline, selectRulesFor } from '../../../db/queries/rules.ts'
import { type Session, transact } from '../../session.ts'
import { tellOthers } from '../deals/change-deal.ts'
import { type Heard, newChange, recordEvent, touchDeal } from '../deals/deal-record.ts'
import { applyRules, matchRule } from './apply-rules.ts'
import { systemSession } from './system-session.ts'

const pageSize = 200

/**
 * Lets the rules hear what time alone brings: a limit that ran out (once per stay in a status) and days without a change (once per such
 * spell). Each deal is a transaction of its own. Nothing is done while no rule waits for either.
 * @returns how many deals some rule answered for
 */
export async function hearTime(em: Em, now: Date): Promise<number> {
  const session = await systemSession(em, now)
  if (!session) return 0
  let answered = 0
  if ((await selectRulesFor(em, 'deadline_passed')).length > 0) {
    answered += await forEachDeal(
      session,
      (after) => selectDealsPastDeadline(em, now, session.organization.workCalendar != null, after, pageSize),
      () => ({ kind: 'deadline_passed' }),
    )
  }
  const spells = (await selectRulesFor(em, 'deal_idle')).map((rule) => rule.trigger.days ?? 1)
  if (spells.length > 0) {
    const days = Math.min(...spells)
    answered += await forEachDeal(
      session,
      (after) => selectDealsIdleFor(em, now, days, after, pageSize),
      ({ idleDays }) => ({ kind: 'deal_idle', days: idleDays }),
    )
  }
  return answered
}

type Waiting = { readonly id: number; readonly idleDays: number }

async function forEachDeal(
  session: Session,
  page: (afterId: number) => Promise<readonly Waiting[]>,
  eventOf: (deal: Waiting) => Heard['event'],
): Promise<number> {
  let answered = 0
  for (let rows = await page(0); rows.length > 0; rows = await page(rows.at(-1)!.id)) {
    for (const row of rows) if (await hear({ ...session, em: session.em.fork() }, row.id, eventOf(row))) answered++
  }
  return answered
}

/** @returns whether some rule answered. */
function hear(session: Session, dealId: number, event: Heard['event']): Promise<boolean> {
  return transact(session, async (inside) => {
    const deal = await inside.em.findOne(Deal, { id: dealId, withdrawnAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    if (!deal) return false
    const change = newChange(inside, deal, 'other')
    const heard: Heard = { event, runId: null }
    if ((await matchRule(change, heard)) === null) return false
    const fact = recordEvent(inside, deal, { kind: 'time_passed', days: event.kind === 'deal_idle' ? event.days : null })
    await inside.em.flush()
    change.heard.push(heard)
    await applyRules(change, fact)
    touchDeal(change)
    await inside.em.flush()
    await tellOthers(inside, deal, fact)
    return true
  })
}
