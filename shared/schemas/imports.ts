import { z } from 'zod'
import { CodeField, IdField, SwitchField, TextField } from './fields.ts'

/**
 * Where a value of a row comes from: the name of a column; a constant; text with `{column}` in it; or a column of a reference file
 * whose key equals a column of the row (see `lookups`).
 */
const ColumnName = TextField(300)
const SourceField = z.union([
  ColumnName,
  z.strictObject({ value: TextField(300) }),
  z.strictObject({ template: TextField(1000) }),
  z.strictObject({ lookup: TextField(60), column: ColumnName }),
])
export type ImportSource = z.output<typeof SourceField>

const NamesField = { ru: TextField(255), en: TextField(255) }
const Values = z.record(z.string().max(300), z.string().max(300))

/**
 * What the columns of an import mean, and what it may create. JSON, every part optional; what is left out is guessed from the header.
 *
 * - `columns`: the meaning of each column. `externalId` names the deal (history: the case) and makes the import repeatable. `status` is the
 *   present status (history: the status or activity of the row), `statusAt` when it began. `owner` is who has the deal (history: who did
 *   it), `manager` heads the owner's department.
 * - `fields`: custom fields of the deal types by code; left out, columns named as a field's code or name are taken for it.
 * - `visits` (deals): statuses with a date of their own before the present one, in order.
 * - `values`: words of the file -> codes, by field: `status` and `type`. Several words may mean one status; null leaves the row out.
 * - `statuses`, `types`: what to create where the code is not there yet. `process` is the type's ordered statuses: it becomes a template.
 *   `rank` is the place in the common funnel; without it the status goes to its end.
 * - `repairs`: column (of a reference file: `name.column`) -> what is written -> what is meant. `known`: column -> its right values, against which slips are looked for.
 * - `lookups`: reference files, relative to the mapping, by name: `key` is the file's column that equals the column `on` of the import.
 * - `defaults`: `type` (code), `owner` (login), `department` (name), `enteredAt` (moment for deals that have no date at all).
 * - `decimal`, `dateForm`, `timeZone`, `encoding`, `separator`, `sheet`, `headerRow`: overrule what is detected.
 */
export const ImportMapping = z.strictObject({
  columns: z
    .strictObject({
      externalId: SourceField,
      title: SourceField,
      description: SourceField,
      type: SourceField,
      counterparty: SourceField,
      owner: SourceField,
      department: SourceField,
      manager: SourceField,
      amount: SourceField,
      currency: SourceField,
      status: SourceField,
      statusAt: SourceField,
      createdAt: SourceField,
      expectedCloseOn: SourceField,
      lostReason: SourceField,
    })
    .partial()
    .default({}),
  fields: z.record(CodeField, SourceField).default({}),
  visits: z
    .array(z.strictObject({ status: CodeField, at: SourceField }))
    .max(50)
    .default([]),
  values: z
    .strictObject({ status: z.record(z.string().max(300), z.string().max(60).nullable()), type: Values })
    .partial()
    .default({}),
  statuses: z
    .array(
      z.strictObject({
        code: CodeField,
        ...NamesField,
        rank: z.number().int().min(1).max(1_000_000).optional(),
        phase: z.enum(['presale', 'sale', 'delivery', 'support', 'renewal']).default('presale'),
        category: z.enum(['open', 'paused', 'lost']).default('open'),
        isWon: z.boolean().default(false),
        probabilityPct: z.number().int().min(0).max(100).default(0),
        timeLimitHours: z.number().int().min(1).max(100_000).optional(),
      }),
    )
    .max(100)
    .default([]),
  types: z
    .array(z.strictObject({ code: CodeField, ...NamesField, process: z.array(CodeField).max(100).default([]) }))
    .max(100)
    .default([]),
  repairs: z.record(z.string().max(300), Values).default({}),
  known: z.record(z.string().max(300), z.array(z.string().max(300)).max(10_000)).default({}),
  lookups: z.record(z.string().max(60), z.strictObject({ file: TextField(500), key: ColumnName, on: ColumnName })).default({}),
  defaults: z
    .strictObject({
      type: CodeField,
      owner: TextField(255),
      department: TextField(255),
      enteredAt: z.iso.datetime({ offset: true }),
    })
    .partial()
    .default({}),
  decimal: z.enum(['.', ',']).optional(),
  dateForm: z.enum(['ymd', 'dmy', 'mdy', 'named', 'excel1900', 'excel1904']).optional(),
  timeZone: z
    .string()
    .max(60)
    .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC')
    .optional(),
  encoding: z.string().max(40).optional(),
  separator: z.string().length(1).optional(),
  sheet: z.string().max(100).optional(),
  headerRow: z.number().int().min(1).max(10_000).optional(),
})
export type ImportMapping = z.output<typeof ImportMapping>
export type ImportField = keyof ImportMapping['columns']

/** `POST /api/imports?…`: the file is the body. `mapping` is an `ImportMapping` as JSON text. */
export const StartImport = z.strictObject({
  kind: z.enum(['deals', 'history']),
  fileName: TextField(300),
  dryRun: SwitchField.default(false),
  mapping: z.string().max(8192).optional(),
})
export type StartImportInput = z.output<typeof StartImport>
export const ShowImport = z.strictObject({ id: IdField })
export type ShowImportInput = z.output<typeof ShowImport>
