import { Contact, Counterparty } from '../../db/entities/counterparty.ts'
import {
  type ContactRow,
  type CounterpartyRow,
  type IdCursor,
  selectCounterpartyCard,
  selectCounterpartyPage,
} from '../../db/queries/people.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type {
  AddContactInput,
  CreateCounterpartyInput,
  EditCounterpartyInput,
  ListCounterpartiesInput,
  ShowCounterpartyInput,
} from '../../shared/schemas/directory.ts'
import { type Session, transact } from '../session.ts'
import { decodeCursor } from './cursor.ts'

export type CounterpartyPage = {
  readonly rows: readonly CounterpartyRow[]
  readonly next: IdCursor | null
  readonly total: number
}
export type CounterpartyCard = { readonly counterparty: CounterpartyRow; readonly contacts: readonly ContactRow[] }

export function listCounterparties(session: Session, input: ListCounterpartiesInput): Promise<CounterpartyPage> {
  return selectCounterpartyPage(session.em, session.actor, { ...input, cursor: decodeCursor(input.cursor, 'id') })
}

/** @throws AppError not_found */
export async function showCounterparty(session: Session, input: ShowCounterpartyInput): Promise<CounterpartyCard> {
  const found = await selectCounterpartyCard(session.em, session.actor, input.id)
  if (!found) throw new AppError('not_found')
  return found
}

/** @throws AppError forbidden */
export function createCounterparty(session: Session, input: CreateCounterpartyInput): Promise<CounterpartyCard> {
  return transact(session, async (inside) => {
    assertEdit(inside)
    const { name, inn = null, kpp = null, address = null, phone = null, email = null } = input
    const counterparty = inside.em.create(Counterparty, { name, inn, kpp, address, phone, email })
    inside.em.persist(counterparty)
    await inside.em.flush()
    return showCounterparty(inside, { id: counterparty.id })
  })
}

/** Those left out stay, null clears. @throws AppError forbidden, not_found, version_stale */
export function editCounterparty(session: Session, input: EditCounterpartyInput): Promise<CounterpartyCard> {
  return transact(session, async (inside) => {
    assertEdit(inside)
    const counterparty = await inside.em.findOne(Counterparty, { id: input.id, archivedAt: null })
    if (!counterparty) throw new AppError('not_found')
    if (counterparty.version !== input.version)
      throw new AppError('version_stale', { current: { version: counterparty.version } })
    for (const field of ['inn', 'kpp', 'address', 'phone', 'email'] as const) {
      const value = input[field]
      if (value !== undefined) counterparty[field] = value
    }
    if (input.name !== undefined) counterparty.name = input.name
    await inside.em.flush()
    return showCounterparty(inside, input)
  })
}

/** Adds a person at a counterparty. @throws AppError forbidden, not_found */
export function addContact(session: Session, input: AddContactInput): Promise<CounterpartyCard> {
  return transact(session, async (inside) => {
    assertEdit(inside)
    await showCounterparty(inside, input)
    const { name, position = null, phone = null, email = null } = input
    inside.em.persist(
      inside.em.create(Contact, { counterparty: inside.em.getReference(Counterparty, input.id), name, position, phone, email }),
    )
    await inside.em.flush()
    return showCounterparty(inside, input)
  })
}

function assertEdit(session: Session): void {
  if (!isAble(session.actor, 'counterparty.edit')) throw new AppError('forbidden')
}
