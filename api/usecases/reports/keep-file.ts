import { ReportFileEntity } from '../../../db/entities/report.ts'
import type { Em } from '../../../db/orm.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import type { ReportFile } from '../../reports/make-report.ts'
import type { ReportFormat } from '../../reports/render.ts'

export const reportMediaTypes: { readonly [F in ReportFormat]: string } = {
  pdf: 'application/pdf',
  pack: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  png: 'image/png',
}

/** Keeps a report as it was made; flushed with the transaction. */
export function keepFile(em: Em, { name, bytes }: ReportFile, format: ReportFormat, now: Date): ReportFileEntity {
  const content = Buffer.from(bytes)
  const file = em.create(ReportFileEntity, {
    name: name.slice(-300),
    mediaType: reportMediaTypes[format],
    content,
    createdAt: now,
  })
  em.persist(file)
  return file
}

export type KeptFile = { readonly name: string; readonly mediaType: string; readonly content: Buffer }

/** A kept report with its bytes; null when it has been cleared away. */
export function readKeptFile(em: Em, id: number): Promise<KeptFile | null> {
  return selectRow<KeptFile>(em, sql`select name, media_type as "mediaType", content from report_file where id = ${id}`)
}
