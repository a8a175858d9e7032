import type { DealTypeRow } from '../../db/queries/dictionaries.ts'
import { forecastOf, probabilityOf } from '../../shared/domain/forecast.ts'
import type { CodedView } from '../../shared/views/common.ts'
import type { ForecastHistoryView, ForecastView, VelocityView, WinRatesView } from '../../shared/views/outcomes.ts'
import type { AskedOutcomes } from '../usecases/funnel/outcome-scope.ts'
import type { ShownForecast } from '../usecases/funnel/show-forecast.ts'
import type { ForecastHistory } from '../usecases/funnel/show-forecast-history.ts'
import type { ShownVelocity, ShownWinRates } from '../usecases/funnel/show-win-rates.ts'
import type { Reader } from './deals.ts'

function presentHead({ asked, names }: AskedOutcomes, reader: Reader, withoutRate: number) {
  return {
    period: { ...asked.period, timeZone: reader.organization.timeZone },
    asOf: asked.span.asOf.toISOString(),
    currency: reader.organization.baseCurrency,
    slice: { ...names, attribution: asked.query.attribution },
    withoutRate,
  }
}

export function presentForecast(shown: ShownForecast, reader: Reader): ForecastView {
  const { forecast, classes, book, types, learnedOn, asked } = shown
  const { won, expected } = forecast.buckets
  const bucketViews = Object.entries(forecast.buckets).map(([bucket, { withoutRate: _, ...figures }]) => [bucket, figures])
  const byHand = forecastOf(
    classes.filter((one) => one.bucket === 'expected' && one.handPct !== null),
    book,
  ).buckets.expected
  const expectedClasses = classes.filter((one) => one.bucket === 'expected' && one.handPct === null && one.statusId !== null)
  const byPlace = Map.groupBy(expectedClasses, (one) => `${one.typeId} ${one.statusId}`)
  return {
    ...presentHead(shown, reader, won.withoutRate + expected.withoutRate),
    totalMinor: forecast.totalMinor,
    buckets: Object.fromEntries(bucketViews) as ForecastView['buckets'],
    types: types.flatMap((type) => {
      const own = forecastOf(
        classes.filter((one) => one.typeId === type.id),
        book,
      )
      if (own.buckets.won.deals + own.buckets.expected.deals === 0) return []
      const { deals, amountMinor } = own.buckets.won
      return [
        {
          type: coded(type, reader),
          won: { deals, amountMinor },
          expected: counted(own.buckets.expected),
          totalMinor: own.totalMinor,
        },
      ]
    }),
    probabilities: [...byPlace.values()]
      .map((same) => {
        const [one] = same as [(typeof same)[number]]
        const { wins, resolved } = book.learned(one.typeId, one.statusId!) ?? { wins: 0, resolved: 0 }
        return {
          type: coded(types.find((type) => type.id === one.typeId)!, reader),
          status: asked.statuses.view(one.statusId!, reader.locale),
          expected: {
            deals: same.reduce((sum, { count }) => sum + count, 0),
            amountMinor: same.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
          },
          probability: probabilityOf(one, book),
          defaultPct: book.defaultPct(one.statusId!),
          wins,
          resolved,
        }
      })
      .sort((a, b) => a.type.id - b.type.id || a.status.rank - b.status.rank),
    byHand: counted(byHand),
    learnedOn,
  }
}

function counted({ deals, amountMinor, weightedMinor }: { deals: number; amountMinor: number; weightedMinor: number }) {
  return { deals, amountMinor, weightedMinor }
}

export function presentForecastHistory({ of, isKept, current, past }: ForecastHistory, reader: Reader): ForecastHistoryView {
  return {
    of,
    currency: reader.organization.baseCurrency,
    isKept,
    current: {
      from: current.from,
      to: current.to,
      copies: current.copies.map(({ week, wonMinor, weightedMinor, overdueMinor }) => ({
        week,
        wonMinor,
        weightedMinor,
        totalMinor: wonMinor + weightedMinor,
        overdueMinor,
      })),
    },
    past: past.map(({ from, to, came: { deals, amountMinor }, made }) => ({ from, to, came: { deals, amountMinor }, made })),
  }
}

export function presentWinRates(shown: ShownWinRates, reader: Reader): WinRatesView {
  return { ...presentHead(shown, reader, shown.withoutRate), rates: shown.rates }
}

export function presentVelocity(shown: ShownVelocity, reader: Reader): VelocityView {
  const { velocities, types, perDayMinor, asked } = shown
  return {
    ...presentHead(shown, reader, shown.withoutRate),
    days: Math.round((Date.parse(asked.period.to) - Date.parse(asked.period.from)) / 86_400_000),
    perDayMinor,
    types: velocities.map(({ typeId, open, won, lost, winRate, averageWonMinor, medianDays, perDayMinor: own }) => ({
      type: coded(types.find((type) => type.id === typeId)!, reader),
      open,
      won,
      lost,
      winRate,
      averageWonMinor: averageWonMinor === null ? null : Math.round(averageWonMinor),
      medianDays,
      perDayMinor: own,
    })),
  }
}

function coded({ id, code, names }: Pick<DealTypeRow, 'id' | 'code' | 'names'>, reader: Reader): CodedView {
  return { id, code, name: names[reader.locale] }
}
