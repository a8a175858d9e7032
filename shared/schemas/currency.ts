import { z } from 'zod'
import { isCurrency, ratePattern } from '../domain/money.ts'
import { DayField } from './fields.ts'

/** Rates are exact decimals: text, since a JSON number may lose digits; a plain number is taken too. */
const RateField = z.union([z.string().trim(), z.number().transform(String)]).pipe(z.string().regex(ratePattern))
const CurrencyField = z.string().refine(isCurrency)

/** Which row of the table: a currency from a day on. */
const RateKey = { currency: CurrencyField, validFrom: DayField }

/** `seen`: the rate of that day as the caller saw it, null for none; when it is another by now, the change is refused. */
export const SetRate = z.strictObject({ ...RateKey, rate: RateField, seen: RateField.nullable().optional() })
export type SetRateInput = z.output<typeof SetRate>

export const DeleteRate = z.strictObject(RateKey)
export type DeleteRateInput = z.output<typeof DeleteRate>

/** `rate` null: what if the row went. */
export const PreviewRate = z.strictObject({ ...RateKey, rate: RateField.nullable() })
export type PreviewRateInput = z.output<typeof PreviewRate>
