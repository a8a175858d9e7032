import {
  ListOutcomeDeals,
  ShowForecast,
  ShowForecastHistory,
  ShowVelocity,
  ShowWinRates,
} from '../../../shared/schemas/outcomes.ts'
import { presentDealList } from '../../presenters/deals.ts'
import { presentForecast, presentForecastHistory, presentVelocity, presentWinRates } from '../../presenters/outcomes.ts'
import { listOutcomeDeals } from '../../usecases/funnel/list-outcomes.ts'
import { showForecast } from '../../usecases/funnel/show-forecast.ts'
import { showForecastHistory } from '../../usecases/funnel/show-forecast-history.ts'
import { showVelocity, showWinRates } from '../../usecases/funnel/show-win-rates.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const outcomeRoutes: readonly Route[] = [
  endpoint('GET', '/funnel/forecast', ShowForecast, showForecast, presentForecast, {
    summary: 'What the period is likely to bring',
  }),
  endpoint('GET', '/funnel/forecast/history', ShowForecastHistory, showForecastHistory, presentForecastHistory, {
    summary: 'Weekly copies of forecasts, and how near they came',
  }),
  endpoint('GET', '/funnel/win-rates', ShowWinRates, showWinRates, presentWinRates, { summary: 'The three win rates' }),
  endpoint('GET', '/funnel/velocity', ShowVelocity, showVelocity, presentVelocity, { summary: 'Sales velocity by type' }),
  endpoint('GET', '/funnel/buckets/:bucket/deals', ListOutcomeDeals, listOutcomeDeals, presentDealList, {
    summary: 'The deals behind a figure of the forecast, the win rates or the velocity',
  }),
]
