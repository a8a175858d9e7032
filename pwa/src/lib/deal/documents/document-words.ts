import { paymentLevel } from '../../../../../shared/domain/documents.ts'
import { formatMoney } from '../../../../../shared/messages/format.ts'
import type { MoneyView } from '../../../../../shared/views/common.ts'
import type { DealDocumentView } from '../../../../../shared/views/processes.ts'
import { i18n } from '../../i18n.svelte.ts'
import { t } from './messages.ts'

export type DocumentState = DealDocumentView['state']

/** `Счёт № 7`. */
export function nameDocument({ type, number }: DealDocumentView): string {
  return t('name', { type: type.name, number })
}

export function sayMoney({ amountMinor, currency }: MoneyView): string {
  return formatMoney(amountMinor, currency, i18n.locale)
}

/** What is still to come, or came too much, in minor units: never below nought. */
export function restOf({ amount, paid }: DealDocumentView): { readonly toGo: MoneyView; readonly over: MoneyView } {
  const difference = (amount?.amountMinor ?? 0) - paid.amountMinor
  const money = (amountMinor: number) => ({ amountMinor: Math.max(0, amountMinor), currency: paid.currency })
  return { toGo: money(difference), over: money(-difference) }
}

/** How far it is paid, in a word or two; null where nothing is to be paid. */
export function sayPaid(document: DealDocumentView): string | null {
  const { amount, paid, isPayable, state } = document
  if (!isPayable || amount === null || (paid.amountMinor === 0 && (state === 'void' || state === 'rejected'))) return null
  const level = paymentLevel(amount.amountMinor, paid.amountMinor)
  return t(`paid.${level}`, { paid: sayMoney(paid), over: sayMoney(restOf(document).over) })
}

/** A sheet of the documents by its name in the address: `document-new`, `document-12`, `document-12-pay`. */
export type DocumentSheetName = {
  readonly id: number | null
  readonly part: 'new' | 'show' | 'edit' | 'attach' | 'pay' | 'rejected' | 'void'
}

export function readSheetName(name: string | null): DocumentSheetName | null {
  if (name === 'document-new') return { id: null, part: 'new' }
  const [, id, part = 'show'] = /^document-(\d{1,15})(?:-(edit|attach|pay|rejected|void))?$/.exec(name ?? '') ?? []
  return id === undefined ? null : { id: Number(id), part: part as DocumentSheetName['part'] }
}

/** The name to open it by. */
export function sheetName(id: number, part?: Exclude<DocumentSheetName['part'], 'new' | 'show'>): string {
  return part ? `document-${id}-${part}` : `document-${id}`
}
