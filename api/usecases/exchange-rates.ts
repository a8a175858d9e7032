import {
  lockRates,
  removeRate,
  selectCurrencyUse,
  selectRate,
  selectRateEffect,
  selectRates,
  upsertRate,
} from '../../db/queries/exchange-rates.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { DeleteRateInput, PreviewRateInput, SetRateInput } from '../../shared/schemas/currency.ts'
import type { ExchangeRatesView, RatePreviewView } from '../../shared/views/currency.ts'
import { type Session, transact } from '../session.ts'
import { assertSettings } from './people.ts'

/** The table of rates, for everybody; how deals are converted by it stands in `shared/domain/money`. */
export async function listRates(session: Session): Promise<ExchangeRatesView> {
  const { baseCurrency } = session.organization
  // Counting all deals takes a moment where there are millions: only who keeps the rates needs to know.
  const isKeeper = isAble(session.actor, 'settings.edit')
  const [rates, use] = await Promise.all([selectRates(session.em), isKeeper ? selectCurrencyUse(session.em, session.actor) : []])
  const codes = [...new Set([...rates, ...use].map((row) => row.currency))].filter((code) => code !== baseCurrency).sort()
  return {
    baseCurrency,
    baseDeals: isKeeper ? (use.find((row) => row.currency === baseCurrency)?.deals ?? 0) : null,
    today: todayOf(session),
    currencies: codes.map((code) => {
      const none = isKeeper ? 0 : null
      const { deals = none, withoutRate = none } = use.find((row) => row.currency === code) ?? {}
      const own = rates.filter((row) => row.currency === code)
      return { code, rates: own.map(({ validFrom, rate }) => ({ validFrom, rate })), deals, withoutRate }
    }),
  }
}

/**
 * Adds a rate, or corrects the one of that day; every deal of the currency is converted anew in the same transaction.
 * @throws AppError forbidden, rate_of_base, rate_in_future, conflict when the row is not as the caller saw it
 */
export function setRate(session: Session, { seen, ...row }: SetRateInput): Promise<ExchangeRatesView> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    assertRow(inside, row)
    await lockRates(inside.em, row.currency)
    const now = await selectRate(inside.em, row.currency, row.validFrom)
    if (seen !== undefined && !isSameRate(seen, now)) throw new AppError('conflict', { current: await listRates(inside) })
    await upsertRate(inside.em, row)
    return listRates(inside)
  })
}

/** Takes a rate out of the table; its deals fall back to the rate before, or to none. @throws AppError forbidden, not_found */
export function deleteRate(session: Session, { currency, validFrom }: DeleteRateInput): Promise<ExchangeRatesView> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await lockRates(inside.em, currency)
    if (!(await removeRate(inside.em, currency, validFrom))) throw new AppError('not_found', { what: `${currency} ${validFrom}` })
    return listRates(inside)
  })
}

/** What a change of one row would do, without doing it. @throws AppError forbidden, rate_of_base, rate_in_future */
export async function previewRate(session: Session, row: PreviewRateInput): Promise<RatePreviewView> {
  assertSettings(session)
  assertRow(session, row)
  const { baseCurrency } = session.organization
  return { baseCurrency, ...(await selectRateEffect(session.em, row)) }
}

function assertRow(session: Session, { currency, validFrom }: DeleteRateInput): void {
  if (currency === session.organization.baseCurrency) throw new AppError('rate_of_base', { currency })
  if (validFrom > todayOf(session)) throw new AppError('rate_in_future', { day: validFrom })
}

function todayOf({ now, organization }: Session): string {
  return dayOf(now, organization.timeZone)
}

function isSameRate(seen: string | null, now: string | null): boolean {
  if (seen === null || now === null) return seen === now
  const trim = (rate: string) => (rate.includes('.') ? rate.replace(/\.?0+$/, '') : rate).replace(/^0+(?=\d)/, '')
  return trim(seen) === trim(now)
}
