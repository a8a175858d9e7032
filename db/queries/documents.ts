import type { DocumentState } from '../../shared/domain/facts.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, selectKnownRows, selectRow, selectRows, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'
import type { IdCursor } from './people.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** A document as lists and cards show it, with its payments and with how the viewer stands to its deal. */
export type DocumentRow = {
  readonly id: number
  readonly dealNumber: number
  readonly dealTitle: string
  readonly ownerId: number
  readonly isParticipant: boolean
  readonly inSubtree: boolean
  readonly typeId: number
  readonly typeCode: string
  readonly typeNames: Names
  readonly isPayable: boolean
  readonly number: string
  readonly datedOn: string
  readonly amountMinor: number | null
  readonly currency: string
  readonly state: DocumentState
  readonly file: { readonly id: number; readonly name: string; readonly sizeBytes: number } | null
  /** Oldest first, with those that were taken back. */
  readonly payments: readonly PaymentRow[]
  readonly version: number
}

export type PaymentRow = {
  readonly id: number
  readonly amountMinor: number
  readonly paidOn: string
  readonly comment: string
  readonly byId: number | null
  readonly byName: string | null
  readonly voided: boolean
}

const documentSource = (
  viewer: Viewer,
) => sql`select d.id, deal.number as "dealNumber", deal.title as "dealTitle", deal.owner_id as "ownerId",
    exists (select 1 from deal_participant dp where dp.deal_id = deal.id and dp.employee_id = ${viewer.id}) as "isParticipant",
    deal.department_id in (select department_subtree(${viewer.departmentId})) as "inSubtree",
    dt.id as "typeId", dt.code as "typeCode", jsonb_build_object('ru', dt.name_ru, 'en', dt.name_en) as "typeNames", dt.is_payable as "isPayable",
    d.number, d.dated_on::text as "datedOn", d.amount_minor as "amountMinor", deal.currency, d.state,
    case when f.id is not null then jsonb_build_object('id', f.id, 'name', f.name, 'sizeBytes', f.size_bytes) end as file,
    (select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'amountMinor', p.amount_minor, 'paidOn', p.paid_on::text, 'comment', p.comment,
        'byId', p.recorded_by_id, 'byName', e.name, 'voided', p.voided_at is not null) order by p.paid_on, p.id), '[]')
      from payment p left join employee e on e.id = p.recorded_by_id where p.document_id = d.id) as payments,
    d.version
  from deal_document d join deal on deal.id = d.deal_id join document_type dt on dt.id = d.document_type_id left join stored_file f on f.id = d.file_id`

/** All documents of a deal that the viewer is known to see, in the order they were made. */
export function selectDealDocuments(em: Em, viewer: Viewer, dealId: number): Promise<DocumentRow[]> {
  return selectKnownRows<DocumentRow>(
    em,
    sql`${documentSource(viewer)} where d.deal_id = ${dealId} order by d.id` as RawBuilder<DocumentRow>,
  )
}

export type DocumentFilter = {
  readonly deal?: number | undefined
  readonly type?: readonly string[] | undefined
  readonly state?: readonly DocumentState[] | undefined
}

/** A page of the documents of the deals that the viewer sees, newest first, and how many there are in all. */
export async function selectDocumentPage(
  em: Em,
  viewer: Viewer,
  { deal, type, state }: DocumentFilter,
  page: { readonly limit: number; readonly cursor: IdCursor | null },
): Promise<{ readonly rows: readonly DocumentRow[]; readonly next: IdCursor | null; readonly total: number }> {
  const conditions = [
    visibleDeals(viewer),
    ...(deal === undefined ? [] : [sql`deal.number = ${deal}`]),
    ...(type === undefined ? [] : [sql`dt.code = any(${[...type]}::text[])`]),
    ...(state === undefined ? [] : [sql`d.state = any(${[...state]}::text[])`]),
  ]
  const condition = sql.join(conditions, sql` and `)
  const beyond = page.cursor === null ? sql`` : sql`and d.id < ${page.cursor.id}`
  const rows = await selectRows<DocumentRow>(
    em,
    sql`${documentSource(viewer)} where ${condition} ${beyond} order by d.id desc limit ${page.limit + 1}` as RawBuilder<DocumentRow>,
  )
  const counted = await selectRow<{ total: number }>(
    em,
    sql`select count(*)::int as total from deal_document d join deal on deal.id = d.deal_id join document_type dt on dt.id = d.document_type_id where ${condition}`,
  )
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  const next = rows.length > page.limit && last ? ({ order: 'id', value: String(last.id), id: last.id } as const) : null
  return { rows: shown, next, total: counted?.total ?? 0 }
}

/** The deal of a document, when the viewer sees it. */
export function selectDocumentDeal(em: Em, viewer: Viewer, documentId: number): Promise<{ readonly number: number } | null> {
  return selectRow(
    em,
    sql`select deal.number from deal_document d join deal on deal.id = d.deal_id where d.id = ${documentId} and ${visibleDeals(viewer)}`,
  )
}

/** The document and the deal of a payment, when the viewer sees it. */
export function selectPaymentPlace(
  em: Em,
  viewer: Viewer,
  paymentId: number,
): Promise<{ readonly number: number; readonly documentId: number } | null> {
  return selectRow(
    em,
    sql`select deal.number, d.id as "documentId" from payment p join deal_document d on d.id = p.document_id join deal on deal.id = d.deal_id
      where p.id = ${paymentId} and ${visibleDeals(viewer)}`,
  )
}

/** What a document's payments come to, those taken back left out, in minor units. */
export async function selectPaidMinor(em: Em, documentId: number): Promise<number> {
  const row = await selectKnownRow<{ paid: number }>(
    em,
    sql`select coalesce(sum(amount_minor), 0)::bigint as paid from payment where document_id = ${documentId} and voided_at is null`,
  )
  return row?.paid ?? 0
}

export type DealTypeDocumentRow = {
  readonly id: number
  readonly code: string
  readonly names: Names
  readonly isPayable: boolean
}

/** The documents that belong to deals of a type, without archived ones. */
export function selectDocumentTypesFor(em: Em, dealTypeId: number): Promise<DealTypeDocumentRow[]> {
  return selectKnownRows<DealTypeDocumentRow>(
    em,
    sql`select dt.id, dt.code, jsonb_build_object('ru', dt.name_ru, 'en', dt.name_en) as names, dt.is_payable as "isPayable"
      from deal_type_document link join document_type dt on dt.id = link.document_type_id
      where link.deal_type_id = ${dealTypeId} and dt.archived_at is null order by dt.position, dt.id`,
  )
}
