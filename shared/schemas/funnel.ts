import { z } from 'zod'
import { CodeField, DayField, IdListField, ListField, PageFields, PlainField, SwitchField } from './fields.ts'

const phases = ['presale', 'sale', 'delivery', 'support', 'renewal'] as const

/** The question a funnel answers; the same for picture, list, split, charts and reports (contract.md, HTTP). */
export const FunnelFields = {
  basis: z.enum(['cohort', 'snapshot', 'flow']).default('cohort'),
  from: DayField.optional(),
  to: DayField.optional(),
  asOf: z.iso
    .datetime({ offset: true })
    .refine((instant) => instant >= '1900')
    .optional(),
  type: ListField.optional(),
  counterparty: IdListField.optional(),
  department: IdListField.optional(),
  employee: IdListField.optional(),
  attribution: z.enum(['current', 'event']).default('current'),
  by: z.enum(['count', 'amount']).default('count'),
  strict: SwitchField.default(false),
  /** Chapters of the funnel: only their layers are shown. */
  phase: ListField.pipe(z.array(z.enum(phases))).optional(),
  /** Deals that carry any of these. */
  tag: ListField.optional(),
  /** `field.<code>=value`, as in lists of deals. */
  fields: z.record(CodeField, PlainField.trim().max(1000)).optional(),
}
export const ShowFunnel = z.strictObject(FunnelFields)
export type FunnelQuery = z.output<typeof ShowFunnel>

/** Won in the period, by department, type or employee. */
export const ShowWonBars = z.strictObject({
  ...FunnelFields,
  cut: z.enum(['department', 'type', 'employee']).default('department'),
})
export type ShowWonBarsInput = z.output<typeof ShowWonBars>

/** Parts of a cohort's layer, then those of a flow's; `lost` is of both. */
export const PartField = z.enum([
  'reached',
  'passed',
  'lost',
  'open',
  'finished',
  'entered',
  'advanced',
  'movedBack',
  'handedOff',
  'stillThere',
])
export const ListFunnelDeals = z.strictObject({
  ...FunnelFields,
  layer: CodeField,
  /** The whole layer unless told. */
  part: PartField.optional(),
  sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
  ...PageFields,
})
export type ListFunnelDealsInput = z.output<typeof ListFunnelDeals>

export const SplitFunnel = z.strictObject({
  ...FunnelFields,
  layer: CodeField,
  split: z.enum(['type', 'counterparty', 'department', 'employee']).default('employee'),
})
export type SplitFunnelInput = z.output<typeof SplitFunnel>
