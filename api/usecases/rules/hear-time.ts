import type { Em } from '../../../db/orm.ts'
import { selectDealsIdleFor, selectDealsPastDeadline, selectRulesFor } from '../../../db/queries/rules.ts'
import type { Session } from '../../session.ts'
import { hearCalendar } from './hear-calendar.ts'
import { type ByTime, hearDeal } from './hear-deal.ts'
import { systemSession } from './system-session.ts'

const pageSize = 200

/**
 * Lets the rules hear what time alone brings: a limit that ran out (once per stay in a status), days without a change (once per such
 * spell), and the calendar. Each deal is a transaction of its own. Nothing is done while no rule waits for any of it.
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
      () => ({ event: { kind: 'deadline_passed' }, fact: { kind: 'time_passed', days: null } }),
    )
  }
  const spells = (await selectRulesFor(em, 'deal_idle')).map((rule) => rule.trigger.days ?? 1)
  if (spells.length > 0) {
    const days = Math.min(...spells)
    answered += await forEachDeal(
      session,
      (after) => selectDealsIdleFor(em, now, days, after, pageSize),
      ({ idleDays }) => ({ event: { kind: 'deal_idle', days: idleDays }, fact: { kind: 'time_passed', days: idleDays } }),
    )
  }
  return answered + (await hearCalendar(session))
}

type Waiting = { readonly id: number; readonly idleDays: number }

async function forEachDeal(
  session: Session,
  page: (afterId: number) => Promise<readonly Waiting[]>,
  eventOf: (deal: Waiting) => ByTime,
): Promise<number> {
  let answered = 0
  for (let rows = await page(0); rows.length > 0; rows = await page(rows.at(-1)!.id)) {
    for (const row of rows) if (await hearDeal({ ...session, em: session.em.fork() }, row.id, eventOf(row))) answered++
  }
  return answered
}
