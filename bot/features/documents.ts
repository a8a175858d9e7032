import { z } from 'zod'
import { presentDealCard } from '../../api/presenters/deals.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { recordPayment } from '../../api/usecases/documents/payments.ts'
import { setDocumentState } from '../../api/usecases/documents/set-document-state.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { documentStates } from '../../shared/domain/facts.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import { nameDocumentState } from '../../shared/messages/describe-condition.ts'
import { formatMoney } from '../../shared/messages/format.ts'
import type { DealDocumentView } from '../../shared/views/processes.ts'
import type { Bot } from '../bot.ts'
import { defineButton, onPress } from '../buttons.ts'
import { ask, cancelKey, defineDialog, endDialog, fits, noticeAsked } from '../dialogs.ts'
import { nameDocument, sayDocument } from '../document-words.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import { type Money, readMoney } from '../read-money.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { backKey, documentsButton, openInApp } from './deal-card.ts'

/** `number` is the deal's: a refusal shows its card. */
const Place = z.strictObject({ number: z.number(), id: z.number() })
const Step = z.strictObject({ ...Place.shape, version: z.number(), state: z.enum(documentStates) })
const Payable = z.strictObject({ ...Place.shape, version: z.number() })
const Paid = z.strictObject({ ...Payable.shape, amountMinor: z.number() })
type Step = z.output<typeof Step>

const openDocumentButton = defineButton('document', Place)
const stepButton = defineButton('document.state', Step, { once: true })
/** What ends a document's way is asked about first. */
const askReasonButton = defineButton('document.reason', Step)
const askPaymentButton = defineButton('document.pay', Payable)
const payButton = defineButton('document.paid', Paid, { once: true })

const reasonLimit = 1000
const listed = 8

function find(turn: LinkedTurn, card: DealCard, id: number): DealDocumentView {
  const found = presentDealCard(card, turn.session).documents.find((document) => document.id === id)
  if (!found) throw new AppError('not_found', { what: 'document' })
  return found
}

/** The newest documents of a deal, each with a key. */
function documentList(turn: LinkedTurn, card: DealCard): Screen {
  const { number, title, documents } = presentDealCard(card, turn.session)
  const shown = documents.slice(-listed).reverse()
  const texts = shown.map((document) => sayDocument(document, turn))
  const keys = shown.map((document) => pressKey(nameDocument(document, turn), openDocumentButton, { number, id: document.id }))
  const more = documents.length - shown.length
  const rest = more > 0 ? [turn.t('card.documentsMore', { count: more })] : []
  const text = [bold(line(title, 200)), ...(texts.length > 0 ? texts : [turn.t('documents.none')]), ...rest].join('\n\n')
  return { text, keys: [...inRows(keys, 2), [backKey(turn, number), ...openInApp(turn, `/deals/${number}`)]], dealNumber: number }
}

/** One document, with the steps that the reader may take. */
function documentScreen(turn: LinkedTurn, card: DealCard, id: number): Screen {
  const { number } = card.deal
  const document = find(turn, card, id)
  const { version } = document
  const steps = document.next.map((state): Key => {
    const isEnd = state === 'void' || state === 'rejected'
    const style = isEnd ? 'danger' : state === 'approved' || state === 'signed' ? 'success' : undefined
    return pressKey(turn.t(`document.to.${state}`), isEnd ? askReasonButton : stepButton, { number, id, version, state }, style)
  })
  const pay = document.actions.includes('pay') ? [pressKey(turn.t('key.pay'), askPaymentButton, { number, id, version })] : []
  const text = [bold(line(card.deal.title, 200)), '', sayDocument(document, turn)].join('\n')
  const back = pressKey(turn.t('key.documents'), documentsButton, { number })
  return { text, keys: [...inRows(steps, 2), pay, [back, backKey(turn, number)]], dealNumber: number }
}

/** Asks why; an answer in words takes the step too. */
async function askForReason(turn: LinkedTurn, step: Step): Promise<void> {
  const document = find(turn, await showDeal(turn.session, step), step.id)
  await ask(turn, documentReasonDialog, step)
  noticeAsked(turn)
  const text = `${bold(line(nameDocument(document, turn), 120))}\n\n${turn.t(`document.why.${step.state === 'void' ? 'void' : 'rejected'}`)}`
  const bare = pressKey(turn.t('key.noReason'), stepButton, step, 'danger')
  await show(turn, { text, keys: [[bare], [cancelKey(turn)]], dealNumber: step.number })
}

export const documentReasonDialog = defineDialog('document.reason', Step, async (turn, { number: _, ...step }, text) => {
  if (!(await fits(turn, text, reasonLimit))) return
  await endDialog(turn)
  await say(turn, documentScreen(turn, await setDocumentState(turn.session, { ...step, comment: text }), step.id))
})

async function takeStep(turn: LinkedTurn, { number: _, ...step }: Step): Promise<void> {
  const card = await setDocumentState(turn.session, step)
  const document = find(turn, card, step.id)
  answerPress(turn, `${nameDocument(document, turn)}: ${nameDocumentState(document.state, turn.locale)}`)
  await show(turn, documentScreen(turn, card, step.id))
}

async function askForPayment(turn: LinkedTurn, payable: z.output<typeof Payable>): Promise<void> {
  const document = find(turn, await showDeal(turn.session, payable), payable.id)
  await ask(turn, paymentDialog, payable)
  noticeAsked(turn)
  const restMinor = (document.amount?.amountMinor ?? 0) - document.paid.amountMinor
  const rest = formatMoney(restMinor, document.paid.currency, turn.locale)
  const whole =
    restMinor > 0 ? [[pressKey(turn.t('key.payRest', { amount: rest }), payButton, { ...payable, amountMinor: restMinor })]] : []
  const text = `${sayDocument(document, turn)}\n\n${turn.t('document.payAsk')}`
  await show(turn, { text, keys: [...whole, [cancelKey(turn)]], dealNumber: payable.number })
}

export const paymentDialog = defineDialog('document.payment', Payable, async (turn, { number, ...seen }, text) => {
  const { currency } = (await showDeal(turn.session, { number })).deal
  const money = readMoney(text, currency)
  if (money === null || money.amountMinor === 0) return say(turn, { text: turn.t('new.amountWrong'), keys: [[cancelKey(turn)]] })
  if (money.currency !== currency)
    return say(turn, { text: turn.t('document.payCurrency', { currency }), keys: [[cancelKey(turn)]] })
  await endDialog(turn)
  await say(turn, documentScreen(turn, await pay(turn, seen, money), seen.id))
})

async function payRest(turn: LinkedTurn, { number, amountMinor, ...paid }: z.output<typeof Paid>): Promise<void> {
  const { currency } = (await showDeal(turn.session, { number })).deal
  const card = await pay(turn, paid, { amountMinor, currency })
  answerPress(turn, turn.t('document.payDone'))
  await show(turn, documentScreen(turn, card, paid.id))
}

/** The money came today. */
function pay(
  { session }: LinkedTurn,
  { id, version }: Omit<z.output<typeof Payable>, 'number'>,
  amount: Money,
): Promise<DealCard> {
  const paidOn = dayOf(session.now, session.organization.timeZone)
  return recordPayment(session, { id, version, amount, paidOn, comment: '' })
}

export function registerDocuments(bot: Bot): void {
  bot.action(
    documentsButton.filter,
    onPress(documentsButton, async (turn, input) => show(turn, documentList(turn, await showDeal(turn.session, input)))),
  )
  bot.action(
    openDocumentButton.filter,
    onPress(openDocumentButton, async (turn, { number, id }) =>
      show(turn, documentScreen(turn, await showDeal(turn.session, { number }), id)),
    ),
  )
  bot.action(stepButton.filter, onPress(stepButton, takeStep))
  bot.action(askReasonButton.filter, onPress(askReasonButton, askForReason))
  bot.action(askPaymentButton.filter, onPress(askPaymentButton, askForPayment))
  bot.action(payButton.filter, onPress(payButton, payRest))
}
