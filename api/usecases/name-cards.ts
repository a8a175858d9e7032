import { selectSliceNames } from '../../db/queries/slice-names.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { type BoardCard, readCardQuery } from '../../shared/schemas/dashboards.ts'
import type { Session } from '../session.ts'
import { ask } from './funnel/ask.ts'

/** By the id of the card: what its figures are cut by, in the reader's language, and only what he may see. */
export type CardNames = Readonly<Record<string, readonly string[]>>

export async function nameCards(session: Session, cards: readonly BoardCard[]): Promise<CardNames> {
  const named: Record<string, readonly string[]> = {}
  for (const card of cards) named[card.id] = await namesOf(session, card)
  return named
}

/** A type that is gone takes the card's names with it, not the whole dashboard: the card itself says what is wrong. */
async function namesOf(session: Session, { words }: BoardCard): Promise<readonly string[]> {
  const query = readCardQuery(words)
  if (query === null) return []
  if (![query.type, query.counterparty, query.department, query.employee].some((ids) => ids?.length)) return []
  try {
    const { slice } = await ask(session, query)
    const { types, counterparties, departments, employees } = await selectSliceNames(
      session.em,
      session.actor,
      slice,
      session.locale,
    )
    return [...types, ...counterparties, ...departments, ...employees].map(({ name }) => name)
  } catch (error) {
    if (error instanceof AppError) return []
    throw error
  }
}
