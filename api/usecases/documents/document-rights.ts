import type { DocumentRow } from '../../../db/queries/documents.ts'
import { canWithDocuments, isEditable, mayAttach, nextStates, takesPayments } from '../../../shared/domain/documents.ts'
import type { DocumentState } from '../../../shared/domain/facts.ts'
import { relationTo } from '../../../shared/domain/permissions.ts'
import type { DocumentDeed } from '../../../shared/views/processes.ts'
import type { Session } from '../../session.ts'

/** A document with what the actor may do with it now. */
export type DealDocumentCard = {
  readonly row: DocumentRow
  readonly next: readonly DocumentState[]
  readonly actions: readonly DocumentDeed[]
}

/** Adds to a document what the actor may do with it; rights by his relation to the deal, the rest by its state. */
export function withRights({ actor }: Session, row: DocumentRow): DealDocumentCard {
  const relation = relationTo(actor, row)
  const writes = canWithDocuments(actor, 'write', relation)
  const pays = row.isPayable && canWithDocuments(actor, 'pay', relation)
  const deeds: Readonly<Record<DocumentDeed, boolean>> = {
    edit: writes && isEditable(row.state),
    attach: writes && mayAttach(row.state, row.file !== null),
    pay: pays && row.amountMinor !== null && takesPayments(row.state),
    voidPayment: pays && row.payments.some((payment) => !payment.voided),
  }
  const actions = (Object.keys(deeds) as DocumentDeed[]).filter((deed) => deeds[deed])
  return { row, next: nextStates(actor, relation, row.state), actions }
}
