import { sayChange } from '../../shared/domain/change-sentence.ts'
import { explainedMeasures, sideOf } from '../../shared/domain/explain-change.ts'
import { compareCohorts } from '../../shared/domain/funnel-compare.ts'
import { compareEn } from '../../shared/messages/en/compare.ts'
import { compareRu } from '../../shared/messages/ru/compare.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { CompareView } from '../../shared/views/compare.ts'
import { isInView } from '../usecases/funnel/ask.ts'
import type { ComparedFunnels } from '../usecases/funnel/compare-funnel.ts'
import type { ShownCohort } from '../usecases/funnel/show-funnel.ts'
import type { Reader } from './deals.ts'
import { presentFunnel } from './funnel.ts'

const speech = { ru: createTranslate('ru', compareRu), en: createTranslate('en', compareEn) }

export function presentComparison({ query, now, before, slices }: ComparedFunnels, reader: Reader): CompareView {
  const { statuses } = now.asked
  const { layers, totals } = compareCohorts(now.funnel, before.funnel)
  const input = {
    now: sideOf(now.funnel),
    before: sideOf(before.funnel),
    slices: { now: slices.now.totals, before: slices.before.totals },
    split: query.split,
    layers: new Map(now.funnel.layers.map(({ status }) => [status.id, statuses.view(status.id, reader.locale)])),
    sliceNames: new Map([...slices.before.names, ...slices.now.names]),
    currency: reader.organization.baseCurrency,
  }
  return {
    against: query.against,
    aged: query.aged,
    split: query.split,
    now: cohortView(now, reader),
    before: cohortView(before, reader),
    layers: layers
      .map(({ statusId, ...figures }) => ({ status: statuses.view(statusId, reader.locale), ...figures }))
      .filter(({ status }) => isInView(now.asked, status)),
    totals,
    explanations: explainedMeasures.map((measure) =>
      sayChange(input, measure, { locale: reader.locale, t: speech[reader.locale] }),
    ),
  }
}

function cohortView(shown: ShownCohort, reader: Reader): CompareView['now'] {
  const view = presentFunnel(shown, reader)
  if (view.basis !== 'cohort') throw new Error('a comparison is of cohorts')
  return view
}
