import { z } from 'zod'
import { documentStates } from '../domain/facts.ts'
import { CodeField, DayField, IdField, ListField, MoneyField, PageFields, PlainField, TextField } from './fields.ts'

/** Inputs of the use-cases on documents and payments. `version` is that of the document. */
const StateField = z.enum(documentStates)
const Seen = { id: IdField, version: z.number().int().positive() }

export const ListDocuments = z.strictObject({
  /** Number of a deal. */
  deal: z.coerce.number().int().positive().optional(),
  type: ListField.pipe(z.array(CodeField)).optional(),
  state: ListField.pipe(z.array(StateField)).optional(),
  ...PageFields,
})
export type ListDocumentsInput = z.output<typeof ListDocuments>

export const CreateDocument = z.strictObject({
  /** Number of the deal; `number` is the document's own. */
  deal: z.coerce.number().int().positive(),
  type: CodeField,
  number: TextField(100),
  datedOn: DayField,
  amount: MoneyField.nullish(),
  fileId: IdField.nullish(),
})
export type CreateDocumentInput = z.output<typeof CreateDocument>

export const EditDocument = z.strictObject({
  ...Seen,
  number: TextField(100).optional(),
  datedOn: DayField.optional(),
  amount: MoneyField.nullish(),
  fileId: IdField.nullish(),
})
export type EditDocumentInput = z.output<typeof EditDocument>

export const SetDocumentState = z.strictObject({ ...Seen, state: StateField, comment: TextField(1000).optional() })
export type SetDocumentStateInput = z.output<typeof SetDocumentState>

export const RecordPayment = z.strictObject({
  ...Seen,
  amount: MoneyField.refine(({ amountMinor }) => amountMinor > 0),
  paidOn: DayField,
  comment: PlainField.trim().max(1000).default(''),
})
export type RecordPaymentInput = z.output<typeof RecordPayment>

export const VoidPayment = z.strictObject({ id: IdField })
export type VoidPaymentInput = z.output<typeof VoidPayment>
