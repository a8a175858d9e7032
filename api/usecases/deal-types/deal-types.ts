import { DealTypeDocument, DocumentType } from '../../../db/entities/document.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { DealType, DealTypeProcess, type OwnerRule, ProcessTemplate } from '../../../db/entities/process.ts'
import { type FieldRow, selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { type DealTypeRow, type Names, selectDealTypes } from '../../../db/queries/dictionaries.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { freeCode } from '../../../shared/domain/free-code.ts'
import type { CreateDealTypeInput, EditDealTypeInput, ShowDealTypeInput } from '../../../shared/schemas/deal-types.ts'
import { type Session, transact } from '../../session.ts'
import { findDealType } from '../dictionary.ts'
import { assertSettings } from '../people.ts'
import { orderRows } from './order-rows.ts'

type LinkedRow = { readonly id: number; readonly code: string; readonly names: Names }

/** A deal type with all that belongs to it. */
export type DealTypeCard = {
  readonly type: DealTypeRow
  readonly fields: readonly FieldRow[]
  readonly processes: readonly LinkedRow[]
  readonly documents: readonly LinkedRow[]
  /** Of an owner rule that names an employee. */
  readonly ownerName: string | null
}

/** Forms are made from it, so everybody may read it. @throws AppError not_found */
export async function showDealType(session: Session, { code }: ShowDealTypeInput): Promise<DealTypeCard> {
  const type = await findDealType(session, code)
  const named = type.ownerRule.kind === 'employee' ? await session.em.findOne(Employee, type.ownerRule.employeeId) : null
  return {
    type,
    fields: (await selectCustomFields(session.em)).filter((field) => field.typeId === type.id),
    processes: await selectRows<LinkedRow>(
      session.em,
      sql`select t.id, t.code, jsonb_build_object('ru', t.name_ru, 'en', t.name_en) as names
        from deal_type_process l join process_template t on t.id = l.process_template_id where l.deal_type_id = ${type.id} order by t.id`,
    ),
    documents: await selectRows<LinkedRow>(
      session.em,
      sql`select t.id, t.code, jsonb_build_object('ru', t.name_ru, 'en', t.name_en) as names
        from deal_type_document l join document_type t on t.id = l.document_type_id where l.deal_type_id = ${type.id} order by t.position, t.id`,
    ),
    ownerName: named?.name ?? null,
  }
}

/** Adds a deal type after the others. @throws AppError forbidden, already_exists, not_found (process, document type, employee) */
export function createDealType(session: Session, input: CreateDealTypeInput): Promise<DealTypeCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const all = await selectDealTypes(inside.em)
    const isTaken = (code: string) => all.some((type) => type.code === code)
    if (input.code !== undefined && isTaken(input.code)) throw new AppError('already_exists', { what: input.code })
    const code = input.code ?? freeCode(input.names.en, 'type', isTaken)
    const type = inside.em.create(DealType, {
      code,
      nameRu: input.names.ru,
      nameEn: input.names.en,
      icon: input.icon ?? 'deals',
      position: all.length,
      processTemplate: await findTemplate(inside, input.processTemplate ?? null),
      ownerRule: await checkOwnerRule(inside, input.ownerRule ?? { kind: 'creator' }),
      archivedAt: null,
    })
    inside.em.persist(type)
    await inside.em.flush()
    await setLinks(inside, type, input)
    return showDealType(inside, { code })
  })
}

/**
 * Changes a deal type; deals that run keep their process. An archived type takes no new deals.
 * @throws AppError forbidden, not_found, version_stale
 */
export function editDealType(session: Session, input: EditDealTypeInput): Promise<DealTypeCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const type = await inside.em.findOne(DealType, { code: input.code })
    if (!type) throw new AppError('not_found', { what: `deal type ${input.code}` })
    if (type.version !== input.version) throw new AppError('version_stale', { current: { version: type.version } })
    if (input.names) Object.assign(type, { nameRu: input.names.ru, nameEn: input.names.en })
    if (input.icon !== undefined) type.icon = input.icon
    if (input.processTemplate !== undefined) type.processTemplate = await findTemplate(inside, input.processTemplate)
    if (input.ownerRule) type.ownerRule = await checkOwnerRule(inside, input.ownerRule)
    if (input.archived !== undefined) type.archivedAt = input.archived ? (type.archivedAt ?? inside.now) : null
    await inside.em.flush()
    const areLinksGiven = input.furtherProcesses !== undefined || input.documentTypes !== undefined
    await setLinks(inside, type, input)
    if (input.position !== undefined) await orderRows(inside, 'deal_type', type.id, input.position)
    // What belongs to the type was changed by somebody who saw this version: the next one must see his.
    if (areLinksGiven)
      await selectRows(
        inside.em,
        sql`update deal_type set version = version + 1 where id = ${type.id} and version = ${input.version}`,
      )
    return showDealType(inside, { code: type.code })
  })
}

type Links = { readonly furtherProcesses?: readonly string[] | undefined; readonly documentTypes?: readonly string[] | undefined }

/** The sets as given; what is left out stays. */
async function setLinks(session: Session, type: DealType, { furtherProcesses, documentTypes }: Links): Promise<void> {
  const { em } = session
  if (furtherProcesses) {
    await em.nativeDelete(DealTypeProcess, { dealType: type })
    for (const code of new Set(furtherProcesses))
      em.persist(em.create(DealTypeProcess, { dealType: type, processTemplate: (await findTemplate(session, code))! }))
  }
  if (documentTypes) {
    await em.nativeDelete(DealTypeDocument, { dealType: type })
    for (const code of new Set(documentTypes)) {
      const documentType = await em.findOne(DocumentType, { code })
      if (!documentType) throw new AppError('not_found', { what: `document type ${code}` })
      em.persist(em.create(DealTypeDocument, { dealType: type, documentType }))
    }
  }
  await em.flush()
}

async function findTemplate(session: Session, code: string | null): Promise<ProcessTemplate | null> {
  if (code === null) return null
  const template = await session.em.findOne(ProcessTemplate, { code })
  if (!template) throw new AppError('not_found', { what: `process ${code}` })
  return template
}

/** @throws AppError not_found, employee_inactive */
async function checkOwnerRule(session: Session, rule: OwnerRule): Promise<OwnerRule> {
  if (rule.kind !== 'employee') return rule
  const employee = await session.em.findOne(Employee, rule.employeeId)
  if (!employee) throw new AppError('not_found', { what: 'employee' })
  if (employee.deactivatedAt !== null) throw new AppError('employee_inactive', { name: employee.name })
  return rule
}
