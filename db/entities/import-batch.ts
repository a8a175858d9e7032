import { defineEntity, p } from '@mikro-orm/core'
import { Employee } from './organization.ts'

/** One run of an import; undone as a whole. */
const ImportBatchSchema = defineEntity({
  name: 'ImportBatch',
  tableName: 'import_batch',
  properties: {
    id: p.integer().primary().autoincrement(),
    kind: p.string().$type<'deals' | 'history'>(),
    fileName: p.string().length(300),
    mapping: p.json<Record<string, unknown>>(),
    state: p.string().$type<'checked' | 'running' | 'done' | 'failed' | 'undone'>(),
    dryRun: p.boolean(),
    /** Counts and the first problems: the body of `ImportBatchView`. */
    report: p.json<Record<string, unknown>>(),
    refusedFile: p.text().nullable().lazy(),
    startedBy: () => p.manyToOne(Employee).nullable().fieldName('started_by_id'),
    createdAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
  },
})
export class ImportBatch extends ImportBatchSchema.class {}
ImportBatchSchema.setClass(ImportBatch)
