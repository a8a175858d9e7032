import { CustomField, DealType } from '../../../db/entities/process.ts'
import { selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { type FieldOption, hasOptions } from '../../../shared/domain/custom-fields.ts'
import { freeCode } from '../../../shared/domain/free-code.ts'
import type { CreateDealFieldInput, EditDealFieldInput } from '../../../shared/schemas/deal-types.ts'
import { type Session, transact } from '../../session.ts'
import { assertSettings } from '../people.ts'
import { type DealTypeCard, showDealType } from './deal-types.ts'
import { orderRows } from './order-rows.ts'

/**
 * Adds a field to a deal type, after the others. Rules ask of a code without its type, so one code is of one kind everywhere.
 * @throws AppError forbidden, not_found, already_exists (the code, on this type), field_kind_differs, options_missing
 */
export function createDealField(session: Session, input: CreateDealFieldInput): Promise<DealTypeCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const type = await inside.em.findOne(DealType, { code: input.code })
    if (!type) throw new AppError('not_found', { what: `deal type ${input.code}` })
    const all = await selectCustomFields(inside.em)
    const own = all.filter((field) => field.typeId === type.id)
    const clashes = (code: string) =>
      // Every object of JavaScript has one of its own.
      code === 'constructor' ||
      all.some((field) => field.code === code && (field.typeId === type.id || field.kind !== input.kind))
    if (own.some((field) => field.code === input.field)) throw new AppError('already_exists', { what: input.field ?? '' })
    if (input.field !== undefined && clashes(input.field)) throw new AppError('field_kind_differs', { code: input.field })
    inside.em.persist(
      inside.em.create(CustomField, {
        dealType: type,
        code: input.field ?? freeCode(input.names.en, 'field', clashes),
        nameRu: input.names.ru,
        nameEn: input.names.en,
        kind: input.kind,
        options: checkOptions(input.kind, input.options ?? []),
        isRequired: input.isRequired ?? false,
        inList: input.inList ?? false,
        inFilter: input.inFilter ?? false,
        position: own.length,
        archivedAt: null,
      }),
    )
    await inside.em.flush()
    return showDealType(inside, { code: type.code })
  })
}

/**
 * Changes a field; its kind and code never change, and it is never deleted: archived, it keeps what deals hold.
 * An option that deals hold stays. @throws AppError forbidden, not_found, version_stale, options_missing, option_in_use
 */
export function editDealField(session: Session, input: EditDealFieldInput): Promise<DealTypeCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const field = await inside.em.findOne(
      CustomField,
      { code: input.field, dealType: { code: input.code } },
      { populate: ['dealType'] },
    )
    if (!field) throw new AppError('not_found', { what: `field ${input.field}` })
    if (field.version !== input.version) throw new AppError('version_stale', { current: { version: field.version } })
    if (input.names) Object.assign(field, { nameRu: input.names.ru, nameEn: input.names.en })
    if (input.options) {
      await assertUnused(inside, field, input.options)
      field.options = checkOptions(field.kind, input.options)
    }
    if (input.isRequired !== undefined) field.isRequired = input.isRequired
    if (input.inList !== undefined) field.inList = input.inList
    if (input.inFilter !== undefined) field.inFilter = input.inFilter
    if (input.archived !== undefined) field.archivedAt = input.archived ? (field.archivedAt ?? inside.now) : null
    await inside.em.flush()
    if (input.position !== undefined) await orderRows(inside, 'custom_field', field.id, input.position, field.dealType.id)
    return showDealType(inside, { code: field.dealType.code })
  })
}

function checkOptions(kind: CustomField['kind'], options: readonly FieldOption[]): readonly FieldOption[] {
  if (!hasOptions(kind)) return []
  if (options.length === 0) throw new AppError('options_missing')
  return options
}

async function assertUnused(session: Session, field: CustomField, next: readonly FieldOption[]): Promise<void> {
  const gone = field.options.filter(({ code }) => !next.some((option) => option.code === code))
  for (const option of gone) {
    const holds = field.kind === 'several' ? [option.code] : option.code
    const used = await selectRow(
      session.em,
      sql`select 1 from deal where type_id = ${field.dealType.id} and fields @> ${JSON.stringify({ [field.code]: holds })}::jsonb limit 1`,
    )
    if (used) throw new AppError('option_in_use', { option: option[session.locale] })
  }
}
