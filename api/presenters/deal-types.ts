import type { FieldRow } from '../../db/queries/custom-fields.ts'
import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import { describeField } from '../../shared/messages/describe-field.ts'
import type { CustomFieldView, DealTypeCardView, DocumentTypeView, FieldValueView } from '../../shared/views/processes.ts'
import type { DealTypeCard } from '../usecases/deal-types/deal-types.ts'
import type { DocumentTypeRow } from '../usecases/deal-types/document-types.ts'
import type { FieldBook } from '../usecases/deal-types/field-book.ts'
import type { Reader } from './deals.ts'

/** The custom fields of a deal with what they hold, by place. */
export function presentFields(
  deal: { readonly typeId: number; readonly fields: Readonly<Record<string, FieldValue>> },
  book: FieldBook,
  { locale, organization }: Reader,
): FieldValueView[] {
  const words = { currency: organization.baseCurrency, nameOf: book.nameOf }
  return book.of(deal.typeId).map((field) => {
    const value = deal.fields[field.code] ?? null
    const { code, names, kind, isRequired } = field
    return { code, name: names[locale], kind, isRequired, value, text: describeField(field, value, locale, words) }
  })
}

export function presentDealType(card: DealTypeCard, { locale }: Reader): DealTypeCardView {
  const { type } = card
  return {
    id: type.id,
    code: type.code,
    name: type.names[locale],
    names: type.names,
    icon: type.icon,
    processTemplate:
      type.templateId === null
        ? null
        : { id: type.templateId, code: type.templateCode ?? '', name: type.templateNames?.[locale] ?? '' },
    furtherProcesses: card.processes.map(({ id, code, names }) => ({ id, code, name: names[locale] })),
    documentTypes: card.documents.map(({ id, code, names }) => ({ id, code, name: names[locale] })),
    ownerRule: type.ownerRule,
    ownerName: card.ownerName,
    fields: card.fields.map((field) => presentField(field, locale)),
    archived: type.archived,
    version: type.version,
  }
}

function presentField(field: FieldRow, locale: 'ru' | 'en'): CustomFieldView {
  const { id, code, names, kind, options, isRequired, inList, inFilter, position, archived, version } = field
  return { id, code, name: names[locale], names, kind, options, isRequired, inList, inFilter, position, archived, version }
}

export function presentDocumentTypes(rows: readonly DocumentTypeRow[], { locale }: Reader): { items: DocumentTypeView[] } {
  return {
    items: rows.map(({ id, code, names, isPayable, archived, version }) => ({
      id,
      code,
      name: names[locale],
      names,
      isPayable,
      archived,
      version,
    })),
  }
}
