import { sayChange } from '../../shared/domain/change-sentence.ts'
import { type ComparedDays, contrastOf, sidesBeforeHistory } from '../../shared/domain/compared-periods.ts'
import { type CountedSide, sayCounted } from '../../shared/domain/counted-sentence.ts'
import { explainedMeasures, sideOf } from '../../shared/domain/explain-change.ts'
import { comparedDimensions } from '../../shared/domain/explain-split.ts'
import { compareCohorts, differ, judgeCounts, judged } from '../../shared/domain/funnel-compare.ts'
import { addDays, dayOf } from '../../shared/domain/periods.ts'
import { compareEn } from '../../shared/messages/en/compare.ts'
import { compareRu } from '../../shared/messages/ru/compare.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { CohortCompareView, CompareView, CountedCompareView } from '../../shared/views/compare.ts'
import { isInView } from '../usecases/funnel/ask.ts'
import type { ComparedCounts } from '../usecases/funnel/compare-counted.ts'
import type { ComparedCohorts, ComparedFunnels } from '../usecases/funnel/compare-funnel.ts'
import type { ShownCohort, ShownFunnel } from '../usecases/funnel/show-funnel.ts'
import type { Reader } from './deals.ts'
import { presentFunnel } from './funnel.ts'

const speech = { ru: createTranslate('ru', compareRu), en: createTranslate('en', compareEn) }
const countedMeasures = ['count', 'amount'] as const

export function presentComparison(compared: ComparedFunnels, reader: Reader): CompareView {
  return compared.basis === 'cohort' ? presentCohorts(compared, reader) : presentCounts(compared, reader)
}

export function presentCohorts({ query, split, now, before, slices }: ComparedCohorts, reader: Reader): CohortCompareView {
  const { statuses } = now.asked
  const { contrast, missingHistory } = relate({ query, now, before }, reader)
  const { layers, totals } = compareCohorts(now.funnel, before.funnel, missingHistory === null)
  const input = {
    now: sideOf(now.funnel),
    before: sideOf(before.funnel),
    by: query.by,
    slices: { now: slices.now.totals, before: slices.before.totals },
    split,
    contrast,
    knownFrom: missingHistory?.since ?? null,
    layers: new Map(now.funnel.layers.map(({ status }) => [status.id, statuses.view(status.id, reader.locale)])),
    sliceNames: new Map([...slices.before.names, ...slices.now.names]),
    currency: reader.organization.baseCurrency,
  }
  return {
    basis: 'cohort',
    against: query.against,
    aged: query.aged,
    split,
    missingHistory,
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

function cohortView(shown: ShownCohort, reader: Reader): CohortCompareView['now'] {
  const view = presentFunnel(shown, reader)
  if (view.basis !== 'cohort') throw new Error('a comparison is of cohorts')
  return view
}

type Shown = { readonly query: ComparedFunnels['query']; readonly now: ShownFunnel; readonly before: ShownFunnel }

/** How the sides stand to one another, and what is not known of them. */
function relate({ query, now, before }: Shown, { organization: { timeZone } }: Reader) {
  const daysOf = ({ asked: { span, period } }: ShownFunnel): ComparedDays => {
    const day = dayOf(span.asOf, timeZone)
    return query.basis === 'snapshot' ? { from: day, to: addDays(day, 1) } : period
  }
  const days = { now: daysOf(now), before: daysOf(before) }
  const sides = sidesBeforeHistory(days, now.historySince, timeZone)
  return {
    contrast: contrastOf(days, comparedDimensions(query).size === 0),
    missingHistory: now.historySince && sides.length > 0 ? { sides, since: dayOf(now.historySince, timeZone) } : null,
  }
}

type CountedShown = ComparedCounts['now']

function presentCounts({ basis, query, split, now, before, slices }: ComparedCounts, reader: Reader): CountedCompareView {
  const { statuses } = now.asked
  const sides = { now: countedSide(now, slices.now.totals), before: countedSide(before, slices.before.totals) }
  // Deals of two moments are partly the same ones: how many stand differs, no chance in it.
  const { contrast, missingHistory } = relate({ query, now, before }, reader)
  const counted = (own: number, other: number) =>
    basis === 'flow' ? judged(differ(own, other), judgeCounts(own, other), missingHistory === null) : differ(own, other)
  const others = new Map(sides.before.layers.map((layer) => [layer.key, layer]))
  const layers = sides.now.layers.flatMap((own) => {
    const other = others.get(own.key)
    if (!other || own.key === hidden) return []
    return [
      {
        status: statuses.view(own.key, reader.locale),
        count: counted(own.deals, other.deals),
        amountMinor: differ(own.amountMinor, other.amountMinor),
      },
    ]
  })
  const input = {
    basis,
    ...sides,
    verdict: basis === 'flow' ? judgeCounts(sides.now.deals, sides.before.deals) : null,
    split,
    contrast,
    knownFrom: missingHistory?.since ?? null,
    layers: new Map(layers.map(({ status }) => [statuses.find(status.code).id, status])),
    sliceNames: new Map([...slices.before.names, ...slices.now.names]),
    currency: reader.organization.baseCurrency,
  }
  const [own, other] = [presentFunnel(now, reader), presentFunnel(before, reader)]
  const shared = {
    against: query.against,
    aged: query.aged,
    split,
    missingHistory,
    layers,
    totals: {
      deals: counted(sides.now.deals, sides.before.deals),
      amountMinor: differ(sides.now.amountMinor, sides.before.amountMinor),
    },
    explanations: countedMeasures.map((measure) =>
      sayCounted(input, measure, { locale: reader.locale, t: speech[reader.locale] }),
    ),
  }
  if (own.basis === 'snapshot' && other.basis === 'snapshot') return { ...shared, basis: 'snapshot', now: own, before: other }
  if (own.basis === 'flow' && other.basis === 'flow') return { ...shared, basis: 'flow', now: own, before: other }
  throw new Error('both sides are of one basis')
}

/** Key of what stands outside of the layers shown. */
const hidden = 0

function countedSide(shown: CountedShown, slices: CountedSide['slices']): CountedSide {
  if (shown.basis === 'flow') {
    const layers = shown.flow.layers.map(({ status, entered, amountMinor, entries }) => ({
      key: status.id,
      deals: entered,
      amountMinor: amountMinor.entered,
      entries,
    }))
    const { deals, amountMinor } = shown.totals
    return { deals, amountMinor, layers, slices }
  }
  const { layers, totals } = shown.snapshot
  const parts = layers.map(({ status, count, amountMinor }) => ({ key: status.id, deals: count, amountMinor }))
  const sum = (read: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + read(part), 0)
  const rest = {
    key: hidden,
    deals: totals.deals - sum(({ deals }) => deals),
    amountMinor: totals.amountMinor - sum(({ amountMinor }) => amountMinor),
  }
  return { deals: totals.deals, amountMinor: totals.amountMinor, layers: [...parts, rest], slices }
}
