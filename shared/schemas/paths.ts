import { z } from 'zod'
import { wayParts } from '../domain/funnel-paths.ts'
import { PageFields, WithoutRateField } from './fields.ts'
import { FunnelFields } from './funnel.ts'

const { basis: _cohortOnly, by: _countsOnly, strict: _visitsOnly, ...PathsFields } = FunnelFields

/** The ways of the cohort's deals: the question as everywhere. */
export const ShowPaths = z.strictObject(PathsFields)
export type PathsQuery = z.output<typeof ShowPaths>

export const ListWayDeals = z.strictObject({
  ...PathsFields,
  /** Codes of the statuses as `from..to`; `..to`: began there, `from..`: stands there. */
  way: z.string().regex(/^(?:[a-z0-9][a-z0-9_-]{0,59})?\.\.(?:[a-z0-9][a-z0-9_-]{0,59})?$/i),
  /** All that took it unless told. */
  part: z.enum(wayParts).optional(),
  withoutRate: WithoutRateField,
  sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
  ...PageFields,
})
export type ListWayDealsInput = z.output<typeof ListWayDeals>
