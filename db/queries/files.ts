import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** A file without its content. */
export type FileRow = {
  readonly id: number
  readonly name: string
  readonly mediaType: string
  readonly sizeBytes: number
}

/**
 * Those of the files that exist for the viewer: his own, and those that a deal which he sees carries in a field or as a document.
 * Deals are found by `fields @> {code: id}`, which the index over fields answers.
 */
export function selectVisibleFiles(em: Em, viewer: Viewer, ids: readonly number[]): Promise<FileRow[]> {
  return selectRows<FileRow>(
    em,
    sql`select f.id, f.name, f.media_type as "mediaType", f.size_bytes as "sizeBytes" from stored_file f
    where f.id = any(${[...ids]}::bigint[]) and (f.uploaded_by_id = ${viewer.id}
      or exists (select 1 from deal_document d join deal on deal.id = d.deal_id where d.file_id = f.id and ${visibleDeals(viewer)})
      or exists (select 1 from custom_field c join deal on deal.type_id = c.deal_type_id
        and deal.fields @> jsonb_build_object(c.code, f.id::text) where c.kind = 'file' and ${visibleDeals(viewer)}))`,
  )
}

/** What a file holds. */
export async function selectFileContent(em: Em, id: number): Promise<Buffer | null> {
  const row = await selectRow<{ content: Buffer }>(em, sql`select content from stored_file where id = ${id}`)
  return row?.content ?? null
}
