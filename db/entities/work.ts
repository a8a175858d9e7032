import { defineEntity, p } from '@mikro-orm/core'
import type { Role } from '../../shared/views/common.ts'
import { Deal, ProcessRun } from './deal.ts'
import { Employee } from './organization.ts'
import { Stage } from './process.ts'

/** Something that somebody has to do on a deal. */
const DealTaskSchema = defineEntity({
  name: 'DealTask',
  tableName: 'deal_task',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deal: () => p.manyToOne(Deal).index(),
    run: () => p.manyToOne(ProcessRun).nullable(),
    stage: () => p.manyToOne(Stage).nullable(),
    title: p.string().length(300),
    assignee: () => p.manyToOne(Employee),
    dueAt: p.datetime().nullable(),
    state: p.string().$type<'open' | 'done' | 'cancelled'>().length(20).default('open'),
    origin: p.string().$type<'stage' | 'rule' | 'user'>().length(20),
    createdAt: p.datetime(),
    closedAt: p.datetime().nullable(),
    closedBy: () => p.manyToOne(Employee).nullable().fieldName('closed_by_id'),
    version: p.integer().version(),
  },
})
export class DealTask extends DealTaskSchema.class {}
DealTaskSchema.setClass(DealTask)

/** A decision that the gate of a stage asks for. */
const StageApprovalSchema = defineEntity({
  name: 'StageApproval',
  tableName: 'stage_approval',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    run: () => p.manyToOne(ProcessRun).index(),
    /** The stage that the decision opens. */
    stage: () => p.manyToOne(Stage),
    role: p.string().$type<Role>().length(20),
    approved: p.boolean(),
    comment: p.string().length(1000).default(''),
    employee: () => p.manyToOne(Employee),
    decidedAt: p.datetime(),
    /** `stage_since` of the run at the time: a decision of an earlier stay no longer counts. */
    stageSince: p.datetime(),
  },
})
export class StageApproval extends StageApprovalSchema.class {}
StageApprovalSchema.setClass(StageApproval)
