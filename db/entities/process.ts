import { defineEntity, p } from '@mikro-orm/core'
import type { Phase, StatusCategory } from '../../shared/views/common.ts'

/** An entry of the common dictionary of deal statuses. Never deleted: archived or merged. */
const StatusSchema = defineEntity({
  name: 'Status',
  tableName: 'status',
  properties: {
    id: p.integer().primary().autoincrement(),
    code: p.string().length(60).unique(),
    nameRu: p.string(),
    nameEn: p.string(),
    rank: p.integer(),
    phase: p.string().$type<Phase>(),
    category: p.string().$type<StatusCategory>(),
    isWon: p.boolean().default(false),
    shownInFunnel: p.boolean().default(true),
    probabilityPct: p.integer().default(0),
    timeLimitHours: p.integer().nullable(),
    targetConversionPct: p.integer().nullable(),
    archivedAt: p.datetime().nullable(),
    mergedInto: () => p.manyToOne(Status).nullable(),
    version: p.integer().version(),
  },
})
export class Status extends StatusSchema.class {}
StatusSchema.setClass(Status)

const ProcessTemplateSchema = defineEntity({
  name: 'ProcessTemplate',
  tableName: 'process_template',
  properties: {
    id: p.integer().primary().autoincrement(),
    code: p.string().length(60).unique(),
    nameRu: p.string(),
    nameEn: p.string(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class ProcessTemplate extends ProcessTemplateSchema.class {}
ProcessTemplateSchema.setClass(ProcessTemplate)

/** Immutable once published; running deals stay on the version they began with. */
const ProcessTemplateVersionSchema = defineEntity({
  name: 'ProcessTemplateVersion',
  tableName: 'process_template_version',
  properties: {
    id: p.integer().primary().autoincrement(),
    template: () => p.manyToOne(ProcessTemplate).index(),
    number: p.integer(),
    state: p.string().$type<'draft' | 'published' | 'retired'>(),
    /** Status given by the process as a whole, where its stages give none. */
    status: () => p.manyToOne(Status).nullable(),
    publishedAt: p.datetime().nullable(),
  },
  uniques: [{ name: 'process_template_version_number_uq', properties: ['template', 'number'] }],
})
export class ProcessTemplateVersion extends ProcessTemplateVersionSchema.class {}
ProcessTemplateVersionSchema.setClass(ProcessTemplateVersion)

const StageSchema = defineEntity({
  name: 'Stage',
  tableName: 'stage',
  properties: {
    id: p.integer().primary().autoincrement(),
    templateVersion: () => p.manyToOne(ProcessTemplateVersion).index(),
    code: p.string().length(60),
    nameRu: p.string(),
    nameEn: p.string(),
    position: p.integer(),
    status: () => p.manyToOne(Status).nullable(),
    timeLimitHours: p.integer().nullable(),
  },
  uniques: [{ name: 'stage_code_uq', properties: ['templateVersion', 'code'] }],
})
export class Stage extends StageSchema.class {}
StageSchema.setClass(Stage)

/** A way from one stage to another of the same version; backwards ways are stated too. */
const StageTransitionSchema = defineEntity({
  name: 'StageTransition',
  tableName: 'stage_transition',
  properties: {
    id: p.integer().primary().autoincrement(),
    from: () => p.manyToOne(Stage).fieldName('from_stage_id').index(),
    to: () => p.manyToOne(Stage).fieldName('to_stage_id'),
    position: p.integer().default(0),
  },
  uniques: [{ name: 'stage_transition_way_uq', properties: ['from', 'to'] }],
})
export class StageTransition extends StageTransitionSchema.class {}
StageTransitionSchema.setClass(StageTransition)

const DealTypeSchema = defineEntity({
  name: 'DealType',
  tableName: 'deal_type',
  properties: {
    id: p.integer().primary().autoincrement(),
    code: p.string().length(60).unique(),
    nameRu: p.string(),
    nameEn: p.string(),
    icon: p.string().default('deal'),
    position: p.integer().default(0),
    processTemplate: () => p.manyToOne(ProcessTemplate).nullable(),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class DealType extends DealTypeSchema.class {}
DealTypeSchema.setClass(DealType)
