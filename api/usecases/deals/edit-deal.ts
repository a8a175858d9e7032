import type { FieldChange } from '../../../shared/domain/events.ts'
import { factOfField } from '../../../shared/domain/facts.ts'
import type { EditDealInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { changeDealFields } from '../deal-types/change-fields.ts'
import { changeAmount } from './change-amount.ts'
import { changeDeal } from './change-deal.ts'
import { clientFor } from './create-deal.ts'
import type { DealCard } from './show-deal.ts'

/**
 * Edits a deal's own fields; those left out stay. Nothing different = nothing recorded.
 * @throws AppError not_found, forbidden, version_stale, currency_unknown, currency_fixed, input_invalid (custom fields)
 */
export function editDeal(session: Session, input: EditDealInput): Promise<DealCard> {
  return changeDeal(session, input, 'edit', async (change) => {
    const { session: inside, deal } = change
    const changes: FieldChange[] = []
    const set = <Field extends 'title' | 'description' | 'expectedCloseOn' | 'probabilityPct'>(
      field: Field,
      value: (typeof deal)[Field] | undefined,
    ): void => {
      if (value === undefined || value === deal[field]) return
      changes.push({ field, before: deal[field] ?? null, after: value ?? null })
      deal[field] = value as (typeof deal)[Field]
    }
    set('title', input.title)
    set('description', input.description)
    if (input.amount) changes.push(...(await changeAmount(change, input.amount)))
    set('expectedCloseOn', input.expectedCloseOn)
    set('probabilityPct', input.probabilityPct)
    if (input.counterpartyId !== undefined || input.contactId !== undefined) {
      await inside.em.populate(deal, ['counterparty', 'contact'])
      const counterpartyId = input.counterpartyId === undefined ? (deal.counterparty?.id ?? null) : input.counterpartyId
      // A contact belongs to its client: with another client it goes.
      const kept = counterpartyId === (deal.counterparty?.id ?? null) ? deal.contact?.id : null
      const next = await clientFor(inside, { counterpartyId, contactId: input.contactId === undefined ? kept : input.contactId })
      if (next.counterparty) await inside.em.populate(next.counterparty, ['name'] as never)
      if (deal.counterparty?.id !== next.counterparty?.id) {
        changes.push({ field: 'counterparty', before: deal.counterparty?.name ?? null, after: next.counterparty?.name ?? null })
        deal.counterparty = next.counterparty
      }
      if (deal.contact?.id !== next.contact?.id) {
        changes.push({ field: 'contact', before: deal.contact?.name ?? null, after: next.contact?.name ?? null })
        deal.contact = next.contact
      }
    }
    if (input.fields) changes.push(...(await changeDealFields(change, input.fields)))
    for (const { field } of changes) {
      const fact = factOfField(field)
      if (fact !== null) change.heard.push({ event: { kind: 'field_changed', fact }, runId: null })
    }
    return changes.length === 0 ? null : { event: { kind: 'deal_edited', changes }, undoable: true }
  })
}
