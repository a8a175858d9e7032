import { defineEntity, p } from '@mikro-orm/core'
import type { BoardCard } from '../../shared/schemas/dashboards.ts'
import { Employee } from './organization.ts'

/** Questions that a person has pinned, in his order. The id cannot be guessed: it stands in the link. */
const DashboardSchema = defineEntity({
  name: 'Dashboard',
  tableName: 'dashboard',
  properties: {
    id: p.string().length(16).primary(),
    employee: () => p.manyToOne(Employee).index(),
    name: p.string().length(120),
    cards: p.json<readonly BoardCard[]>().defaultRaw(`'[]'`),
    /** Whether whoever has the link may open it. */
    isShared: p.boolean().default(false),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class Dashboard extends DashboardSchema.class {}
DashboardSchema.setClass(Dashboard)

/** The dashboard that an employee begins with; `id` is the employee's. */
const StartPageSchema = defineEntity({
  name: 'StartPage',
  tableName: 'start_page',
  properties: {
    id: p.integer().primary().autoincrement(false),
    dashboard: () => p.manyToOne(Dashboard).index(),
  },
})
export class StartPage extends StartPageSchema.class {}
StartPageSchema.setClass(StartPage)
