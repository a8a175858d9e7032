import { defineEntity, p } from '@mikro-orm/core'
import type { DocumentState } from '../../shared/domain/facts.ts'
import { Deal } from './deal.ts'
import { Employee } from './organization.ts'
import { DealType } from './process.ts'

const DocumentTypeSchema = defineEntity({
  name: 'DocumentType',
  tableName: 'document_type',
  properties: {
    id: p.integer().primary().autoincrement(),
    code: p.string().length(60).unique(),
    nameRu: p.string(),
    nameEn: p.string(),
    /** Payments may be booked on it. */
    isPayable: p.boolean().default(false),
    position: p.integer().default(0),
    archivedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
})
export class DocumentType extends DocumentTypeSchema.class {}
DocumentTypeSchema.setClass(DocumentType)

/** A document that belongs to deals of a type. */
const DealTypeDocumentSchema = defineEntity({
  name: 'DealTypeDocument',
  tableName: 'deal_type_document',
  properties: {
    dealType: () => p.manyToOne(DealType).primary(),
    documentType: () => p.manyToOne(DocumentType).primary().index(),
  },
})
export class DealTypeDocument extends DealTypeDocumentSchema.class {}
DealTypeDocumentSchema.setClass(DealTypeDocument)

const StoredFileSchema = defineEntity({
  name: 'StoredFile',
  tableName: 'stored_file',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    name: p.string().length(300),
    mediaType: p.string().length(120),
    sizeBytes: p.integer(),
    sha256: p.string().length(64).fieldName('sha256'),
    content: p.blob().lazy(),
    uploadedAt: p.datetime(),
    uploadedBy: () => p.manyToOne(Employee).nullable().fieldName('uploaded_by_id'),
  },
})
export class StoredFile extends StoredFileSchema.class {}
StoredFileSchema.setClass(StoredFile)

/** A document of a deal: a record with number, day, amount, state and, when there is one, a file. */
const DealDocumentSchema = defineEntity({
  name: 'DealDocument',
  tableName: 'deal_document',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    deal: () => p.manyToOne(Deal).index(),
    documentType: () => p.manyToOne(DocumentType).index(),
    number: p.string().length(100),
    datedOn: p.date(),
    amountMinor: p.bigint('number').nullable(),
    state: p.string().$type<DocumentState>().length(20).default('draft'),
    file: () => p.manyToOne(StoredFile).nullable(),
    createdAt: p.datetime(),
    changedAt: p.datetime(),
    version: p.integer().version(),
  },
})
export class DealDocument extends DealDocumentSchema.class {}
DealDocumentSchema.setClass(DealDocument)

const PaymentSchema = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    document: () => p.manyToOne(DealDocument).index(),
    amountMinor: p.bigint('number'),
    paidOn: p.date(),
    comment: p.string().length(1000).default(''),
    recordedAt: p.datetime(),
    recordedBy: () => p.manyToOne(Employee).nullable().fieldName('recorded_by_id'),
    voidedAt: p.datetime().nullable(),
  },
})
export class Payment extends PaymentSchema.class {}
PaymentSchema.setClass(Payment)
