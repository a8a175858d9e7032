import { DealDocument } from '../../../db/entities/document.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { FieldChange } from '../../../shared/domain/events.ts'
import { assertCurrency } from '../../../shared/domain/money.ts'
import type { MoneyView } from '../../../shared/views/common.ts'
import type { Change } from './deal-record.ts'

/**
 * Gives the deal another amount, also in another currency: what its documents say must stay as it is, so not once they hold amounts.
 * @returns what changed, none when nothing did @throws AppError currency_unknown, currency_fixed
 */
export async function changeAmount({ session, deal }: Change, { amountMinor, currency }: MoneyView): Promise<FieldChange[]> {
  const before = { amountMinor: deal.amountMinor, currency: deal.currency }
  if (before.amountMinor === amountMinor && before.currency === currency) return []
  if (currency !== before.currency) {
    assertCurrency(currency)
    if ((await session.em.count(DealDocument, { deal, amountMinor: { $ne: null } })) > 0)
      throw new AppError('currency_fixed', { currency: before.currency })
  }
  Object.assign(deal, { amountMinor, currency })
  const isBase = [before.currency, currency].every((code) => code === session.organization.baseCurrency)
  const currencies = { before: before.currency, after: currency }
  return [{ field: 'amountMinor', before: before.amountMinor, after: amountMinor, ...(isBase ? {} : { currencies }) }]
}
