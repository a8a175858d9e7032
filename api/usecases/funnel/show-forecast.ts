import type { DealTypeRow } from '../../../db/queries/dictionaries.ts'
import { type LearnedRow, selectLearned, selectLearnedOn } from '../../../db/queries/forecasts.ts'
import { selectForecast } from '../../../db/queries/outcomes.ts'
import { type Forecast, forecastOf, type OutcomeClass, type ProbabilityBook } from '../../../shared/domain/forecast.ts'
import type { OutcomeQuery } from '../../../shared/schemas/outcomes.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { listDealTypes } from '../settings.ts'
import { type AskedOutcomes, askOutcomes, thisQuarter } from './outcome-scope.ts'

export type ShownForecast = AskedOutcomes & {
  readonly forecast: Forecast
  readonly classes: readonly OutcomeClass[]
  readonly book: ProbabilityBook
  readonly types: readonly DealTypeRow[]
  readonly learnedOn: string | null
}

/** What the period is likely to bring, of the deals that the actor sees. @throws AppError not_found, input_invalid */
export async function showForecast(session: Session, query: OutcomeQuery): Promise<ShownForecast> {
  const question = await askOutcomes(session, query, thisQuarter(session))
  const [classes, learned, learnedOn, types] = await Promise.all([
    selectForecast(session.em, question.scope, question.span),
    selectLearned(session.em),
    selectLearnedOn(session.em),
    listDealTypes(session),
  ])
  const book = probabilityBook(learned, question.asked.statuses)
  return { ...question, forecast: forecastOf(classes, book), classes, book, types, learnedOn }
}

export function probabilityBook(rows: readonly LearnedRow[], statuses: StatusDictionary): ProbabilityBook {
  const learned = new Map(rows.map((row) => [`${row.typeId} ${row.statusId}`, row]))
  return {
    learned: (typeId, statusId) => learned.get(`${typeId} ${statusId}`) ?? null,
    defaultPct: (statusId) => statuses.byId(statusId).probabilityPct,
  }
}
