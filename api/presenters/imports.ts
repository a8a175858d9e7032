import type { ImportBatch } from '../../db/entities/import-batch.ts'
import type { Locale } from '../../shared/views/common.ts'
import type { ImportBatchView } from '../../shared/views/imports.ts'
import type { ImportReport } from '../usecases/imports/report.ts'
import { sayImport } from '../usecases/imports/sentences.ts'

/** A batch with its report in the reader's words. */
export function presentImport(batch: ImportBatch, { locale }: { readonly locale: Locale }): ImportBatchView {
  const report = batch.report as unknown as ImportReport
  const t = sayImport[locale]
  return {
    id: batch.id,
    kind: batch.kind,
    fileName: batch.fileName,
    state: batch.state,
    dryRun: batch.dryRun,
    rowsTotal: report.rowsTotal,
    rowsTaken: report.rowsTaken,
    rowsUnchanged: report.rowsUnchanged,
    rowsRefused: report.rowsRefused,
    created: report.created,
    repairs: report.repairs,
    problems: report.problems.map(({ row, column, code, values }) => ({ row, column, code, message: t(code, values) })),
    warnings: report.warnings.map(({ column, code, rows, values }) => ({ code, column, rows, message: t(code, values) })),
    createdAt: batch.createdAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
  }
}

export function presentImports(
  batches: readonly ImportBatch[],
  reader: { readonly locale: Locale },
): { items: ImportBatchView[] } {
  return { items: batches.map((batch) => presentImport(batch, reader)) }
}
