import { z } from 'zod'
import type { Session } from '../api/session.ts'
import type { Rhythm, SchedulePeriod } from '../shared/domain/schedule.ts'
import { schedulePeriods } from '../shared/domain/schedule.ts'
import { CreateSchedule, type CreateScheduleInput } from '../shared/schemas/reports.ts'
import { defineButton } from './buttons.ts'
import { firstChoice, fitChoice, ReportChoice, sliceWords } from './report-choice.ts'
import { scheduleText } from './texts.ts'

const { rhythm, time } = CreateSchedule.shape
/** What a schedule in the making is about. */
export const ScheduleWhat = ReportChoice.omit({ period: true }).extend({ period: z.enum(schedulePeriods) })
export type ScheduleWhat = z.output<typeof ScheduleWhat>

/** A schedule as the reader saw it. */
const Seen = z.strictObject({ id: z.number(), version: z.number() })
/** When it comes: of a schedule in the making, or of one that is there. */
export const ScheduleWhen = z.strictObject({ of: z.union([ScheduleWhat, Seen]), rhythm, time })
export type ScheduleWhen = z.output<typeof ScheduleWhen>

/** The periods that a chat offers; the app has more. */
export const offeredPeriods: readonly SchedulePeriod[] = ['lastWeek', 'month', 'lastMonth', 'quarter', 'lastQuarter', 'year']
export const offeredTimes = ['08:00', '09:00', '12:00', '18:00']
export const offeredDays = [1, 5, 10, 15, 20, 25, 31]

export const openSchedulesButton = defineButton('schedules', z.strictObject({}))
export const showScheduleButton = defineButton('schedule', z.strictObject({ id: z.number() }))
export const whatScheduleButton = defineButton('schedule.what', ScheduleWhat)
export const typesScheduleButton = defineButton('schedule.types', ScheduleWhat)
export const whenScheduleButton = defineButton('schedule.when', ScheduleWhen)
export const askTimeButton = defineButton('schedule.time', ScheduleWhen)
export const saveScheduleButton = defineButton('schedule.save', ScheduleWhen, { once: true })
export const switchScheduleButton = defineButton('schedule.switch', Seen.extend({ active: z.boolean() }), { once: true })
export const runScheduleButton = defineButton('schedule.run', z.strictObject({ id: z.number() }), { once: true })
export const askRemovalButton = defineButton('schedule.askRemoval', Seen)
export const removeScheduleButton = defineButton('schedule.remove', Seen, { once: true })

/** Which schedule a key changes; null: none, or one in the making. */
export function seenSchedule({ action, payload }: { readonly action: string; readonly payload: unknown }): number | null {
  if (action === saveScheduleButton.name) return z.object({ of: Seen }).safeParse(payload).data?.of.id ?? null
  const changes = action === switchScheduleButton.name || action === removeScheduleButton.name
  return changes ? (z.object(Seen.shape).safeParse(payload).data?.id ?? null) : null
}

export function firstWhat(session: Session): ScheduleWhat {
  return { ...firstChoice(session), period: 'lastWeek', format: 'pdf' }
}

/** On Mondays at nine, as the app begins. */
export const firstWhen: { readonly rhythm: Rhythm; readonly time: string } = {
  rhythm: { kind: 'weekly', weekdays: [1] },
  time: '09:00',
}

/** A schedule of the reader's own, to him in Telegram, by the clocks of the company. */
export function scheduleInput(session: Session, wanted: ScheduleWhat, when: Omit<ScheduleWhen, 'of'>): CreateScheduleInput {
  const what = fitChoice(session, wanted)
  return CreateSchedule.parse({
    name: nameOf(session, what),
    query: sliceWords(session, what),
    period: what.period,
    format: what.format,
    locale: session.locale,
    rhythm: when.rhythm,
    time: when.time,
    timeZone: session.organization.timeZone,
    emails: [],
    employeeIds: [session.actor.id],
  })
}

/** Named as the app names it. */
export function nameOf({ locale }: Session, { basis, period }: ScheduleWhat): string {
  const t = scheduleText(locale)
  return basis === 'snapshot'
    ? t('schedule.nameStanding')
    : t('schedule.nameDefault', { period: t(`period.${period}`).toLowerCase() })
}

/** The weekdays with one more or one less; one always stays. */
export function toggleWeekday(weekdays: readonly number[], day: number): number[] {
  const rest = weekdays.filter((one) => one !== day)
  if (rest.length < weekdays.length) return rest.length > 0 ? rest : [...weekdays]
  return [...weekdays, day].sort((one, other) => one - other)
}
