import { z } from 'zod'
import { IdField, TextField } from './fields.ts'

/** `POST /api/files?name=&mediaType=`: the body is the file. */
export const StoreFile = z.strictObject({
  name: TextField(300),
  mediaType: z
    .string()
    .max(120)
    .regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i)
    .default('application/octet-stream'),
})
export type StoreFileInput = z.output<typeof StoreFile>
export const ReadFile = z.strictObject({ id: IdField })
export type ReadFileInput = z.output<typeof ReadFile>
