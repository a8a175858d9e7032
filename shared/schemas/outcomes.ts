import { z } from 'zod'
import { forecastBuckets } from '../domain/forecast.ts'
import { forecastPeriods } from '../domain/forecast-history.ts'
import { PageFields } from './fields.ts'
import { FunnelFields } from './funnel.ts'

const { from, to, type, counterparty, department, employee, attribution, tag, fields } = FunnelFields

/** The slices of the funnel; what belongs to its picture alone is left out. */
const OutcomeFields = { from, to, type, counterparty, department, employee, attribution, tag, fields }

/** Whole quarter that today lies in, unless told: a forecast looks ahead. */
export const ShowForecast = z.strictObject(OutcomeFields)
export type OutcomeQuery = z.output<typeof ShowForecast>

const { from: _from, to: _to, ...slices } = OutcomeFields
export const ShowForecastHistory = z.strictObject({ ...slices, of: z.enum(forecastPeriods).default('quarter') })
export type ForecastHistoryQuery = z.output<typeof ShowForecastHistory>

/** From 1 January to today, unless told, as the funnel. */
export const ShowWinRates = z.strictObject(OutcomeFields)

/** Of the last days up to now: no period of its own. */
export const ShowVelocity = z.strictObject(slices)
export type VelocityQuery = z.output<typeof ShowVelocity>

export const outcomeLists = [
  ...forecastBuckets,
  'eventWon',
  'eventLost',
  'stale',
  'cohortWon',
  'cohortLost',
  'open',
  'paceWon',
  'paceLost',
] as const
export const ListOutcomeDeals = z.strictObject({
  ...OutcomeFields,
  bucket: z.enum(outcomeLists),
  sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
  ...PageFields,
})
export type ListOutcomeDealsInput = z.output<typeof ListOutcomeDeals>
