import { z } from 'zod'
import { CodeField, DayField, IdListField, ListField, PageFields, SwitchField } from './fields.ts'

/** The question a funnel answers; the same for picture, list, split, charts and reports (contract.md, HTTP). */
export const FunnelFields = {
  basis: z.enum(['cohort', 'snapshot']).default('cohort'),
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
}
export const ShowFunnel = z.strictObject(FunnelFields)
export type FunnelQuery = z.output<typeof ShowFunnel>

export const PartField = z.enum(['reached', 'passed', 'lost', 'open', 'finished'])
export const ListFunnelDeals = z.strictObject({
  ...FunnelFields,
  layer: CodeField,
  part: PartField.default('reached'),
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
