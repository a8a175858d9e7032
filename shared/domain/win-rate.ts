import { shareOf } from './funnel-cohort.ts'

/**
 * How often deals are won (product.md, section 3, "Win rate"). Three kinds, always named, each by number of deals and by amount:
 * `event`: W / (W + L), deals first won and deals lost in the period, by the time when that happened;
 * `stale`: W / (W + L + S), where S are the open deals that stand in their status more than twice its limit: they are lost, and nobody says so;
 * `cohort`: W / (W + L) of the deals that entered the funnel in the period, whenever they were resolved.
 */
export type WinRateKind = 'event' | 'stale' | 'cohort'
export const winRateKinds = ['event', 'stale', 'cohort'] as const satisfies readonly WinRateKind[]

export type Counted = { readonly deals: number; readonly amountMinor: number }
export type WinRate = {
  readonly kind: WinRateKind
  readonly won: Counted
  readonly lost: Counted
  /** Only of the kind `stale`, else nothing. */
  readonly stale: Counted
  /** Shares 0..1; null where nothing is divided. */
  readonly byCount: number | null
  readonly byAmount: number | null
}

/** @param limitsOver how many times its limit a deal may stand before it counts as stale */
export const staleAfterLimits = 2

export function winRate(kind: WinRateKind, won: Counted, lost: Counted, stale: Counted = { deals: 0, amountMinor: 0 }): WinRate {
  const share = (key: keyof Counted) => shareOf(won[key], won[key] + lost[key] + stale[key])
  return { kind, won, lost, stale, byCount: share('deals'), byAmount: share('amountMinor') }
}

/** One deal type in the sales velocity. */
export type TypePace = {
  readonly typeId: number
  /** Neither won nor lost. */
  readonly open: Counted
  readonly won: Counted
  readonly lost: Counted
  /** Of the won ones, from the entry into the funnel to the win; null when none was won. */
  readonly medianDays: number | null
}
export type TypeVelocity = TypePace & {
  readonly winRate: number | null
  readonly averageWonMinor: number | null
  /** Money a day, minor units; null where a part is not known. */
  readonly perDayMinor: number | null
}

/** Wins and losses of so many days up to now make the pace. */
export const velocityDays = 180

/**
 * Sales velocity of a type: open deals × win rate × average won amount / median days to the win (product.md, section 3). No win among the
 * resolved gives 0; nothing resolved, or wins that took no time at all, give no figure.
 */
export function typeVelocity(pace: TypePace): TypeVelocity {
  const rate = shareOf(pace.won.deals, pace.won.deals + pace.lost.deals)
  const averageWonMinor = shareOf(pace.won.amountMinor, pace.won.deals)
  return { ...pace, winRate: rate, averageWonMinor, perDayMinor: perDay(pace, rate, averageWonMinor) }
}

function perDay({ open, medianDays }: TypePace, rate: number | null, averageWonMinor: number | null): number | null {
  if (rate === null) return null
  if (rate === 0) return 0
  if (averageWonMinor === null || medianDays === null || medianDays <= 0) return null
  return Math.round((open.deals * rate * averageWonMinor) / medianDays)
}

/** The sum over types: mixing a sale of three days with a project of nine months would mean nothing. Null when no type has a figure. */
export function totalVelocity(types: readonly TypeVelocity[]): number | null {
  const known = types.flatMap(({ perDayMinor }) => (perDayMinor === null ? [] : [perDayMinor]))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}
