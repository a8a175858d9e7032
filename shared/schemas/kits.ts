import { z } from 'zod'
import { fieldKinds } from '../domain/facts.ts'
import { IconField, OptionField, OwnerRuleField } from './deal-types.ts'
import { CodeField, TextField } from './fields.ts'
import { ProcessDraftField, RuleBodyField, WordsField } from './process.ts'

const KitProcessField = z.strictObject({ code: CodeField, draft: ProcessDraftField })
const KitFieldField = z.strictObject({
  code: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,59}$/),
  names: WordsField,
  kind: z.enum(fieldKinds),
  options: z.array(OptionField).max(200),
  isRequired: z.boolean(),
  inList: z.boolean(),
  inFilter: z.boolean(),
})

/** A starter kit: a deal type with all that it takes to run, as data. */
export const KitField = z.strictObject({
  /** That of the deal type, too. */
  code: CodeField,
  /** Of the kit and of the deal type. */
  names: WordsField,
  summary: z.strictObject({ ru: TextField(1000), en: TextField(1000) }),
  icon: IconField,
  ownerRule: OwnerRuleField,
  fields: z.array(KitFieldField).max(20),
  /** Those that deals of the type have; what the company lacks is added. */
  documentTypes: z.array(z.strictObject({ code: CodeField, names: WordsField, isPayable: z.boolean() })).max(20),
  process: KitProcessField,
  furtherProcesses: z.array(KitProcessField).max(10),
  rules: z.array(RuleBodyField).max(50),
})
export type Kit = z.output<typeof KitField>
export type KitProcess = Kit['process']

export const ShowKit = z.strictObject({ code: CodeField })
export type ShowKitInput = z.output<typeof ShowKit>
