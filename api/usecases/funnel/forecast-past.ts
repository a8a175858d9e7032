import { type DealLife, selectDealLives } from '../../../db/queries/deal-lives.ts'
import { insertCopies } from '../../../db/queries/forecasts.ts'
import type { OutcomeSpan } from '../../../db/queries/outcomes.ts'
import type { OutcomeBucket, OutcomeClass } from '../../../shared/domain/forecast.ts'
import { addDays, type Day, dayOf, mondayOf, type Period, startOfDay } from '../../../shared/domain/periods.ts'
import { ShowFunnel } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { ask, type Ends, endsOf } from './ask.ts'
import { copiesOf } from './forecast-copies.ts'
import { spanOf } from './outcome-scope.ts'

/**
 * Takes the copies of weeks before this one, as if the program had run then: from the visits, with the amounts, expected days and learned
 * probabilities of today. For a company that is loaded with its past.
 */
export async function recallForecasts(session: Session, weeks: number): Promise<void> {
  const { em, now, organization } = session
  const { statuses } = await ask(session, ShowFunnel.parse({}))
  const [ends, lives] = [endsOf(statuses), await selectDealLives(em)]
  const thisWeek = mondayOf(dayOf(now, organization.timeZone))
  for (let back = weeks; back > 0; back--) {
    const week = addDays(thisWeek, -7 * back)
    const then = { ...session, now: startOfDay(week, organization.timeZone) }
    const classesIn = (period: Period) => {
      const span = spanOf(then, period)
      return lives.flatMap((life) => classAt(life, { at: then.now.getTime(), today: week, span, ends }) ?? [])
    }
    await insertCopies(em, then.now, await copiesOf(then, week, classesIn))
  }
}

/** `at` in ms; `today`: the day of it. */
type Then = { readonly at: number; readonly today: Day; readonly span: OutcomeSpan; readonly ends: Ends }

/** What one deal counted as then; null before it was there, and for one won in another period or lost. */
function classAt(life: DealLife, { at, today, span, ends }: Then): OutcomeClass | null {
  const past = life.visits.filter(({ enteredAt }) => enteredAt <= at)
  const last = past.at(-1)
  if (!last) return null
  const won = past.find(({ statusId }) => ends.wonIds.includes(statusId))
  const isLost = ends.lostIds.includes(last.statusId)
  const isOther = won ? won.enteredAt < span.from.getTime() || won.enteredAt >= span.to.getTime() : isLost
  if (isOther) return null
  const bucket = won ? (isLost ? 'wonThenLost' : 'won') : openBucket(life, today, span)
  const { typeId, departmentId, amountMinor } = life
  return {
    bucket,
    typeId,
    departmentId,
    statusId: won ? null : last.statusId,
    handPct: null,
    count: 1,
    amountMinor: amountMinor ?? 0,
    withoutRate: amountMinor === null ? 1 : 0,
  }
}

function openBucket({ expectedOn }: DealLife, today: Day, { fromDay, toDay }: OutcomeSpan): OutcomeBucket {
  if (expectedOn === null) return 'undated'
  if (expectedOn < today) return 'overdue'
  return expectedOn >= fromDay && expectedOn < toDay ? 'expected' : 'outside'
}
