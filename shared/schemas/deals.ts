import { z } from 'zod'
import {
  CodeField,
  DayField,
  IdField,
  IdListField,
  ListField,
  MoneyField,
  PageFields,
  PlainField,
  ReasonField,
  SwitchField,
  TextField,
  WithoutRateField,
} from './fields.ts'

/** Inputs of the use-cases on deals. `number` names the deal, `version` is the one the caller saw. */
const DealRef = { number: z.coerce.number().int().positive() }
const Seen = { ...DealRef, version: z.number().int().positive() }

/** Custom fields by code; what each takes is checked against the deal's type. */
const FieldValuesField = z.record(
  CodeField,
  z.union([PlainField.max(20_000), z.number(), z.boolean(), z.null(), z.array(PlainField.max(100)).max(500)]),
)

export const ListDeals = z.strictObject({
  type: ListField.optional(),
  status: ListField.optional(),
  counterparty: IdListField.optional(),
  department: IdListField.optional(),
  employee: IdListField.optional(),
  from: DayField.optional(),
  to: DayField.optional(),
  q: PlainField.trim().max(200).optional(),
  overdue: SwitchField.optional(),
  mine: SwitchField.optional(),
  /** Whoever's but the caller's. */
  others: SwitchField.optional(),
  open: SwitchField.optional(),
  currency: ListField.pipe(z.array(z.string().regex(/^[A-Z]{3}$/))).optional(),
  withoutRate: WithoutRateField,
  /** `field.<code>=value` in a query: codes or ids parted by commas; part of a text; a figure or day, or `from..to`. */
  fields: z.record(CodeField, PlainField.trim().max(1000)).optional(),
  sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('recent'),
  ...PageFields,
})
export type ListDealsInput = z.output<typeof ListDeals>

export const CreateDeal = z.strictObject({
  title: TextField(300),
  type: CodeField,
  amount: MoneyField,
  counterpartyId: IdField.nullish(),
  contactId: IdField.nullish(),
  ownerId: IdField.optional(),
  description: PlainField.trim().max(20_000).default(''),
  expectedCloseOn: DayField.nullish(),
  fields: FieldValuesField.optional(),
})
export type CreateDealInput = z.output<typeof CreateDeal>

export const ShowDeal = z.strictObject({ ...DealRef })
export type ShowDealInput = z.output<typeof ShowDeal>

export const EditDeal = z.strictObject({
  ...Seen,
  title: TextField(300).optional(),
  amount: MoneyField.optional(),
  counterpartyId: IdField.nullish(),
  contactId: IdField.nullish(),
  description: PlainField.trim().max(20_000).optional(),
  expectedCloseOn: DayField.nullish(),
  probabilityPct: z.number().int().min(0).max(100).nullish(),
  fields: FieldValuesField.optional(),
})
export type EditDealInput = z.output<typeof EditDeal>

export const MoveDeal = z.strictObject({
  ...Seen,
  stage: CodeField,
  run: z.number().int().positive().optional(),
  comment: TextField(4000).optional(),
})
export type MoveDealInput = z.output<typeof MoveDeal>

export const SetStatus = z.strictObject({ ...Seen, status: CodeField, reason: ReasonField, hold: z.boolean().default(false) })
export type SetStatusInput = z.output<typeof SetStatus>

export const LiftHold = z.strictObject({ ...Seen })
export type LiftHoldInput = z.output<typeof LiftHold>

export const LoseDeal = z.strictObject({ ...Seen, status: CodeField, reason: ReasonField })
export type LoseDealInput = z.output<typeof LoseDeal>

export const ReopenDeal = z.strictObject({ ...Seen, reason: ReasonField })
export type ReopenDealInput = z.output<typeof ReopenDeal>

export const ReassignDeal = z.strictObject({ ...Seen, employeeId: IdField, comment: TextField(4000).optional() })
export type ReassignDealInput = z.output<typeof ReassignDeal>

export const SetParticipants = z.strictObject({ ...Seen, employeeIds: z.array(IdField).max(50) })
export type SetParticipantsInput = z.output<typeof SetParticipants>

export const CommentDeal = z.strictObject({ ...DealRef, text: TextField(4000) })
export type CommentDealInput = z.output<typeof CommentDeal>

export const UndoChange = z.strictObject({ ...Seen, eventId: z.number().int().positive() })
export type UndoChangeInput = z.output<typeof UndoChange>
