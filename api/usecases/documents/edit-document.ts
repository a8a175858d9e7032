import type { Deal } from '../../../db/entities/deal.ts'
import type { DealDocument } from '../../../db/entities/document.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isEditable, mayAttach } from '../../../shared/domain/documents.ts'
import type { FieldChange } from '../../../shared/domain/events.ts'
import type { EditDocumentInput } from '../../../shared/schemas/documents.ts'
import type { Session } from '../../session.ts'
import type { DealCard } from '../deals/show-deal.ts'
import { assertCurrencyOf, changeDocument, documentRef, fileFor, mayWithDocuments } from './change-document.ts'

/**
 * Edits a draft; a document that is no draft any more may still be given the file it lacks. Nothing different = nothing recorded.
 * @throws AppError not_found, forbidden, version_stale, document_not_draft, document_amount_missing, currency_unsupported
 */
export function editDocument(session: Session, input: EditDocumentInput): Promise<DealCard> {
  return changeDocument(session, input, mayWithDocuments(session, 'write'), async ({ session: inside, deal }, document) => {
    if (input.amount) assertCurrencyOf(deal, input.amount.currency)
    const changes: FieldChange[] = []
    const set = <Field extends 'number' | 'datedOn' | 'amountMinor'>(field: Field, value: DealDocument[Field] | undefined) => {
      if (value === undefined || value === document[field]) return
      if (!isEditable(document.state)) throw new AppError('document_not_draft')
      changes.push({
        field,
        before: document[field] ?? null,
        after: value ?? null,
        ...(field === 'amountMinor' ? inCurrency(inside, deal) : {}),
      })
      document[field] = value as DealDocument[Field]
    }
    set('number', input.number)
    set('datedOn', input.datedOn)
    set('amountMinor', input.amount === undefined ? undefined : (input.amount?.amountMinor ?? null))
    if (document.documentType.isPayable && document.amountMinor === null) throw new AppError('document_amount_missing')
    const change = await changeFile(inside, document, input.fileId)
    if (change) changes.push(change)
    if (changes.length === 0) return null
    return { kind: 'document_changed', ...documentRef(document), state: document.state, changes }
  })
}

/** Said of an amount that is not in the organisation's currency. */
function inCurrency({ organization }: Session, { currency }: Deal): Pick<FieldChange, 'currencies'> {
  return currency === organization.baseCurrency ? {} : { currencies: { before: currency, after: currency } }
}

async function changeFile(
  session: Session,
  document: DealDocument,
  fileId: number | null | undefined,
): Promise<FieldChange | null> {
  if (fileId === undefined || fileId === (document.file?.id ?? null)) return null
  if (!mayAttach(document.state, document.file !== null)) throw new AppError('document_not_draft')
  const file = fileId === null ? null : await fileFor(session, fileId)
  await session.em.populate(document, ['file'])
  const before = document.file?.name ?? null
  document.file = file
  if (file) await session.em.populate(document, ['file'])
  return { field: 'file', before, after: file?.name ?? null }
}
