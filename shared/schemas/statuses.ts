import { z } from 'zod'
import { CodeField, TextField } from './fields.ts'

/** Inputs on the dictionary of statuses. */
const phases = ['presale', 'sale', 'delivery', 'support', 'renewal'] as const
const NamesField = z.strictObject({ ru: TextField(255), en: TextField(255) })
const VersionField = z.number().int().positive()
const ColourField = z.number().int().min(1).max(8)
const OrderField = z.array(CodeField).min(1).max(500)

const limits = {
  timeLimitHours: z.number().int().min(1).max(100_000).nullish(),
  targetConversionPct: z.number().int().min(1).max(100).nullish(),
  /** Place on the colour ramp; null: by the order. */
  colour: ColourField.nullish(),
}

export const CreateStatus = z.strictObject({
  /** Made from the English name where it is not given. */
  code: CodeField.optional(),
  names: NamesField,
  phase: z.enum(phases),
  category: z.enum(['open', 'paused', 'lost']).default('open'),
  isWon: z.boolean().default(false),
  shownInFunnel: z.boolean().default(true),
  probabilityPct: z.number().int().min(0).max(100).default(0),
  ...limits,
  /** Code of the status that it goes behind; null: to the front. Left out: behind all. Lost ones have no order. */
  after: CodeField.nullish(),
})
export type CreateStatusInput = z.output<typeof CreateStatus>

export const EditStatus = z.strictObject({
  code: CodeField,
  version: VersionField,
  names: NamesField.optional(),
  phase: z.enum(phases).optional(),
  category: z.enum(['open', 'paused', 'lost']).optional(),
  isWon: z.boolean().optional(),
  shownInFunnel: z.boolean().optional(),
  probabilityPct: z.number().int().min(0).max(100).optional(),
  ...limits,
  archived: z.boolean().optional(),
})
export type EditStatusInput = z.output<typeof EditStatus>

/** All statuses that are neither lost nor archived, in the order wanted and in the order the caller saw. */
export const OrderStatuses = z.strictObject({ codes: OrderField, seen: OrderField })
export type OrderStatusesInput = z.output<typeof OrderStatuses>

export const MergeStatus = z.strictObject({ code: CodeField, version: VersionField, into: CodeField })
export type MergeStatusInput = z.output<typeof MergeStatus>

/** Exactly one change to be tried. */
export const PreviewStatuses = z
  .strictObject({
    order: OrderField.optional(),
    merge: z.strictObject({ code: CodeField, into: CodeField }).optional(),
    basis: z.enum(['cohort', 'snapshot']).default('cohort'),
  })
  .refine(({ order, merge }) => (order === undefined) !== (merge === undefined), { message: 'order | merge' })
export type PreviewStatusesInput = z.output<typeof PreviewStatuses>
