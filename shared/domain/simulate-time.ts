import { type Condition, type Facts, factsIn } from './conditions.ts'
import { type CyclePeriod, firstDayOf } from './cycles.ts'
import { addDays, addMonths, type Day, dayOf, startOfDay } from './periods.ts'
import { type RuleEvent, type StatusRule, statusesAsked } from './status-rules.ts'
import { deadlineOf, isWorkingDay, type WorkCalendar } from './working-time.ts'

/**
 * What time alone brings to a deal between the things that people do, as rules that wait for it hear it: limits, quiet spells, beginnings of
 * periods, dates that are near. Times are milliseconds since 1970 unless they are called instants. Pure.
 */
export type PlayClock = {
  /** ISO instant up to which time is played. */
  readonly until: string
  readonly timeZone: string
  /** By which limits are counted; null: calendar hours. */
  readonly calendar: WorkCalendar | null
  /** By which periods begin on working days. */
  readonly workDays: Pick<WorkCalendar, 'workDays' | 'exceptions'>
  /** Hours that a deal may stay: the limit of the stage that gave the status, else of the status; null: no limit. */
  readonly limitOf: (stage: { readonly template: string; readonly stage: string } | null, status: string) => number | null
}

/** What the rules have been told so far. */
export type Waiting = {
  /** When the stay in the status began, and when its limit runs out; null without one. */
  stayFrom: number
  deadline: number | null
  deadlineTold: boolean
  /** When somebody or a rule last changed the deal. */
  quietFrom: number
  idleTold: boolean
  /** When the rules were last asked in vain; null: not since something happened. */
  deadlineAsked: number | null
  idleAsked: number | null
  /** By topic: the next period, or the last date told. */
  readonly periods: Map<PeriodTopic, { readonly startsOn: Day; readonly at: number }>
  readonly dates: Map<DateTopic, Day>
}

/** A deal as it stands in the play while it waits. */
export type WaitingDeal = {
  readonly type: string
  readonly status: string
  readonly isLost: boolean
  /** Its main process has come to an end. */
  readonly isEnded: boolean
  readonly facts: Facts
}

export type Alarm = { readonly at: number; readonly event: RuleEvent; readonly topic: PeriodTopic | DateTopic | null }
type PeriodTopic = { readonly every: CyclePeriod; readonly onWorkingDay: boolean }
type DateTopic = {
  readonly fact: string
  readonly daysBefore: number
  /** Codes; null for any. */
  readonly types: readonly string[] | null
  readonly statuses: readonly string[] | null
}

/** What the rules that wait for time wait for; null where there is no such rule. */
export type TimeRules = {
  readonly deadline: { readonly again: boolean } | null
  /** Whole days without a change that some rule waits for, ascending. */
  readonly idle: { readonly days: readonly number[]; readonly again: boolean } | null
  readonly periods: readonly PeriodTopic[]
  readonly dates: readonly DateTopic[]
  /** When a local day begins. */
  readonly startOf: (day: Day) => number
}

const hourMs = 3_600_000
const dayMs = 86_400_000
/** What changes with time alone: rules whose conditions ask for these are asked again every day. */
const growing = ['daysInStatus', 'hoursInStage', 'openTasks']

export function timeRulesOf(rules: readonly StatusRule[], { timeZone }: PlayClock): TimeRules | null {
  const of = (kind: StatusRule['trigger']['kind']) => rules.filter(({ trigger }) => trigger.kind === kind)
  const [late, idle, periods, dates] = [of('deadline_passed'), of('deal_idle'), of('period_began'), of('date_near')]
  if (late.length + idle.length + periods.length + dates.length === 0) return null
  const days = [...new Set(idle.map(({ trigger }) => trigger.days ?? 1))].sort((a, b) => a - b)
  const starts = new Map<Day, number>()
  return {
    deadline: late.length > 0 ? { again: late.some(({ condition }) => grows(condition)) } : null,
    idle: idle.length > 0 ? { days, again: idle.some(({ condition }) => grows(condition)) } : null,
    periods: periodTopics(periods),
    dates: dateTopics(dates),
    startOf(day) {
      const known = starts.get(day) ?? startOfDay(day, timeZone).getTime()
      starts.set(day, known)
      return known
    },
  }
}

function periodTopics(rules: readonly StatusRule[]): readonly PeriodTopic[] {
  const named = rules.flatMap(({ trigger: { every, onWorkingDay = false } }) => (every ? [{ every, onWorkingDay }] : []))
  return [...new Map(named.map((topic) => [`${topic.every} ${topic.onWorkingDay}`, topic])).values()]
}

function dateTopics(rules: readonly StatusRule[]): readonly DateTopic[] {
  const byName = Map.groupBy(rules, ({ trigger }) => `${trigger.fact} ${trigger.daysBefore}`)
  return [...byName.values()].flatMap((same) => {
    const { fact, daysBefore } = same[0]!.trigger
    if (fact === undefined || daysBefore === undefined) return []
    const types = same.some(({ dealTypes }) => dealTypes.length === 0) ? null : same.flatMap(({ dealTypes }) => dealTypes)
    return [{ fact, daysBefore, types, statuses: statusesAsked(same.map(({ condition }) => condition)) }]
  })
}

/** Nothing told yet: a deal that has just been made. Its first stay is begun by `beginStay`. */
export function waitingFrom(created: number, rules: TimeRules, clock: PlayClock): Waiting {
  const waiting: Waiting = {
    stayFrom: created,
    deadline: null,
    deadlineTold: false,
    quietFrom: created,
    idleTold: false,
    deadlineAsked: null,
    idleAsked: null,
    periods: new Map(),
    dates: new Map(),
  }
  const today = dayOf(new Date(created), clock.timeZone)
  // A period is told to deals made before its first day.
  for (const topic of rules.periods) setNextPeriod(waiting, topic, firstDayOf(topic.every, today), rules, clock)
  return waiting
}

export function beginStay(waiting: Waiting, at: number, hours: number | null, { calendar }: PlayClock): void {
  waiting.stayFrom = at
  waiting.deadlineTold = false
  waiting.deadlineAsked = null
  waiting.deadline = hours === null ? null : calendar ? deadlineOf(new Date(at), hours, calendar).getTime() : at + hours * hourMs
}

/** Somebody changed the deal. */
export function touch(waiting: Waiting, at: number): void {
  waiting.quietFrom = at
  waiting.idleTold = false
  waiting.idleAsked = null
  waiting.deadlineAsked = null
}

/** Writes down that the rules heard an alarm. @param answered some rule acted: that is a change of the deal */
export function markTold(
  waiting: Waiting,
  { at, event, topic }: Alarm,
  answered: boolean,
  rules: TimeRules,
  clock: PlayClock,
): void {
  if (answered) touch(waiting, at)
  switch (event.kind) {
    case 'deadline_passed':
      waiting.deadlineTold ||= answered && waiting.stayFrom < at
      waiting.deadlineAsked = waiting.stayFrom < at ? at : null
      return
    case 'deal_idle':
      waiting.idleTold = answered
      waiting.idleAsked = at
      return
    case 'period_began':
      setNextPeriod(waiting, topic as PeriodTopic, event.startsOn, rules, clock)
      return
    case 'date_near':
      waiting.dates.set(topic as DateTopic, event.date)
      return
    default:
      throw new Error(`${event.kind} is not brought by time`)
  }
}

/**
 * The next thing that time brings at or after `cursor`; null when nothing does. Of things at one instant limits come first, then quiet spells,
 * dates and periods, as the job tells them. A limit is told once a stay and a quiet spell once, to the first
 * rule that answers; a period once each, and a date once as long as it stays the same, whether a rule answers or not.
 */
export function nextAlarm(rules: TimeRules, waiting: Waiting, deal: WaitingDeal, cursor: number): Alarm | null {
  const alarms = [
    ...(deal.isLost
      ? []
      : [
          rules.deadline && nextDeadline(rules.deadline.again, waiting, cursor),
          rules.idle && nextIdle(rules.idle, waiting, cursor),
          ...rules.dates.map((topic) => nextDate(topic, rules, waiting, deal, cursor)),
        ]),
    ...[...waiting.periods].map(([topic, { startsOn, at }]): Alarm => {
      return { at: Math.max(at, cursor), event: { kind: 'period_began', ...topic, startsOn }, topic }
    }),
  ].filter((alarm) => alarm !== null)
  return alarms.reduce<Alarm | null>((first, alarm) => (first && first.at <= alarm.at ? first : alarm), null)
}

function nextDeadline(
  again: boolean,
  { deadline, deadlineTold, deadlineAsked, stayFrom }: Waiting,
  cursor: number,
): Alarm | null {
  if (deadline === null || deadlineTold) return null
  const event = { kind: 'deadline_passed' } as const
  if (deadlineAsked === null) return { at: Math.max(deadline, cursor), event, topic: null }
  return again ? { at: nextDay(stayFrom, Math.max(deadlineAsked, cursor)), event, topic: null } : null
}

function nextIdle(rule: NonNullable<TimeRules['idle']>, waiting: Waiting, cursor: number): Alarm | null {
  if (waiting.idleTold) return null
  const { quietFrom, idleAsked } = waiting
  const heard = idleAsked === null ? 0 : Math.floor((idleAsked - quietFrom) / dayMs)
  const days = rule.again && heard >= rule.days[0]! ? heard + 1 : rule.days.find((wanted) => wanted > heard)
  if (days === undefined) return null
  return { at: Math.max(quietFrom + days * dayMs, cursor), event: { kind: 'deal_idle', days }, topic: null }
}

/** From the day that is so many days before the date on, for as long as the date has not gone by; after the date, on that day only. */
function nextDate(topic: DateTopic, { startOf }: TimeRules, waiting: Waiting, deal: WaitingDeal, cursor: number): Alarm | null {
  const { fact, daysBefore, types, statuses } = topic
  const date = deal.facts[fact]
  if (typeof date !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(date) || waiting.dates.get(topic) === date) return null
  if (types && !types.includes(deal.type)) return null
  if (statuses && !statuses.includes(deal.status)) return null
  const dueOn = addDays(date, -daysBefore)
  const at = Math.max(startOf(dueOn), cursor)
  if (at >= startOf(addDays(daysBefore < 0 ? dueOn : date, 1))) return null
  return { at, event: { kind: 'date_near', fact, daysBefore, date }, topic }
}

const monthsOf: Readonly<Record<Exclude<CyclePeriod, 'week'>, number>> = { month: 1, quarter: 3, year: 12 }

function setNextPeriod(waiting: Waiting, topic: PeriodTopic, after: Day, { startOf }: TimeRules, clock: PlayClock): void {
  const next = (day: Day): Day => (topic.every === 'week' ? addDays(day, 7) : addMonths(day, monthsOf[topic.every]))
  // A calendar that nobody works by has no beginnings; ten years ahead is far enough.
  for (let first = next(after), last = addMonths(first, 120); first < last; first = next(first)) {
    if (!topic.onWorkingDay) return void waiting.periods.set(topic, { startsOn: first, at: startOf(first) })
    for (let day = first; day < next(first); day = addDays(day, 1))
      if (isWorkingDay(day, clock.workDays as WorkCalendar))
        return void waiting.periods.set(topic, { startsOn: first, at: startOf(day) })
  }
  waiting.periods.delete(topic)
}

function nextDay(from: number, after: number): number {
  return from + (Math.floor((after - from) / dayMs) + 1) * dayMs
}

function grows(condition: Condition): boolean {
  return factsIn(condition).some((fact) => growing.includes(fact))
}
