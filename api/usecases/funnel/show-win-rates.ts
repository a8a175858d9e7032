import type { DealTypeRow } from '../../../db/queries/dictionaries.ts'
import { countDeals, type OutcomeRow, selectOutcomes, staleDeals } from '../../../db/queries/outcomes.ts'
import {
  type Counted,
  type TypeVelocity,
  totalVelocity,
  typeVelocity,
  type WinRate,
  winRate,
} from '../../../shared/domain/win-rate.ts'
import type { OutcomeQuery, VelocityQuery } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import { listDealTypes } from '../settings.ts'
import { readSums } from './cube/read-sums.ts'
import { countOutcomesWithoutRate, staleLimits } from './outcome-members.ts'
import { type AskedOutcomes, askOutcomes, paceDays } from './outcome-scope.ts'

export type ShownWinRates = AskedOutcomes & { readonly rates: readonly WinRate[]; readonly withoutRate: number }

/** The three win rates of the deals that the actor sees. @throws AppError not_found, input_invalid */
export async function showWinRates(session: Session, query: OutcomeQuery): Promise<ShownWinRates> {
  const question = await askOutcomes(session, query, null)
  const { asked, scope, span } = question
  const [rows, stale, { own }, withoutRate] = await Promise.all([
    selectOutcomes(session.em, scope, span, false),
    staleLimits(session, scope).then((limits) => countDeals(session.em, staleDeals(scope, limits))),
    readSums(session, asked),
    countOutcomesWithoutRate(session, question, 'rates'),
  ])
  const [won, lost] = [total(rows, 'won'), total(rows, 'lost')] as const
  const { deals, money } = own.totals
  const rates = [
    winRate('event', won, lost),
    winRate('stale', won, lost, stale),
    winRate('cohort', { deals: deals.won, amountMinor: money.won }, { deals: deals.lost, amountMinor: money.lost }),
  ]
  return { ...question, rates, withoutRate }
}

export type ShownVelocity = AskedOutcomes & {
  readonly perDayMinor: number | null
  readonly velocities: readonly TypeVelocity[]
  readonly types: readonly DealTypeRow[]
  readonly withoutRate: number
}

/** The sales velocity of the deals that the actor sees, by type. @throws AppError not_found, input_invalid */
export async function showVelocity(session: Session, query: VelocityQuery): Promise<ShownVelocity> {
  const question = await askOutcomes(session, query, paceDays(session))
  const [rows, types, withoutRate] = await Promise.all([
    selectOutcomes(session.em, question.scope, question.span, true),
    listDealTypes(session),
    countOutcomesWithoutRate(session, question, 'pace'),
  ])
  const velocities = types
    .filter((type) => rows.some((row) => row.typeId === type.id))
    .map(({ id: typeId }) => {
      const own = rows.filter((row) => row.typeId === typeId)
      const part = (outcome: OutcomeRow['outcome']): Counted => total(own, outcome)
      const medianDays = own.find((row) => row.outcome === 'won')?.medianDays ?? null
      return typeVelocity({ typeId, open: part('open'), won: part('won'), lost: part('lost'), medianDays })
    })
  return { ...question, perDayMinor: totalVelocity(velocities), velocities, types, withoutRate }
}

function total(rows: readonly OutcomeRow[], outcome: OutcomeRow['outcome']): Counted {
  const own = rows.filter((row) => row.outcome === outcome)
  const sum = (key: 'deals' | 'amountMinor') => own.reduce((all, row) => all + row[key], 0)
  return { deals: sum('deals'), amountMinor: sum('amountMinor') }
}
