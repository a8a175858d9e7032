import { defineEntity, p } from '@mikro-orm/core'
import { DealType, Status } from './process.ts'

/** What became of the company's deals of a type that have been in a status; made anew each night by SQL alone. */
const ForecastLearnedSchema = defineEntity({
  name: 'ForecastLearned',
  tableName: 'forecast_learned',
  properties: {
    type: () => p.manyToOne(DealType).primary().deleteRule('cascade'),
    status: () => p.manyToOne(Status).primary().deleteRule('cascade'),
    wins: p.integer(),
    resolved: p.integer(),
    learnedOn: p.date(),
  },
})
export class ForecastLearned extends ForecastLearnedSchema.class {}
ForecastLearnedSchema.setClass(ForecastLearned)

/** The forecast of a period as it was in a week. Money in minor units of the base currency. Never changed. */
const ForecastSnapshotSchema = defineEntity({
  name: 'ForecastSnapshot',
  tableName: 'forecast_snapshot',
  properties: {
    week: p.date().primary(),
    slice: p.string().$type<'company' | 'type' | 'department'>().length(20).primary(),
    sliceId: p.integer().primary(),
    period: p.string().$type<'month' | 'quarter' | 'year'>().length(20).primary(),
    periodFrom: p.date().primary(),
    periodTo: p.date(),
    takenAt: p.datetime(),
    wonDeals: p.integer(),
    wonMinor: p.bigint('number'),
    expectedDeals: p.integer(),
    expectedMinor: p.bigint('number'),
    weightedMinor: p.bigint('number'),
    overdueDeals: p.integer(),
    overdueMinor: p.bigint('number'),
    undatedDeals: p.integer(),
    undatedMinor: p.bigint('number'),
    withoutRate: p.integer(),
  },
})
export class ForecastSnapshot extends ForecastSnapshotSchema.class {}
ForecastSnapshotSchema.setClass(ForecastSnapshot)
