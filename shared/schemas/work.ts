import { z } from 'zod'
import { CodeField, IdField, PageFields, PlainField, ReasonField, SwitchField, TextField } from './fields.ts'
import { RoleField } from './process.ts'

/** Inputs of the verbs on tasks, approvals and further processes. `number` names the deal. */
const DealRef = { number: z.coerce.number().int().positive() }
const VersionField = z.number().int().positive()
const LongIdField = z.coerce.number().int().positive()

export const ListTasks = z.strictObject({
  /** Only those given to the caller. */
  mine: SwitchField.optional(),
  state: z.enum(['open', 'done', 'cancelled']).optional(),
  deal: z.coerce.number().int().positive().optional(),
  limit: PageFields.limit,
})
export type ListTasksInput = z.output<typeof ListTasks>

export const CreateTask = z.strictObject({
  ...DealRef,
  title: TextField(300),
  /** The caller himself where it is left out. */
  assigneeId: IdField.optional(),
  dueAt: z.iso.datetime({ offset: true }).nullish(),
})
export type CreateTaskInput = z.output<typeof CreateTask>

/** `open` takes a slip back within ten minutes. `version` is the task's. */
export const SetTaskState = z.strictObject({
  id: LongIdField,
  version: VersionField,
  state: z.enum(['done', 'cancelled', 'open']),
})
export type SetTaskStateInput = z.output<typeof SetTaskState>

export const DecideApproval = z.strictObject({
  ...DealRef,
  version: VersionField,
  run: LongIdField,
  /** The stage that the decision opens. */
  stage: CodeField,
  approved: z.boolean(),
  comment: PlainField.trim().max(1000).default(''),
  /** Needed only by who may decide for several. */
  role: RoleField.optional(),
})
export type DecideApprovalInput = z.output<typeof DecideApproval>

export const ListApprovals = z.strictObject({})

export const StartProcess = z.strictObject({ ...DealRef, version: VersionField, template: CodeField })
export type StartProcessInput = z.output<typeof StartProcess>

export const CancelProcess = z.strictObject({ ...DealRef, version: VersionField, run: LongIdField, reason: ReasonField })
export type CancelProcessInput = z.output<typeof CancelProcess>
