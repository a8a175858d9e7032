import { defineEntity, p } from '@mikro-orm/core'
import type { Condition } from '../../shared/domain/conditions.ts'
import type { FieldKind } from '../../shared/domain/facts.ts'
import type { StageTask } from '../../shared/domain/process.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import type { Assignee } from '../../shared/domain/status-rules.ts'
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
    /** Place 1..8 on the colour ramp by choice; null: by the order. */
    colour: p.integer().nullable(),
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
    /** What must hold to enter it on a way forward. */
    gates: p.json<readonly Gate[]>().defaultRaw(`'[]'`),
    /** Given when it is entered. */
    tasks: p.json<readonly StageTask[]>().defaultRaw(`'[]'`),
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
    nameRu: p.string().nullable(),
    nameEn: p.string().nullable(),
    /** When the way is offered; null: always. */
    condition: p.json<Condition>().nullable(),
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
    ownerRule: p.json<OwnerRule>().defaultRaw(`'{"kind": "creator"}'`),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class DealType extends DealTypeSchema.class {}
DealTypeSchema.setClass(DealType)

/** Who gets a new deal of a type. */
export type OwnerRule = { readonly kind: 'creator' } | Assignee

/** A process that may run on deals of a type beside the main one. */
const DealTypeProcessSchema = defineEntity({
  name: 'DealTypeProcess',
  tableName: 'deal_type_process',
  properties: {
    dealType: () => p.manyToOne(DealType).primary(),
    processTemplate: () => p.manyToOne(ProcessTemplate).primary().index(),
  },
})
export class DealTypeProcess extends DealTypeProcessSchema.class {}
DealTypeProcessSchema.setClass(DealTypeProcess)

export type FieldOption = { readonly code: string; readonly ru: string; readonly en: string }

/** A field that the company added to deals of a type. Values lie in `deal.fields` by code. */
const CustomFieldSchema = defineEntity({
  name: 'CustomField',
  tableName: 'custom_field',
  properties: {
    id: p.integer().primary().autoincrement(),
    dealType: () => p.manyToOne(DealType).index(),
    code: p.string().length(60),
    nameRu: p.string(),
    nameEn: p.string(),
    kind: p.string().$type<FieldKind>().length(20),
    options: p.json<readonly FieldOption[]>().defaultRaw(`'[]'`),
    isRequired: p.boolean().default(false),
    inList: p.boolean().default(false),
    inFilter: p.boolean().default(false),
    position: p.integer().default(0),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
  uniques: [{ name: 'custom_field_code_uq', properties: ['dealType', 'code'] }],
})
export class CustomField extends CustomFieldSchema.class {}
CustomFieldSchema.setClass(CustomField)
