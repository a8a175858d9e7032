import { defineEntity, p } from '@mikro-orm/core'
import type { Rhythm, SchedulePeriod } from '../../shared/domain/schedule.ts'
import type { Locale } from '../../shared/views/common.ts'
import { Employee } from './organization.ts'

/** A question about the funnel as its address has it: names and values, all of them text. */
export type QueryWords = Readonly<Record<string, unknown>>
export type ReportFormatName = 'pdf' | 'pack' | 'xlsx' | 'png'

/** A report as it was made; links and deliveries hand out the same bytes. */
const ReportFileSchema = defineEntity({
  name: 'ReportFile',
  tableName: 'report_file',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    name: p.string().length(300),
    mediaType: p.string().length(120),
    content: p.blob().lazy(),
    createdAt: p.datetime(),
  },
})
export class ReportFileEntity extends ReportFileSchema.class {}
ReportFileSchema.setClass(ReportFileEntity)

/** A link that shows one report without a login until it expires. Only the SHA-256 of its token is kept. */
const ReportShareSchema = defineEntity({
  name: 'ReportShare',
  tableName: 'report_share',
  properties: {
    id: p.integer().primary().autoincrement(),
    tokenHash: p.string().length(64).unique(),
    employee: () => p.manyToOne(Employee).index(),
    title: p.string().length(300),
    sentence: p.string().length(2000),
    format: p.string().length(10).$type<ReportFormatName>(),
    locale: p.string().length(2).$type<Locale>(),
    asOf: p.datetime(),
    file: () => p.manyToOne(ReportFileEntity).nullable().index(),
    picture: () => p.manyToOne(ReportFileEntity).nullable().index(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    revokedAt: p.datetime().nullable(),
    opened: p.integer().default(0),
    openedAt: p.datetime().nullable(),
  },
})
export class ReportShare extends ReportShareSchema.class {}
ReportShareSchema.setClass(ReportShare)

/** A report that is made again and again. */
const ReportScheduleSchema = defineEntity({
  name: 'ReportSchedule',
  tableName: 'report_schedule',
  properties: {
    id: p.integer().primary().autoincrement(),
    employee: () => p.manyToOne(Employee).index(),
    name: p.string().length(200),
    query: p.json<QueryWords>(),
    period: p.string().length(20).$type<SchedulePeriod>(),
    format: p.string().length(10).$type<ReportFormatName>(),
    locale: p.string().length(2).$type<Locale>(),
    rhythm: p.json<Rhythm>(),
    /** `HH:MM` by the clocks of `timeZone`. */
    atTime: p.string().length(5),
    timeZone: p.string().length(60),
    emails: p.json<readonly string[]>().defaultRaw(`'[]'`),
    /** Who gets it in Telegram. */
    employeeIds: p.json<readonly number[]>().defaultRaw(`'[]'`),
    isActive: p.boolean().default(true),
    nextDueAt: p.datetime().nullable(),
    createdAt: p.datetime(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class ReportSchedule extends ReportScheduleSchema.class {}
ReportScheduleSchema.setClass(ReportSchedule)

/** One report to be made and brought to its readers; made when the first of them is served. */
const ReportOrderSchema = defineEntity({
  name: 'ReportOrder',
  tableName: 'report_order',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    /** In whose name: the figures are those he may see. */
    employee: () => p.manyToOne(Employee).index(),
    schedule: () => p.manyToOne(ReportSchedule).nullable(),
    dueAt: p.datetime().nullable(),
    title: p.string().length(300),
    sentence: p.string().length(2000).default(''),
    query: p.json<QueryWords>(),
    format: p.string().length(10).$type<ReportFormatName>(),
    locale: p.string().length(2).$type<Locale>(),
    asOf: p.datetime(),
    message: p.string().length(2000).default(''),
    file: () => p.manyToOne(ReportFileEntity).nullable().index(),
    createdAt: p.datetime(),
  },
  uniques: [{ properties: ['schedule', 'dueAt'] }],
})
export class ReportOrder extends ReportOrderSchema.class {}
ReportOrderSchema.setClass(ReportOrder)

export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'handed' | 'failed'

/** To one reader: an address, or an employee in Telegram (`handed` to the bot's outbox). */
const ReportDeliverySchema = defineEntity({
  name: 'ReportDelivery',
  tableName: 'report_delivery',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    order: () => p.manyToOne(ReportOrder).index(),
    address: p.string().length(320).nullable(),
    employee: () => p.manyToOne(Employee).nullable().index(),
    state: p.string().length(20).$type<DeliveryState>().default('waiting'),
    attempts: p.integer().default(0),
    availableAt: p.datetime(),
    sentAt: p.datetime().nullable(),
    lastError: p.string().length(500).nullable(),
  },
})
export class ReportDelivery extends ReportDeliverySchema.class {}
ReportDeliverySchema.setClass(ReportDelivery)
