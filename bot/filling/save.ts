import { addContact, editCounterparty } from '../../api/usecases/counterparties.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { CreateDeal, EditDeal } from '../../shared/schemas/deals.ts'
import { AddContact, EditCounterparty } from '../../shared/schemas/directory.ts'
import type { LinkedTurn } from '../turn.ts'
import { type Known, valueNow } from './questions.ts'
import { type Filling, requisites } from './state.ts'

type Written = Filling & { readonly purpose: Exclude<Filling['purpose'], { kind: 'new' }> }

/** Was anything that would be written changed by another since it was seen? */
export function isStale({ purpose, clientVersion }: Written, { card, client }: Known): boolean {
  return card?.deal.version !== purpose.version || (clientVersion !== undefined && clientVersion !== client?.counterparty.version)
}

/**
 * Writes the answers: requisites and a new contact to the client, the rest to the deal as one change, with the version that was seen.
 * @throws AppError not_found, forbidden, version_stale, input_invalid
 */
export async function saveAnswers(turn: LinkedTurn, filling: Written, known: Known): Promise<DealCard> {
  const { session } = turn
  const { number, version } = filling.purpose
  await saveRequisites(turn, filling, known)
  const input = await inputOf(turn, filling, known)
  if (Object.keys(input).length === 0) return showDeal(session, { number })
  return editDeal(session, EditDeal.parse({ number, version, ...input }))
}

/** @throws AppError forbidden, not_found, input_invalid */
export async function createFrom(turn: LinkedTurn, filling: Filling, type: string, known: Known): Promise<DealCard> {
  const input = await inputOf(turn, filling, known)
  const amount = { amountMinor: 0, currency: turn.session.organization.baseCurrency }
  return createDeal(turn.session, CreateDeal.parse({ type, title: '', amount, counterpartyId: null, ...input }))
}

async function saveRequisites({ session }: LinkedTurn, { answers, clientVersion }: Filling, { client }: Known): Promise<void> {
  const given = requisites.filter((key) => key in answers && answers[key] !== valueNow(key, { card: null, client } as Known))
  if (given.length === 0 || !client) return
  const values = Object.fromEntries(given.map((key) => [key, answers[key]]))
  const version = clientVersion ?? client.counterparty.version
  await editCounterparty(session, EditCounterparty.parse({ id: client.counterparty.id, version, ...values }))
}

/** The answers as the inputs of deals name them. */
async function inputOf(turn: LinkedTurn, filling: Filling, known: Known): Promise<Record<string, unknown>> {
  const { answers } = filling
  const input: Record<string, unknown> = {}
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(answers)) {
    const code = key.startsWith('field.') ? key.slice('field.'.length) : null
    // The deal may be of another type by now: what that does not ask for is left out.
    if (code !== null)
      Object.assign(fields, known.book.of(known.typeId).some((field) => field.code === code) ? { [code]: value } : {})
    else if (key === 'amount') input['amount'] = { amountMinor: value, currency: currencyOf(turn, filling, known) }
    else if (key === 'counterparty') input['counterpartyId'] = value === null ? null : Number(value)
    else if (key === 'contact') input['contactId'] = await contactOf(turn, value as string | null, known)
    else if (key === 'description') input['description'] = value ?? ''
    else if (!requisites.includes(key)) input[key] = value
  }
  return Object.keys(fields).length > 0 ? { ...input, fields } : input
}

function currencyOf({ session }: LinkedTurn, { currency }: Filling, { card }: Known): string {
  return currency ?? card?.deal.currency ?? session.organization.baseCurrency
}

/** The contact's id; one that is new is entered at the client first. */
async function contactOf({ session }: LinkedTurn, value: string | null, { client }: Known): Promise<number | null> {
  if (value === null || !client) return null
  if (!value.startsWith('+')) return Number(value)
  const before = new Set(client.contacts.map(({ id }) => id))
  const after = await addContact(session, AddContact.parse({ id: client.counterparty.id, name: value.slice(1) }))
  return after.contacts.find(({ id }) => !before.has(id))?.id ?? null
}
