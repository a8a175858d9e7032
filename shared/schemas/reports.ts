import { z } from 'zod'
import { schedulePeriods } from '../domain/schedule.ts'
import { IdField, PlainField, SwitchField, TextField } from './fields.ts'
import { FunnelFields } from './funnel.ts'

/** The question in a body: the same words as in an address. */
const QueryField = z.strictObject(FunnelFields)
/** `pack`: a PDF of several pages, for a meeting. */
const FormatField = z.enum(['pdf', 'pack', 'xlsx', 'png'])

/** `pack`: several pages instead of one. */
export const MakePdf = z.strictObject({ ...FunnelFields, pack: SwitchField.default(false) })
const EmailField = z.email().max(254)
const LocaleField = z.enum(['ru', 'en'])

export const ShareReport = z.strictObject({
  query: QueryField,
  format: FormatField,
  expiresInDays: z.number().int().min(1).max(365).default(30),
})
export type ShareReportInput = z.output<typeof ShareReport>

/** `all`: everybody's, for who administers. */
export const ListShares = z.strictObject({ all: z.enum(['1', '0']).default('0') })
export type ListSharesInput = z.output<typeof ListShares>

export const EmailReport = z.strictObject({
  to: z.array(EmailField).min(1).max(20),
  query: QueryField,
  format: FormatField,
  message: PlainField.trim().max(2000).default(''),
})
export type EmailReportInput = z.output<typeof EmailReport>

const RhythmField = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('daily') }),
  z.strictObject({ kind: z.literal('weekly'), weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7) }),
  z.strictObject({ kind: z.literal('monthly'), day: z.number().int().min(1).max(31) }),
])
const TimeZoneField = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
})

const { from: _from, to: _to, asOf: _asOf, ...timeless } = FunnelFields
const ScheduleFields = {
  name: TextField(200),
  /** Without days: they follow from `period` and the day of the report. */
  query: z.strictObject(timeless),
  period: z.enum(schedulePeriods),
  format: FormatField,
  locale: LocaleField,
  rhythm: RhythmField,
  /** `HH:MM` by the clocks of `timeZone`. */
  time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  timeZone: TimeZoneField,
  emails: z.array(EmailField).max(20),
  /** Who gets it in Telegram. */
  employeeIds: z.array(IdField).max(50),
}
export const CreateSchedule = z.strictObject(ScheduleFields)
export type CreateScheduleInput = z.output<typeof CreateSchedule>

const partial = z.strictObject(ScheduleFields).partial().shape
export const EditSchedule = z.strictObject({ id: IdField, version: z.number().int(), ...partial, active: z.boolean().optional() })
export type EditScheduleInput = z.output<typeof EditSchedule>

export const RowById = z.strictObject({ id: IdField })
export const RemoveSchedule = z.strictObject({ id: IdField, version: z.number().int() })

/** Of one schedule, where it is named. */
export const ListDeliveries = z.strictObject({ schedule: IdField.optional() })
