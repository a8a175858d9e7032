import { DocumentType } from '../../../db/entities/document.ts'
import type { Names } from '../../../db/queries/dictionaries.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { freeCode } from '../../../shared/domain/free-code.ts'
import type { CreateDocumentTypeInput, EditDocumentTypeInput } from '../../../shared/schemas/deal-types.ts'
import { type Session, transact } from '../../session.ts'
import { assertSettings } from '../people.ts'

export type DocumentTypeRow = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly isPayable: boolean
  readonly archived: boolean
  readonly version: number
}

/** All types of documents, archived ones too. */
export function listDocumentTypes(session: Session): Promise<DocumentTypeRow[]> {
  return selectRows<DocumentTypeRow>(
    session.em,
    sql`select id, code, jsonb_build_object('ru', name_ru, 'en', name_en) as names, is_payable as "isPayable",
      archived_at is not null as archived, version from document_type order by position, id`,
  )
}

/** @returns all types. @throws AppError forbidden, already_exists */
export function createDocumentType(session: Session, input: CreateDocumentTypeInput): Promise<DocumentTypeRow[]> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const all = await listDocumentTypes(inside)
    const isTaken = (code: string) => all.some((type) => type.code === code)
    if (input.code !== undefined && isTaken(input.code)) throw new AppError('already_exists', { what: input.code })
    inside.em.persist(
      inside.em.create(DocumentType, {
        code: input.code ?? freeCode(input.names.en, 'document', isTaken),
        nameRu: input.names.ru,
        nameEn: input.names.en,
        isPayable: input.isPayable,
        position: all.length,
        archivedAt: null,
      }),
    )
    await inside.em.flush()
    return listDocumentTypes(inside)
  })
}

/** @returns all types. @throws AppError forbidden, not_found, version_stale */
export function editDocumentType(session: Session, input: EditDocumentTypeInput): Promise<DocumentTypeRow[]> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const type = await inside.em.findOne(DocumentType, { code: input.code })
    if (!type) throw new AppError('not_found', { what: `document type ${input.code}` })
    if (type.version !== input.version) throw new AppError('version_stale', { current: { version: type.version } })
    if (input.names) Object.assign(type, { nameRu: input.names.ru, nameEn: input.names.en })
    if (input.isPayable !== undefined) type.isPayable = input.isPayable
    if (input.archived !== undefined) type.archivedAt = input.archived ? (type.archivedAt ?? inside.now) : null
    await inside.em.flush()
    return listDocumentTypes(inside)
  })
}
