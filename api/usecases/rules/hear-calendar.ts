import {
  type CalendarRoundRow,
  keepRound,
  type NewRound,
  selectDealsByDate,
  selectDealsOfPeriod,
  selectFieldTitle,
  selectWorkDays,
  settleCalendarRounds,
  type Told,
} from '../../../db/queries/calendar.ts'
import { selectRulesFor } from '../../../db/queries/rules.ts'
import { datesDue, newestPeriod } from '../../../shared/domain/cycles.ts'
import { addDays, dayOf, startOfDay } from '../../../shared/domain/periods.ts'
import { type RuleTrigger, type StatusRule, statusesAsked } from '../../../shared/domain/status-rules.ts'
import type { Session } from '../../session.ts'
import { hearDeal } from './hear-deal.ts'

const pageSize = 200
/** How much is done at once, in deals that no rule answers for; the rest follows a minute later. One that is answered for costs as much as five. */
const mostAtOnce = 10_000
const costOfAnswer = 5
/** A change shows only when its transaction ends, a while after the moment it carries. */
const overlapMs = 600_000

/** What comes by the calendar, as rules in force wait for it. */
type Topic = Told & { readonly name: string; readonly trigger: RuleTrigger }

/**
 * Lets the rules hear the calendar: that a period has begun, once for each deal and period; that a date of a deal is near, once for each deal
 * and date. Days are those of the organisation's time zone.
 *
 * A period is told to deals made before its first day that are neither lost nor at the end of their main process. It is told late rather
 * than not at all: after a stop of the server only the newest period, never those between. A rule hears the periods that begin after it was
 * put in force.
 *
 * Of what comes on one day dates are told before periods, and each in the order of the rules; the play of the past keeps to it.
 *
 * A date is told from the day that is so many days before it on, or after it; to a rule or a deal that comes later as long as the date
 * itself has not gone by. A date put off is told again.
 * @returns how many deals some rule answered for
 */
export async function hearCalendar(session: Session): Promise<number> {
  const { topics, rounds } = await settleCalendar(session)
  let [answered, left] = [0, mostAtOnce]
  for (const round of rounds) {
    const topic = topics.find(({ name }) => name === round.topic)!
    const done =
      topic.trigger.kind === 'date_near'
        ? await tellDate(session, topic, round, left)
        : await tellPeriod(session, topic, round, left)
    answered += done.answered
    left -= done.cost
  }
  return answered
}

/** Rules that are new begin to listen at once, not only when the job comes by; what no rule waits for is forgotten. */
export async function settleCalendar(
  session: Session,
): Promise<{ readonly topics: readonly Topic[]; readonly rounds: readonly CalendarRoundRow[] }> {
  const { em, now, organization } = session
  const topics = topicsOf([...(await selectRulesFor(em, 'date_near')), ...(await selectRulesFor(em, 'period_began'))])
  const workDays = topics.some(({ trigger }) => trigger.onWorkingDay)
    ? await selectWorkDays(em)
    : { workDays: [], exceptions: {} }
  const today = dayOf(now, organization.timeZone)
  const rounds = topics.map(({ name, trigger }): NewRound => {
    const { every, onWorkingDay = false } = trigger
    if (every === undefined) return { topic: name, beganOn: today, toldUpTo: addDays(today, -1), finishedAt: null }
    const beganOn = newestPeriod({ every, onWorkingDay }, today, workDays)
    return { topic: name, beganOn, toldUpTo: beganOn, finishedAt: now }
  })
  return { topics, rounds: await settleCalendarRounds(em, rounds) }
}

function topicsOf(rules: readonly StatusRule[]): readonly Topic[] {
  const byName = Map.groupBy(rules, ({ trigger }) =>
    trigger.kind === 'date_near'
      ? `${trigger.fact} ${trigger.daysBefore}`
      : `${trigger.every}${trigger.onWorkingDay ? ' working' : ''}`,
  )
  return [...byName].map(([name, same]) => ({
    name,
    trigger: same[0]!.trigger,
    types: same.some(({ dealTypes }) => dealTypes.length === 0) ? null : [...new Set(same.flatMap(({ dealTypes }) => dealTypes))],
    statuses: statusesAsked(same.map(({ condition }) => condition)),
  }))
}

type Done = { readonly cost: number; readonly answered: number }

async function tellPeriod(session: Session, topic: Topic, round: CalendarRoundRow, left: number): Promise<Done> {
  const { every, onWorkingDay = false } = topic.trigger
  if (round.finishedAt !== null || every === undefined) return { cost: 0, answered: 0 }
  const startsOn = round.beganOn
  const startsAt = startOfDay(startsOn, session.organization.timeZone)
  return tellPages(session, round, left, {
    page: (afterId, limit) => selectDealsOfPeriod(session.em, topic, round, startsAt, { afterId, limit }),
    tell: (one, { id }) =>
      hearDeal(one, id, {
        event: { kind: 'period_began', every, onWorkingDay, startsOn },
        fact: { kind: 'time_passed', days: null, began: every },
        telling: { topic: topic.name, on: startsOn },
      }),
  })
}

async function tellDate(session: Session, topic: Topic, round: CalendarRoundRow, left: number): Promise<Done> {
  const { fact, daysBefore } = topic.trigger
  if (fact === undefined || daysBefore === undefined) return { cost: 0, answered: 0 }
  const names = fact.startsWith('field.') ? await selectFieldTitle(session.em, fact.slice('field.'.length)) : null
  // Once a day all deals are gone through, between times those that changed.
  const changedSince = round.finishedAt && new Date(round.finishedAt.getTime() - overlapMs)
  const due = { fact, ...datesDue(daysBefore, round.beganOn, round.toldUpTo), changedSince }
  const isWhole = round.finishedAt === null
  return tellPages(session, isWhole ? round : { ...round, afterDealId: 0 }, left, {
    page: (afterId, limit) => selectDealsByDate(session.em, topic, topic.name, due, { afterId, limit }),
    tell: (one, { id, date }) =>
      hearDeal(one, id, {
        event: { kind: 'date_near', fact, daysBefore, date },
        fact: { kind: 'time_passed', days: null, near: { names, on: date } },
        telling: { topic: topic.name, on: date },
      }),
  })
}

/** Page by page; how far it came is kept, so that whoever goes on begins there. */
async function tellPages<Row extends { readonly id: number }>(
  session: Session,
  round: CalendarRoundRow,
  left: number,
  {
    page,
    tell,
  }: {
    readonly page: (afterId: number, limit: number) => Promise<readonly Row[]>
    readonly tell: (session: Session, row: Row) => Promise<boolean>
  },
): Promise<Done> {
  let [cost, answered, afterId] = [0, 0, round.afterDealId]
  while (cost < left) {
    const rows = await page(afterId, pageSize)
    const before = answered
    for (const row of rows) if (await tell({ ...session, em: session.em.fork() }, row)) answered++
    cost += rows.length + (answered - before) * (costOfAnswer - 1)
    afterId = rows.at(-1)?.id ?? afterId
    const isLast = rows.length < pageSize
    await keepRound(session.em, round, round.finishedAt === null ? afterId : 0, isLast ? session.now : null)
    if (isLast) break
  }
  return { cost, answered }
}
