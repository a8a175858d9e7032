import type { RatePreviewView } from '../../shared/views/currency.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

export type RateRow = { readonly currency: string; readonly validFrom: string; readonly rate: string }

const rateText = sql`trim_scale(rate)::text as rate`

/** All rates, newest first within a currency. */
export function selectRates(em: Em): Promise<RateRow[]> {
  return selectRows<RateRow>(
    em,
    sql`select currency, valid_from::text as "validFrom", ${rateText} from exchange_rate order by currency, valid_from desc`,
  )
}

/** The rate of exactly this day, locked against others who change it; null when there is none. */
export async function selectRate(em: Em, currency: string, validFrom: string): Promise<string | null> {
  const row = await selectRow<{ rate: string }>(
    em,
    sql`select ${rateText} from exchange_rate where currency = ${currency} and valid_from = ${validFrom}::date for update`,
  )
  return row?.rate ?? null
}

/** Changes of one currency's rates follow each other, also where no row is there to be locked. */
export async function lockRates(em: Em, currency: string): Promise<void> {
  await selectRows(em, sql`select pg_advisory_xact_lock(hashtext('exchange_rate'), hashtext(${currency}))`)
}

export async function upsertRate(em: Em, { currency, validFrom, rate }: RateRow): Promise<void> {
  await selectRows(
    em,
    sql`insert into exchange_rate (currency, valid_from, rate) values (${currency}, ${validFrom}::date, ${rate}::numeric)
    on conflict (currency, valid_from) do update set rate = excluded.rate where exchange_rate.rate <> excluded.rate`,
  )
}

/** @returns whether there was one. */
export async function removeRate(em: Em, currency: string, validFrom: string): Promise<boolean> {
  const gone = await selectRows(
    em,
    sql`delete from exchange_rate where currency = ${currency} and valid_from = ${validFrom}::date returning 1 as gone`,
  )
  return gone.length > 0
}

export type CurrencyUseRow = { readonly currency: string; readonly deals: number; readonly withoutRate: number }

/** How many of the viewer's deals are in which currency. */
export function selectCurrencyUse(em: Em, viewer: Viewer): Promise<CurrencyUseRow[]> {
  return selectRows<CurrencyUseRow>(
    em,
    sql`select deal.currency, count(*)::int as deals, (count(*) filter (where deal.base_amount_minor is null))::int as "withoutRate"
    from deal where ${visibleDeals(viewer)} group by deal.currency order by deal.currency`,
  )
}

/** What the deals of a currency come to, and would, if one row of the table were another; `rate` null: if it were not there. */
export async function selectRateEffect(
  em: Em,
  { currency, validFrom, rate }: { readonly currency: string; readonly validFrom: string; readonly rate: string | null },
): Promise<Omit<RatePreviewView, 'baseCurrency'>> {
  const given: RawBuilder<unknown> =
    rate === null ? sql`select null::date, null::numeric where false` : sql`select ${validFrom}::date, ${rate}::numeric`
  const sums = (column: RawBuilder<unknown>) => sql`jsonb_build_object('amountMinor', coalesce(sum(${column}), 0)::bigint,
    'withoutRate', (count(*) filter (where ${column} is null))::int)`
  const row = await selectRow<Omit<RatePreviewView, 'baseCurrency'>>(
    em,
    sql`with rates (valid_from, rate) as (
      select valid_from, rate from exchange_rate where currency = ${currency} and valid_from <> ${validFrom}::date union all ${given}),
    closed as materialized (
      select d.amount_minor, d.base_amount_minor as before, (deal_closed_at(d.id, d.status_id, d.status_since) at time zone o.time_zone)::date as day,
        10::numeric ^ (minor_digits(o.base_currency) - minor_digits(d.currency)) as scale
      from deal d, organization o where d.currency = ${currency} and d.withdrawn_at is null),
    converted as (
      select before, (select round(closed.amount_minor * r.rate * closed.scale) from rates r where closed.day is null or r.valid_from <= closed.day
        order by r.valid_from desc limit 1) as after from closed)
    select count(*)::int as deals, (count(*) filter (where before is distinct from after))::int as changed,
      ${sums(sql`before`)} as before, ${sums(sql`after`)} as after from converted`,
  )
  const nothing = { amountMinor: 0, withoutRate: 0 }
  return row ?? { deals: 0, changed: 0, before: nothing, after: nothing }
}
