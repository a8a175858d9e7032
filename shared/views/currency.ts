/** A row of the table of rates: so many units of the base currency for one unit, from the day on. Decimal text without trailing zeros. */
export type RateView = { readonly validFrom: string; readonly rate: string }

export type CurrencyView = {
  readonly code: string
  /** Newest first. */
  readonly rates: readonly RateView[]
  /** Deals in the currency, and those of them whose day no rate is known for; null for those who do not keep the rates. */
  readonly deals: number | null
  readonly withoutRate: number | null
}

/** `GET /api/exchange-rates`: the base currency, and every other that has a rate or, for those who keep the rates, a deal. */
export type ExchangeRatesView = {
  readonly baseCurrency: string
  /** Deals in the base currency; null as below. */
  readonly baseDeals: number | null
  /** Today in the organisation's time zone: no rate is valid from a later day. */
  readonly today: string
  readonly currencies: readonly CurrencyView[]
}

/** `POST /api/exchange-rates/preview`: what one row set, or gone, would do to the deals of its currency. Money is the base currency's. */
export type RatePreviewView = {
  readonly baseCurrency: string
  /** Deals in the currency. */
  readonly deals: number
  /** Deals that would come to another sum, or to one at all, or to none. */
  readonly changed: number
  readonly before: { readonly amountMinor: number; readonly withoutRate: number }
  readonly after: { readonly amountMinor: number; readonly withoutRate: number }
}
