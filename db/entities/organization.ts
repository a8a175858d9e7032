import { defineEntity, p } from '@mikro-orm/core'
import type { Locale, Role } from '../../shared/views/common.ts'

/** The one company that keeps this database; a single row with id 1. */
const OrganizationSchema = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.string(),
    timeZone: p.string(),
    baseCurrency: p.string().length(3),
    locale: p.string().$type<Locale>(),
    isDemo: p.boolean().default(false),
    /** ISO week days, 1 = Monday. */
    workDays: p.json<readonly number[]>().defaultRaw(`'[1, 2, 3, 4, 5]'`),
    /** `HH:MM` in the organisation's time zone. */
    workFrom: p.string().length(5).default('09:00'),
    workTo: p.string().length(5).default('18:00'),
    /** Whether limits of stages and statuses count working hours; else calendar hours. */
    limitsInWorkingTime: p.boolean().default(false),
    version: p.integer().version(),
  },
})
export class Organization extends OrganizationSchema.class {}
OrganizationSchema.setClass(Organization)

const DepartmentSchema = defineEntity({
  name: 'Department',
  tableName: 'department',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string(),
    parent: () => p.manyToOne(Department).nullable().index(),
    externalId: p.string().nullable().unique(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class Department extends DepartmentSchema.class {}
DepartmentSchema.setClass(Department)

const EmployeeSchema = defineEntity({
  name: 'Employee',
  tableName: 'employee',
  properties: {
    id: p.integer().primary().autoincrement(),
    login: p.string().unique(),
    name: p.string(),
    position: p.string().default(''),
    email: p.string().nullable(),
    role: p.string().$type<Role>(),
    department: () => p.manyToOne(Department).index(),
    /** argon2id in PHC form; null: cannot log in by password. */
    passwordHash: p.string().nullable().hidden().lazy(),
    locale: p.string().$type<Locale>().default('ru'),
    externalId: p.string().nullable().unique(),
    /** Set when the employee may no longer act; his deals stay. */
    deactivatedAt: p.datetime().nullable(),
    /** True for the people of the demo company who may be entered with one tap. */
    isDemoLogin: p.boolean().default(false),
    createdAt: p.datetime().defaultRaw('now()'),
    version: p.integer().version(),
  },
})
export class Employee extends EmployeeSchema.class {}
EmployeeSchema.setClass(Employee)

/** A day that differs from its week day: a holiday, or a Saturday that is worked. */
const CalendarDaySchema = defineEntity({
  name: 'CalendarDay',
  tableName: 'calendar_day',
  properties: {
    day: p.date().primary(),
    isWorking: p.boolean(),
    name: p.string().default(''),
  },
})
export class CalendarDay extends CalendarDaySchema.class {}
CalendarDaySchema.setClass(CalendarDay)

/** A single row with id 1: what a process has read of the dictionaries stands while the stamp does. Kept by triggers. */
const DictionaryStampSchema = defineEntity({
  name: 'DictionaryStamp',
  tableName: 'dictionary_stamp',
  properties: {
    id: p.integer().primary().autoincrement(false),
    stamp: p.uuid(),
  },
})
export class DictionaryStamp extends DictionaryStampSchema.class {}
DictionaryStampSchema.setClass(DictionaryStamp)
