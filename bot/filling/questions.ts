import { type CounterpartyCard, showCounterparty } from '../../api/usecases/counterparties.ts'
import { type FieldBook, readFieldBook } from '../../api/usecases/deal-types/field-book.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { listDealTypes } from '../../api/usecases/settings.ts'
import { type AmountRanges, amountsThrough, anyAmount } from '../../shared/domain/amount-ranges.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { type FieldDefinition, type FieldValue, longestFieldText } from '../../shared/domain/custom-fields.ts'
import type { FieldKind } from '../../shared/domain/facts.ts'
import { nameBuiltInFact } from '../../shared/messages/describe-gate.ts'
import type { LinkedTurn } from '../turn.ts'
import { type Filling, requisites } from './state.ts'

/** All that the questions of a filling are made from. */
export type Known = {
  /** Null for a deal that is still to be made. */
  readonly card: DealCard | null
  readonly typeId: number
  readonly book: FieldBook
  /** The client that is answered, else the deal's; null where there is none or he is out of sight. */
  readonly client: CounterpartyCard | null
}

export type Question = {
  readonly key: string
  readonly name: string
  readonly field: FieldDefinition
  /** Of the kinds of fields, and the two kinds that only deals themselves have. */
  readonly kind: FieldKind | 'contact' | 'requisite'
  /** What there is now: the answer given before, else what the deal holds. */
  readonly current: FieldValue
  /** The deal cannot be made without it. */
  readonly isMandatory: boolean
  /** What a sum is in where the answer does not say; null for the organisation's. */
  readonly currency: string | null
  /** For the amount: what the stage's gates let through. */
  readonly amounts: AmountRanges
  /** Longest text. */
  readonly longest: number
}

type Own = { readonly kind: Question['kind']; readonly isRequired: boolean; readonly longest: number }
/** The deal's own fields, and its client's requisites. */
const own: Readonly<Record<string, Own>> = {
  title: { kind: 'text', isRequired: true, longest: 300 },
  amount: { kind: 'money', isRequired: true, longest: 0 },
  counterparty: { kind: 'counterparty', isRequired: false, longest: 0 },
  contact: { kind: 'contact', isRequired: false, longest: 255 },
  expectedCloseOn: { kind: 'day', isRequired: false, longest: 0 },
  description: { kind: 'text', isRequired: false, longest: 4000 },
  inn: { kind: 'requisite', isRequired: true, longest: 12 },
  kpp: { kind: 'requisite', isRequired: true, longest: 9 },
  address: { kind: 'requisite', isRequired: true, longest: 255 },
}
export const ownKeys: readonly string[] = ['title', 'amount', 'counterparty', 'contact', 'expectedCloseOn', 'description']

/** @throws AppError not_found */
export async function readKnown(turn: LinkedTurn, { purpose, answers }: Pick<Filling, 'purpose' | 'answers'>): Promise<Known> {
  const { session } = turn
  const card = purpose.kind === 'new' ? null : await showDeal(session, { number: purpose.number })
  const answer = answers['counterparty']
  const clientId = answer === undefined ? card?.deal.counterpartyId : answer === null ? null : Number(answer)
  const client = clientId == null ? null : await findClient(turn, clientId)
  if (card) return { card, typeId: card.deal.typeId, book: card.book, client }
  const type = (await listDealTypes(session)).find(({ code }) => purpose.kind === 'new' && code === purpose.type)
  if (!type) throw new AppError('not_found', { what: 'deal type' })
  return { card: null, typeId: type.id, book: await readFieldBook(session, []), client }
}

async function findClient({ session }: LinkedTurn, id: number): Promise<CounterpartyCard | null> {
  try {
    return await showCounterparty(session, { id })
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  }
}

/** What a key asks; null where it means nothing for this deal (any more). */
export function questionOf(turn: LinkedTurn, key: string, filling: Filling, known: Known): Question | null {
  const mine = own[key]
  const custom = key.startsWith('field.') ? known.book.of(known.typeId).find(({ code }) => key === `field.${code}`) : undefined
  if (!mine && !custom) return null
  const name = custom?.names[turn.locale] ?? nameOwn(turn, key)
  const field: FieldDefinition = custom ?? {
    code: key,
    names: { ru: name, en: name },
    kind: mine?.kind === 'contact' || mine?.kind === 'requisite' ? 'text' : (mine?.kind ?? 'text'),
    options: [],
    isRequired: mine?.isRequired ?? false,
    archived: false,
  }
  const isNew = filling.purpose.kind === 'new'
  return {
    key,
    name,
    field,
    kind: mine?.kind ?? field.kind,
    current: key in filling.answers ? (filling.answers[key] ?? null) : valueNow(key, known),
    isMandatory: isNew && field.isRequired,
    currency: key === 'amount' ? (filling.currency ?? known.card?.deal.currency ?? null) : null,
    amounts: key === 'amount' ? amountsFor(filling, known) : anyAmount,
    longest: mine?.longest ?? longestFieldText,
  }
}

export function nameOwn(turn: LinkedTurn, key: string): string {
  return requisites.includes(key) || key === 'description'
    ? turn.t(`fill.name.${key as 'inn' | 'kpp' | 'address' | 'description'}`)
    : (nameBuiltInFact(key, turn.locale) ?? key)
}

/** What the deal, or its client, holds. */
export function valueNow(key: string, { card, client }: Known): FieldValue {
  if (key === 'inn' || key === 'kpp' || key === 'address') return client?.counterparty[key] ?? null
  if (!card) return null
  const { deal } = card
  switch (key) {
    case 'title':
      return deal.title
    case 'amount':
      return deal.amountMinor
    case 'counterparty':
      return deal.counterpartyId === null ? null : String(deal.counterpartyId)
    case 'contact':
      return deal.contactId === null ? null : String(deal.contactId)
    case 'expectedCloseOn':
      return deal.expectedCloseOn
    case 'description':
      return deal.description === '' ? null : deal.description
    default:
      return deal.fields[key.slice('field.'.length)] ?? null
  }
}

function amountsFor({ purpose }: Filling, { card }: Known): AmountRanges {
  if (purpose.kind !== 'move' || !card) return anyAmount
  return amountsThrough(wayOf(card, purpose)?.stage.gates ?? [])
}

/** The way that is to be gone, as it stands now. */
export function wayOf(card: DealCard, { run, stage }: { readonly run?: number | undefined; readonly stage: string }) {
  const runId = run ?? card.runs.find(({ isMain }) => isMain)?.id
  return runId === undefined ? undefined : card.ways.get(runId)?.find((way) => way.stage.code === stage)
}

/**
 * Is there nothing to ask? A contact and requisites need a client, requisites that are there are not asked for again, and an
 * entrepreneur (12 digits) has no KPP.
 */
export function isMoot(key: string, filling: Filling, known: Known): boolean {
  if (!requisites.includes(key) && key !== 'contact') return false
  if (!known.client) return filling.asks.indexOf('counterparty') < filling.at || !filling.asks.includes('counterparty')
  if (key === 'contact' || key in filling.answers) return false
  const { counterparty } = known.client
  const inn = 'inn' in filling.answers ? filling.answers['inn'] : counterparty.inn
  if (key === 'kpp' && String(inn ?? '').length === 12) return true
  return Boolean(counterparty[key as 'inn' | 'kpp' | 'address'])
}
