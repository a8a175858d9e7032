import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { isAble, type PermissionActor } from '../../shared/domain/permissions.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { ownKeys } from './questions.ts'
import { requisites } from './state.ts'

/** What has to be asked in a chat so that these gates may open, in their order; what is done elsewhere asks for nothing. */
export function asksFor(gates: readonly Gate[], card: DealCard, actor: PermissionActor): readonly string[] {
  const may = (key: string) => (requisites.includes(key) ? isAble(actor, 'counterparty.edit') : card.actions.includes('edit'))
  return [...new Set(gates.flatMap((gate) => asksForGate(gate, card)))].filter(may)
}

function asksForGate(gate: Gate, card: DealCard): readonly string[] {
  if (gate.kind === 'fields') return gate.facts.flatMap((fact) => asksForFact(fact, card))
  if (gate.kind === 'requisites') return withClient(requisites, card)
  return gate.kind === 'amount' ? ['amount'] : []
}

function asksForFact(fact: string, card: DealCard): readonly string[] {
  if (fact === 'requisitesComplete') return withClient(requisites, card)
  if (fact === 'contact') return withClient(['contact'], card)
  const isAsked = fact.startsWith('field.') && card.book.of(card.deal.typeId).some(({ code }) => fact === `field.${code}`)
  return isAsked || ownKeys.includes(fact) ? [fact] : []
}

/** What belongs to a client needs one first. */
function withClient(keys: readonly string[], { deal }: DealCard): readonly string[] {
  return deal.counterpartyId === null ? ['counterparty', ...keys] : keys
}
