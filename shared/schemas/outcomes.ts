import { z } from 'zod'
import { forecastBuckets } from '../domain/forecast.ts'
import { forecastPeriods } from '../domain/forecast-history.ts'
import { CodeField, PageFields, SwitchField, WithoutRateField } from './fields.ts'
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

/** Deals behind a figure; `forecast`, `rates` and `pace`: all those that the forecast, the win rates or the velocity are made of. */
export const outcomeLists = [
  ...forecastBuckets,
  'forecast',
  'eventWon',
  'eventLost',
  'stale',
  'cohortWon',
  'cohortLost',
  'rates',
  'open',
  'paceWon',
  'paceLost',
  'pace',
] as const
export const ListOutcomeDeals = z
  .strictObject({
    ...OutcomeFields,
    bucket: z.enum(outcomeLists),
    /** Of those that are expected: only the ones that count by the probability of this status. */
    status: CodeField.optional(),
    /** Of those that are expected: only the ones that count by a probability of their own. */
    byHand: SwitchField.optional(),
    withoutRate: WithoutRateField,
    sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
    ...PageFields,
  })
  .refine(({ bucket, status, byHand }) => bucket === 'expected' || (status === undefined && !byHand), {
    path: ['bucket'],
    message: 'expected',
  })
export type ListOutcomeDealsInput = z.output<typeof ListOutcomeDeals>
