import {
  CreateDealField,
  CreateDealType,
  CreateDocumentType,
  EditDealField,
  EditDealType,
  EditDocumentType,
  ShowDealType,
} from '../../../shared/schemas/deal-types.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import { presentDealType, presentDocumentTypes } from '../../presenters/deal-types.ts'
import { createDealType, editDealType, showDealType } from '../../usecases/deal-types/deal-types.ts'
import { createDocumentType, editDocumentType, listDocumentTypes } from '../../usecases/deal-types/document-types.ts'
import { createDealField, editDealField } from '../../usecases/deal-types/type-fields.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: { readonly version: number }) => view.version

/** `GET /deal-types`, the list, stands among the dictionaries. */
export const dealTypeRoutes: readonly Route[] = [
  endpoint('POST', '/deal-types', CreateDealType, createDealType, presentDealType, {
    summary: 'Add a deal type',
    status: 201,
    version,
  }),
  endpoint('GET', '/deal-types/:code', ShowDealType, showDealType, presentDealType, {
    summary: 'One deal type with its fields, processes and documents',
    version,
  }),
  endpoint('PATCH', '/deal-types/:code', EditDealType, editDealType, presentDealType, {
    summary: 'Change, move or archive a deal type',
    version,
  }),
  endpoint('POST', '/deal-types/:code/fields', CreateDealField, createDealField, presentDealType, {
    summary: 'Add a field to a deal type',
    status: 201,
  }),
  endpoint('PATCH', '/deal-types/:code/fields/:field', EditDealField, editDealField, presentDealType, {
    summary: 'Change, move or archive a field: If-Match carries the version of the field',
  }),
  endpoint('GET', '/document-types', NoInput, listDocumentTypes, presentDocumentTypes, { summary: 'Document types' }),
  endpoint('POST', '/document-types', CreateDocumentType, createDocumentType, presentDocumentTypes, {
    summary: 'Add a document type',
    status: 201,
  }),
  endpoint('PATCH', '/document-types/:code', EditDocumentType, editDocumentType, presentDocumentTypes, {
    summary: 'Rename or archive a document type',
  }),
]
