import { z } from 'zod'
import { noticeTopics } from '../domain/notices.ts'

const TimeField = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** Only what is to change: topics by name, quiet hours as a whole, null: none. */
export const EditNotices = z.strictObject({
  topics: z.partialRecord(z.enum(noticeTopics), z.boolean()).optional(),
  quiet: z
    .strictObject({ from: TimeField, to: TimeField })
    .refine(({ from, to }) => from !== to)
    .nullable()
    .optional(),
})
export type EditNoticesInput = z.output<typeof EditNotices>
