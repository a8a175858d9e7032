import { paymentLevel } from '../shared/domain/documents.ts'
import { nameDocumentState } from '../shared/messages/describe-condition.ts'
import { formatDay, formatMoney, formatMoneyShort, formatReference } from '../shared/messages/format.ts'
import type { MoneyView } from '../shared/views/common.ts'
import type { DealDocumentView } from '../shared/views/processes.ts'
import { currentYear } from './deal-words.ts'
import { bold, line } from './html.ts'
import type { LinkedTurn } from './turn.ts'

const namedOnCard = 3

/** `Счёт № 7`; plain text. */
export function nameDocument({ type, number }: DealDocumentView, { locale }: Pick<LinkedTurn, 'locale'>): string {
  return `${type.name} ${formatReference(number, locale)}`
}

/** How far it is paid: `оплачен`, `оплачено 40 000 ₽ из 100 000 ₽`; empty where there is nothing to say. */
export function sayPaid({ amount, paid, isPayable }: DealDocumentView, turn: LinkedTurn): string {
  if (!isPayable || amount === null) return ''
  const money = ({ amountMinor, currency }: MoneyView) => formatMoney(amountMinor, currency, turn.locale)
  const level = paymentLevel(amount.amountMinor, paid.amountMinor)
  return turn.t(`document.${level}`, { paid: money(paid), amount: money(amount) })
}

/** The deal's documents in one line of its card; HTML. Null where there are none that count. */
export function sayDocuments(documents: readonly DealDocumentView[], turn: LinkedTurn): string | null {
  const counting = documents.filter(({ state }) => state !== 'void')
  if (counting.length === 0) return null
  const shown = counting.slice(-namedOnCard).map((document) => {
    const isPaid = document.amount !== null && document.paid.amountMinor > 0
    const level = isPaid ? paymentLevel(document.amount.amountMinor, document.paid.amountMinor) : null
    const state = nameDocumentState(document.state, turn.locale)
    return `${nameDocument(document, turn)} ${state}${level ? `, ${turn.t(`card.paid.${level}`)}` : ''}`
  })
  const more = counting.length - shown.length
  return line([...shown, ...(more > 0 ? [turn.t('card.documentsMore', { count: more })] : [])].join(' · '), 300)
}

/** A document in two or three lines; HTML. */
export function sayDocument(document: DealDocumentView, turn: LinkedTurn): string {
  const { amount, datedOn, file } = document
  const day = formatDay(datedOn, turn.locale, currentYear(turn))
  const head = `${bold(line(nameDocument(document, turn), 120))} · ${nameDocumentState(document.state, turn.locale)}`
  const sum = amount === null ? null : formatMoneyShort(amount.amountMinor, amount.currency, turn.locale)
  const facts = [turn.t('document.dated', { day }), ...(sum ? [sum] : []), ...(file ? [`📎 ${line(file.name, 60)}`] : [])]
  const paid = sayPaid(document, turn)
  return [head, facts.join(' · '), ...(paid === '' ? [] : [paid])].join('\n')
}
