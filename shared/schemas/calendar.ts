import { z } from 'zod'
import { DayField, PlainField } from './fields.ts'

const TimeField = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)

/** The company's working time as a whole: hours of its working days, and the days that differ. */
export const SaveCalendar = z.strictObject({
  version: z.number().int().positive(),
  limitsInWorkingTime: z.boolean(),
  workDays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
  from: TimeField,
  to: TimeField,
  days: z
    .array(z.strictObject({ day: DayField, isWorking: z.boolean(), name: PlainField.trim().max(255).default('') }))
    .max(2000),
})
export type SaveCalendarInput = z.output<typeof SaveCalendar>
