import { ImportBatch } from '../../../db/entities/import-batch.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { ShowImportInput } from '../../../shared/schemas/imports.ts'
import type { Session } from '../../session.ts'

const newest = 200

/** The latest imports, newest first. @throws AppError forbidden */
export async function listImports(session: Session): Promise<ImportBatch[]> {
  assertImports(session)
  return session.em.find(ImportBatch, {}, { orderBy: { id: 'desc' }, limit: newest })
}

/** @throws AppError forbidden, not_found */
export async function showImport(session: Session, { id }: ShowImportInput): Promise<ImportBatch> {
  assertImports(session)
  const batch = await session.em.findOne(ImportBatch, id)
  if (!batch) throw new AppError('not_found')
  return batch
}

/** The rows that were not taken, with the reasons, as CSV; a spreadsheet shows it as a table. @throws AppError forbidden, not_found */
export async function readRefusedFile(session: Session, { id }: ShowImportInput): Promise<{ fileName: string; text: string }> {
  assertImports(session)
  const batch = await session.em.findOne(ImportBatch, id, { populate: ['refusedFile'] as never })
  if (!batch?.refusedFile) throw new AppError('not_found')
  return {
    fileName: `${batch.fileName.replace(/(\.gz|\.csv|\.tsv|\.txt|\.xlsx)+$/i, '')}-refused.csv`,
    text: String(batch.refusedFile),
  }
}

function assertImports(session: Session): void {
  if (!isAble(session.actor, 'import.run')) throw new AppError('forbidden')
}
