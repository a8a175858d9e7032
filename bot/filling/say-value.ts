import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import { describeField } from '../../shared/messages/describe-field.ts'
import { formatReference } from '../../shared/messages/format.ts'
import { currentYear } from '../deal-words.ts'
import type { LinkedTurn } from '../turn.ts'
import { type Known, type Question, questionOf } from './questions.ts'
import type { Filling } from './state.ts'

/** A value in words, plain text; empty for nothing. */
export function sayValue(turn: LinkedTurn, question: Question, value: FieldValue, filling: Filling, known: Known): string {
  if (value === null) return ''
  if (question.kind === 'contact')
    return nameContact(String(value), filling, known) ?? formatReference(String(value), turn.locale)
  return describeField(question.field, value, turn.locale, {
    currency: question.currency ?? turn.session.organization.baseCurrency,
    currentYear: currentYear(turn),
    nameOf: (kind, id) => filling.names[`${kind} ${id}`] ?? nameKnown(kind, id, known),
  })
}

function nameContact(value: string, { names }: Filling, { card, client }: Known): string | null {
  if (value.startsWith('+')) return value.slice(1)
  const own = card?.deal.contactId === Number(value) ? card.deal.contactName : null
  return names[`contact ${value}`] ?? client?.contacts.find(({ id }) => String(id) === value)?.name ?? own
}

function nameKnown(kind: 'file' | 'counterparty' | 'employee', id: string, { card, client, book }: Known): string {
  if (kind !== 'counterparty') return book.nameOf(kind, id)
  if (client && String(client.counterparty.id) === id) return client.counterparty.name
  return (String(card?.deal.counterpartyId) === id ? card?.deal.counterpartyName : null) ?? book.nameOf(kind, id)
}

/** The answers given so far with their questions, in the order they are asked; those that say nothing new are left out. */
export function answersOf(
  turn: LinkedTurn,
  filling: Filling,
  known: Known,
): { readonly question: Question; readonly said: string }[] {
  return Object.keys(filling.answers)
    .sort((one, other) => filling.asks.indexOf(one) - filling.asks.indexOf(other))
    .flatMap((key) => {
      const question = questionOf(turn, key, filling, known)
      if (!question) return []
      return [{ question, said: sayValue(turn, question, filling.answers[key] ?? null, filling, known) }]
    })
}
