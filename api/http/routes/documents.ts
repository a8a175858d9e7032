import {
  CreateDocument,
  EditDocument,
  ListDocuments,
  RecordPayment,
  SetDocumentState,
  VoidPayment,
} from '../../../shared/schemas/documents.ts'
import { presentDealCard } from '../../presenters/deals.ts'
import { presentDocumentPage } from '../../presenters/documents.ts'
import { createDocument } from '../../usecases/documents/create-document.ts'
import { editDocument } from '../../usecases/documents/edit-document.ts'
import { listDocuments } from '../../usecases/documents/list-documents.ts'
import { recordPayment, voidPayment } from '../../usecases/documents/payments.ts'
import { setDocumentState } from '../../usecases/documents/set-document-state.ts'
import { endpoint, type Route } from '../endpoint.ts'

/** Changes answer the whole card of the deal, whose status they may have moved; If-Match is the document's own version. */
export const documentRoutes: readonly Route[] = [
  endpoint('GET', '/documents', ListDocuments, listDocuments, presentDocumentPage, {
    summary: 'Documents of the deals the caller sees',
  }),
  endpoint('POST', '/deals/:deal/documents', CreateDocument, createDocument, presentDealCard, {
    summary: 'Add a document to a deal, as a draft',
    status: 201,
  }),
  endpoint('PATCH', '/documents/:id', EditDocument, editDocument, presentDealCard, { summary: 'Edit a draft, attach a file' }),
  endpoint('PUT', '/documents/:id/state', SetDocumentState, setDocumentState, presentDealCard, {
    summary: 'Take a document to another state',
  }),
  endpoint('POST', '/documents/:id/payments', RecordPayment, recordPayment, presentDealCard, {
    summary: 'Record a payment',
    status: 201,
  }),
  endpoint('DELETE', '/payments/:id', VoidPayment, voidPayment, presentDealCard, { summary: 'Take a payment back' }),
]
