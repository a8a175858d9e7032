import type { Em } from '../orm.ts'
import { typeSeeds } from './demo-processes.ts'
import { continueSequence, insertRows } from './insert-rows.ts'

type DocumentTypeSeed = {
  readonly id: number
  readonly code: string
  readonly names: { readonly ru: string; readonly en: string }
  readonly isPayable: boolean
}

/** The papers that every company has; an administrator may add his own. */
const documentTypeSeeds: readonly DocumentTypeSeed[] = [
  { id: 1, code: 'contract', names: { ru: 'Договор', en: 'Contract' }, isPayable: false },
  { id: 2, code: 'invoice', names: { ru: 'Счёт', en: 'Invoice' }, isPayable: true },
  { id: 3, code: 'act', names: { ru: 'Акт', en: 'Acceptance act' }, isPayable: true },
  { id: 4, code: 'protocol', names: { ru: 'Протокол', en: 'Protocol' }, isPayable: false },
]

/** Documents by deal type of the demo company. */
const setsByDealType: Readonly<Record<string, readonly string[]>> = {
  product_sale: ['contract', 'invoice', 'act', 'protocol'],
  service: ['contract', 'invoice', 'act'],
  project: ['contract', 'invoice', 'act', 'protocol'],
  support_contract: ['contract', 'invoice', 'act'],
}

/** Loads the kinds of documents. */
export async function insertDocumentTypes(em: Em): Promise<void> {
  const rows = documentTypeSeeds.map(({ id, code, names, isPayable }) => ({
    id,
    code,
    name_ru: names.ru,
    name_en: names.en,
    is_payable: isPayable,
    position: id,
  }))
  const columns = { id: 'int', code: 'text', name_ru: 'text', name_en: 'text', is_payable: 'boolean', position: 'int' }
  await insertRows(em, 'document_type', columns, rows)
  await continueSequence(em, 'document_type', rows.length)
}

/** Says which documents belong to which of the demo company's deal types, once both are loaded. */
export async function insertDocumentSets(em: Em): Promise<void> {
  const rows = typeSeeds.flatMap(({ id, code }) =>
    documentTypeSeeds
      .filter((document) => setsByDealType[code]?.includes(document.code))
      .map((document) => ({ deal_type_id: id, document_type_id: document.id })),
  )
  await insertRows(em, 'deal_type_document', { deal_type_id: 'int', document_type_id: 'int' }, rows)
}
