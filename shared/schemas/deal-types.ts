import { z } from 'zod'
import { fieldKinds } from '../domain/facts.ts'
import { CodeField } from './fields.ts'
import { AssigneeField, WordsField } from './process.ts'

/** Inputs on deal types, their fields and document types. `version` is that of the thing named last in the path. */
const Seen = { version: z.number().int().positive() }
export const IconField = z.string().regex(/^[a-z]{1,20}$/)
export const OwnerRuleField = z.union([z.strictObject({ kind: z.literal('creator') }), AssigneeField])

const TypeFields = {
  names: WordsField,
  icon: IconField,
  /** Code of the main process; null: none. */
  processTemplate: CodeField.nullable(),
  furtherProcesses: z.array(CodeField).max(100),
  documentTypes: z.array(CodeField).max(200),
  ownerRule: OwnerRuleField,
}
export const CreateDealType = z.strictObject({
  ...z.strictObject(TypeFields).partial().shape,
  names: WordsField,
  /** Left out: made from the name. */
  code: CodeField.optional(),
})
export type CreateDealTypeInput = z.output<typeof CreateDealType>
export const ShowDealType = z.strictObject({ code: CodeField })
export type ShowDealTypeInput = z.output<typeof ShowDealType>
export const EditDealType = z.strictObject({
  code: CodeField,
  ...Seen,
  ...z.strictObject(TypeFields).partial().shape,
  /** Place among the types, from 0. */
  position: z.number().int().min(0).optional(),
  archived: z.boolean().optional(),
})
export type EditDealTypeInput = z.output<typeof EditDealType>

export const OptionField = z.strictObject({ code: CodeField, ...WordsField.shape })
const FieldFields = {
  names: WordsField,
  options: z
    .array(OptionField)
    .max(200)
    .refine((options) => new Set(options.map((option) => option.code)).size === options.length),
  isRequired: z.boolean(),
  inList: z.boolean(),
  inFilter: z.boolean(),
}
const FieldCodeField = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,59}$/)
  // Every object of JavaScript has one of its own.
  .refine((code) => code !== 'constructor')
export const CreateDealField = z.strictObject({
  ...z.strictObject(FieldFields).partial().shape,
  code: CodeField,
  names: WordsField,
  kind: z.enum(fieldKinds),
  /** The field's own code; left out: made from the name. `code` is the type's. */
  field: FieldCodeField.optional(),
})
export type CreateDealFieldInput = z.output<typeof CreateDealField>
export const EditDealField = z.strictObject({
  code: CodeField,
  field: CodeField,
  ...Seen,
  ...z.strictObject(FieldFields).partial().shape,
  /** Place among the type's fields, from 0. */
  position: z.number().int().min(0).optional(),
  archived: z.boolean().optional(),
})
export type EditDealFieldInput = z.output<typeof EditDealField>

export const CreateDocumentType = z.strictObject({
  names: WordsField,
  code: CodeField.optional(),
  isPayable: z.boolean().default(false),
})
export type CreateDocumentTypeInput = z.output<typeof CreateDocumentType>
export const EditDocumentType = z.strictObject({
  code: CodeField,
  ...Seen,
  names: WordsField.optional(),
  isPayable: z.boolean().optional(),
  archived: z.boolean().optional(),
})
export type EditDocumentTypeInput = z.output<typeof EditDocumentType>
