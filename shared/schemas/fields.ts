import { z } from 'zod'

/** Shapes that several inputs share. Unknown keys are refused everywhere: objects are strict. */
/** Text that the database can keep: no NUL, no half of a surrogate pair. */
export const PlainField = z.string().refine((text) => !text.includes('\u0000') && text.isWellFormed())
/** From 1900 on: what is older is a slip, and not every calendar knows it. */
export const DayField = z.iso.date().refine((day) => day >= '1900-01-01')
export const CodeField = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/i)
export const IdField = z.coerce.number().int().positive().max(2_147_483_647)
export const TextField = (max: number) => PlainField.trim().min(1).max(max)
export const MoneyField = z.strictObject({
  amountMinor: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  currency: z.string().regex(/^[A-Z]{3}$/),
})
export const ReasonField = TextField(1000)

/** `1,2,3` in a query -> the parts; empty parts are dropped. */
export const ListField = z
  .string()
  .max(4000)
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
export const IdListField = ListField.pipe(
  z.array(
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ),
)
export const SwitchField = z.enum(['1', '0', 'true', 'false']).transform((value) => value === '1' || value === 'true')

/** Of a list: only the deals that its sum leaves out, since no rate of their currency is known. */
export const WithoutRateField = SwitchField.optional()

export const PageFields = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
}
