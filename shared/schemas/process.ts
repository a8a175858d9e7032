import { z } from 'zod'
import type { Condition, FactValue } from '../domain/conditions.ts'
import { sizeOf } from '../domain/conditions.ts'
import { cyclePeriods } from '../domain/cycles.ts'
import { documentStates } from '../domain/facts.ts'
import type { Gate } from '../domain/rules.ts'
import type { Assignee, RuleAction, RuleTrigger } from '../domain/status-rules.ts'
import { CodeField, DayField, IdField, PageFields, PlainField, SwitchField, TextField } from './fields.ts'

/** Shapes of processes and rules, the same for the API, for forms and for exported files. */
export const WordsField = z.strictObject({ ru: TextField(255), en: TextField(255) })
export const RoleField = z.enum(['admin', 'executive', 'head', 'manager', 'field'])
const MinorField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const HoursField = z.number().int().min(1).max(100_000)
/** A key of `shared/domain/facts.ts`; whether it is known is checked by the use-case, which knows the custom fields. */
const FactField = z.string().regex(/^[a-zA-Z]+(\.[a-z0-9][a-z0-9_-]{0,59})?$/i)

export const GateField: z.ZodType<Gate> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fields'), facts: z.array(FactField).min(1).max(50) }),
  z
    .strictObject({ kind: z.literal('amount'), fromMinor: MinorField.nullable(), toMinor: MinorField.nullable() })
    .refine(
      (gate) => (gate.fromMinor ?? gate.toMinor) !== null && (gate.fromMinor ?? 0) <= (gate.toMinor ?? Number.MAX_SAFE_INTEGER),
    ),
  z.strictObject({ kind: z.literal('document'), documentType: CodeField, goal: z.enum(['approved', 'signed', 'paid']) }),
  z.strictObject({ kind: z.literal('payment'), atLeastMinor: MinorField.min(1) }),
  z.strictObject({ kind: z.literal('tasks') }),
  z.strictObject({ kind: z.literal('approval'), role: RoleField }),
  z.strictObject({ kind: z.literal('requisites') }),
  z.strictObject({ kind: z.literal('time'), hours: HoursField }),
])

const FactValueField: z.ZodType<FactValue> = z.union([
  PlainField.max(1000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(PlainField.max(100)).max(200),
])
const AnyConditionField: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(AnyConditionField).max(50) }),
    z.strictObject({ any: z.array(AnyConditionField).min(1).max(50) }),
    z.strictObject({
      fact: FactField,
      is: z.enum(['is', 'isNot', 'oneOf', 'noneOf', 'atLeast', 'atMost', 'contains', 'isSet', 'isEmpty']),
      value: FactValueField.optional(),
    }),
  ]),
) as z.ZodType<Condition>
/** At most 100 parts, five groups deep. */
export const ConditionField = AnyConditionField.refine((condition) => {
  const { parts, depth } = sizeOf(condition)
  return parts <= 100 && depth <= 6
})

export const AssigneeField: z.ZodType<Assignee> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('owner') }),
  z.strictObject({ kind: z.literal('department_head') }),
  z.strictObject({ kind: z.literal('role'), role: RoleField }),
  z.strictObject({ kind: z.literal('employee'), employeeId: IdField }),
])

export const StageTaskField = z.strictObject({ title: WordsField, assignee: AssigneeField, dueInHours: HoursField.nullable() })

export const TriggerField = z.strictObject({
  kind: z.enum([
    'deal_created',
    'lead_received',
    'stage_entered',
    'stage_completed',
    'process_started',
    'process_finished',
    'process_cancelled',
    'document_changed',
    'payment_received',
    'field_changed',
    'status_changed',
    'deadline_passed',
    'deal_idle',
    'period_began',
    'date_near',
  ]),
  template: CodeField.optional(),
  stage: CodeField.optional(),
  documentType: CodeField.optional(),
  state: z.enum(documentStates).optional(),
  isFull: z.boolean().optional(),
  fact: FactField.optional(),
  status: CodeField.optional(),
  days: z.number().int().min(1).max(3650).optional(),
  every: z.enum(cyclePeriods).optional(),
  onWorkingDay: z.boolean().optional(),
  /** Below 0: so many days after the date. */
  daysBefore: z.number().int().min(-3650).max(3650).optional(),
}) as z.ZodType<RuleTrigger>

export const RuleActionField: z.ZodType<RuleAction> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set_status'), status: CodeField }),
  z.strictObject({
    kind: z.literal('create_task'),
    title: WordsField,
    assignee: AssigneeField,
    dueInHours: HoursField.nullable(),
  }),
  z.strictObject({
    kind: z.literal('notify'),
    to: AssigneeField,
    text: z.strictObject({ ru: TextField(1000), en: TextField(1000) }),
  }),
  z.strictObject({ kind: z.literal('assign'), to: AssigneeField }),
  z.strictObject({ kind: z.literal('start_process'), template: CodeField }),
  z.strictObject({ kind: z.literal('create_deal'), dealType: CodeField, title: WordsField }),
  z.strictObject({ kind: z.literal('call_webhook'), url: z.url({ protocol: /^https?$/ }).max(1000) }),
]) as z.ZodType<RuleAction>

/** A way on: forwards or backwards, by the order of stages. */
const WayField = z.strictObject({ to: CodeField, names: WordsField.nullish(), condition: ConditionField.nullish() })
const StageDraftField = z.strictObject({
  code: CodeField,
  names: WordsField,
  /** Code of the status it gives; null: none of its own. */
  status: CodeField.nullable(),
  timeLimitHours: HoursField.nullable(),
  gates: z.array(GateField).max(20),
  tasks: z.array(StageTaskField).max(20),
  ways: z.array(WayField).max(50),
})

/** A process as it is edited, exported and imported: stages in their order, everything named by code. */
export const ProcessDraftField = z.strictObject({
  names: WordsField,
  /** The status that the process gives where its stages give none. */
  status: CodeField.nullable(),
  stages: z.array(StageDraftField).max(100),
})
export type ProcessDraft = z.output<typeof ProcessDraftField>
export type StageDraft = ProcessDraft['stages'][number]

export const CreateProcessTemplate = z.strictObject({ code: CodeField.optional(), draft: ProcessDraftField })
export type CreateProcessTemplateInput = z.output<typeof CreateProcessTemplate>
/** With `all`: for administrators, every template with its draft, archived ones too. */
export const ListProcessTemplates = z.strictObject({ all: SwitchField.optional() })
export type ListProcessTemplatesInput = z.output<typeof ListProcessTemplates>
export const ShowProcessTemplate = z.strictObject({ code: CodeField })
/** Saves the draft as a whole; where there is none, it is made. `version` is the template's. */
export const SaveProcessDraft = z.strictObject({
  code: CodeField,
  version: z.number().int().positive(),
  draft: ProcessDraftField,
})
export type SaveProcessDraftInput = z.output<typeof SaveProcessDraft>
export const PublishProcess = z.strictObject({ code: CodeField, version: z.number().int().positive() })
export type PublishProcessInput = z.output<typeof PublishProcess>
export const ArchiveProcessTemplate = z.strictObject({
  code: CodeField,
  version: z.number().int().positive(),
  archived: z.boolean(),
})
export type ArchiveProcessTemplateInput = z.output<typeof ArchiveProcessTemplate>
/** Moves running deals to the newest version: stage of the old version -> stage of the new one. Only looked at with `dryRun`. */
export const MigrateRuns = z.strictObject({
  code: CodeField,
  fromVersion: z.number().int().positive(),
  stages: z.record(CodeField, CodeField),
  dryRun: z.boolean(),
})
export type MigrateRunsInput = z.output<typeof MigrateRuns>

const RuleFields = {
  names: WordsField,
  dealTypes: z.array(CodeField).max(100),
  trigger: TriggerField,
  condition: ConditionField,
  forwardOnly: z.boolean(),
  actions: z.array(RuleActionField).min(1).max(20),
  isActive: z.boolean(),
}
export const RuleBodyField = z.strictObject(RuleFields)
export type RuleBody = z.output<typeof RuleBodyField>
export const CreateRule = z.strictObject(RuleFields)
export type CreateRuleInput = z.output<typeof CreateRule>
export const EditRule = z.strictObject({
  code: CodeField,
  version: z.number().int().positive(),
  ...z.strictObject(RuleFields).partial().shape,
  /** Place among the rules, from 0. */
  position: z.number().int().min(0).optional(),
  archived: z.boolean().optional(),
})
export type EditRuleInput = z.output<typeof EditRule>

/** Firings, newest first; `rule` is a code, `deal` a number. */
export const ListFirings = z.strictObject({
  failed: SwitchField.optional(),
  rule: CodeField.optional(),
  deal: IdField.optional(),
  ...PageFields,
})
export type ListFiringsInput = z.output<typeof ListFirings>
export const RetryFiring = z.strictObject({ id: z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER) })
export type RetryFiringInput = z.output<typeof RetryFiring>

/**
 * What to try on the deals created in [from, to): rules in their order (all of them, not only the changed ones), stages whose status would be
 * another, and a process as it would be: the given draft of a template, else the one that is kept.
 */
export const PreviewRules = z.strictObject({
  from: DayField,
  to: DayField,
  rules: z
    .array(z.strictObject({ code: CodeField.optional(), ...RuleFields }))
    .max(1000)
    .optional(),
  stages: z
    .array(z.strictObject({ template: CodeField, stage: CodeField, status: CodeField.nullable() }))
    .max(1000)
    .default([]),
  process: z.strictObject({ code: CodeField, draft: ProcessDraftField.optional() }).optional(),
  /** How many deals at once, those after the id `after`: long work in parts, whose figures are added up. Without it all of them. */
  limit: z.number().int().min(1).max(2000).optional(),
  after: IdField.optional(),
})
export type PreviewRulesInput = z.output<typeof PreviewRules>
