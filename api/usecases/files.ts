import { createHash } from 'node:crypto'
import { StoredFile } from '../../db/entities/document.ts'
import { Employee } from '../../db/entities/organization.ts'
import { type FileRow, selectFileContent, selectVisibleFiles } from '../../db/queries/files.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { ReadFileInput, StoreFileInput } from '../../shared/schemas/files.ts'
import { type Session, transact } from '../session.ts'

/** In bytes: what a document or a scan may weigh. */
export const largestFile = 20 * 1024 * 1024

/**
 * Keeps a file; until a deal carries it, it exists for its uploader alone.
 * @throws AppError too_large, input_invalid for an empty file
 */
export function storeFile(session: Session, input: StoreFileInput, content: Buffer): Promise<FileRow> {
  if (content.length > largestFile) throw new AppError('too_large', { limit: `${largestFile / 1024 / 1024} MB` })
  if (content.length === 0) throw new AppError('input_invalid', { problems: [{ path: 'body', message: 'empty' }] })
  return transact(session, async (inside) => {
    const file = inside.em.create(StoredFile, {
      name: nameOf(input.name),
      mediaType: input.mediaType.toLowerCase(),
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      content,
      uploadedAt: inside.now,
      uploadedBy: inside.em.getReference(Employee, inside.actor.id),
    })
    inside.em.persist(file)
    await inside.em.flush()
    return { id: file.id, name: file.name, mediaType: file.mediaType, sizeBytes: file.sizeBytes }
  })
}

/** A file with its content. @throws AppError not_found, the same for absent and invisible ones */
export async function readFile(session: Session, { id }: ReadFileInput): Promise<FileRow & { readonly content: Buffer }> {
  const file = await findFile(session, id)
  const content = await selectFileContent(session.em, id)
  if (!content) throw new AppError('not_found', { what: 'file' })
  return { ...file, content }
}

/** A file that exists for the actor; also the check before a deal is made to carry it, lest naming an id opened it. @throws AppError not_found */
export async function findFile(session: Session, id: number): Promise<FileRow> {
  const [file] = await selectVisibleFiles(session.em, session.actor, [id])
  if (!file) throw new AppError('not_found', { what: 'file' })
  return file
}

/** The last part of a path, without what no file name can hold. */
function nameOf(given: string): string {
  const last = given.split(/[\\/]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return last.replace(/[\u0000-\u001f\u007f"<>|*?:]/g, ' ').trim() || 'file'
}
