import { z } from 'zod'
import { CodeField, DayField, IdField, IdListField, ListField, PageFields, WithoutRateField } from './fields.ts'
import { FunnelFields } from './funnel.ts'

const flowParts = ['entered', 'advanced', 'movedBack', 'handedOff', 'stillThere'] as const

/**
 * What the other funnel is: `previous`, as many days right before; `year`, the same days a year earlier; `other`, whatever is named with `other…`,
 * all else the same. Of a snapshot: the same moment a month or a year earlier.
 */
export const OtherSideFields = {
  against: z.enum(['previous', 'year', 'other']).default('previous'),
  /** `alike`: both periods as they stood when they were equally old; `now`: both as they stand now. */
  aged: z.enum(['alike', 'now']).default('alike'),
  otherFrom: DayField.optional(),
  otherTo: DayField.optional(),
  otherType: ListField.optional(),
  otherCounterparty: IdListField.optional(),
  otherDepartment: IdListField.optional(),
  otherEmployee: IdListField.optional(),
  /** What the change is explained by beside the layers. */
  split: z.enum(['type', 'counterparty', 'department', 'employee']).default('type'),
}

/** Two funnels: the question as everywhere, and how the other one differs. */
export const CompareFields = {
  ...FunnelFields,
  ...OtherSideFields,
  /** Of a snapshot: the other moment. */
  otherAsOf: FunnelFields.asOf,
}
export const CompareFunnel = z.strictObject(CompareFields)
export type CompareQuery = z.output<typeof CompareFunnel>

export const ListComparedDeals = z.strictObject({
  ...CompareFields,
  side: z.enum(['now', 'before']),
  /** Left out: of the whole cohort. */
  layer: CodeField.optional(),
  part: z
    .enum([
      'all',
      'won',
      'reached',
      'passed',
      'lost',
      'open',
      'finished',
      'through',
      'joined',
      'beside',
      'standing',
      ...flowParts,
    ])
    .default('all'),
  /** Id of one value of `split`; 0: deals without any. */
  key: z.union([z.literal('0').transform(() => 0), IdField]).optional(),
  withoutRate: WithoutRateField,
  sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
  ...PageFields,
})
export type ListComparedDealsInput = z.output<typeof ListComparedDeals>
