import type { DepartmentBarRow, WeekRow } from '../../db/queries/funnel-charts.ts'
import { funnelSentence, type SpokenLayer } from '../../shared/domain/funnel-sentence.ts'
import { funnelEn } from '../../shared/messages/en/funnel.ts'
import { funnelRu } from '../../shared/messages/ru/funnel.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { SplitFunnelInput } from '../../shared/schemas/funnel.ts'
import type {
  ActivityView,
  ChapterView,
  CohortFunnelView,
  CohortLayerView,
  DepartmentBarsView,
  FlowFunnelView,
  FunnelHeadView,
  FunnelSplitView,
  FunnelTrendView,
  FunnelView,
  LayerTimeView,
  SnapshotFunnelView,
  SnapshotLayerView,
  StayView,
} from '../../shared/views/funnel.ts'
import { isInView } from '../usecases/funnel/ask.ts'
import type { FunnelSplit } from '../usecases/funnel/drill-down.ts'
import type { FunnelHead, ShownCohort, ShownFlow, ShownFunnel, ShownSnapshot } from '../usecases/funnel/show-funnel.ts'
import type { Reader } from './deals.ts'

const speech = { ru: createTranslate('ru', funnelRu), en: createTranslate('en', funnelEn) }

export function presentFunnel(shown: ShownFunnel, reader: Reader): FunnelView {
  switch (shown.basis) {
    case 'cohort':
      return presentCohort(shown, reader)
    case 'snapshot':
      return presentSnapshot(shown, reader)
    case 'flow':
      return presentFlow(shown, reader)
  }
}

export function presentHead({ asked, historySince, names, withoutRate, fields }: FunnelHead, reader: Reader): FunnelHeadView {
  const { query, period, span } = asked
  return {
    period: { ...period, timeZone: reader.organization.timeZone },
    asOf: span.asOf.toISOString(),
    currency: reader.organization.baseCurrency,
    withoutRate,
    historySince: historySince?.toISOString() ?? null,
    slice: {
      ...names,
      attribution: query.attribution,
      strict: query.strict,
      by: query.by,
      phases: query.phase ?? [],
      tags: query.tag ?? [],
      fields,
    },
  }
}

function presentCohort(shown: ShownCohort, reader: Reader): CohortFunnelView {
  const { funnel, asked, bottlenecks } = shown
  const byAmount = asked.query.by === 'amount'
  const all = funnel.layers.map((layer, index): CohortLayerView => {
    const { id } = layer.status
    const baseline = shown.baseline.get(id)
    const { reached, passed, lost, finished, open, skipped, through, joined } = layer
    const money = layer.amountMinor
    return {
      status: asked.statuses.view(id, reader.locale),
      reached,
      passed,
      lost,
      finished,
      open,
      skipped,
      through,
      joined,
      amountMinor: {
        reached: money.reached,
        passed: money.passed,
        lost: money.lost,
        finished: money.finished,
        open: money.open,
        through: money.through,
        joined: money.joined,
      },
      conversion: {
        ...(byAmount ? layer.conversionByAmount : layer.conversion),
        baseline: (byAmount ? baseline?.byAmount : baseline?.resolved) ?? null,
      },
      time: timeOf(shown, id),
      bottleneck: bottlenecks.byLayer[index] ?? null,
    }
  })
  const layers = all.filter(({ status }) => isInView(asked, status))
  const { deals, amountMinor, won, wonAmountMinor, lost, winRate } = funnel.totals
  const clock = reader.organization.workCalendar ? 'working' : 'calendar'
  const narrowest = bottlenecks.narrowestId === null ? null : asked.statuses.byId(bottlenecks.narrowestId).code
  return {
    basis: 'cohort',
    ...presentHead(shown, reader),
    layers,
    chapters: presentChapters(shown, byAmount),
    totals: { deals, amountMinor, won, wonAmountMinor, lost, winRate },
    narrowest,
    narrowestTooFew: bottlenecks.narrowestTooFew,
    time: { clock, sampledDeals: shown.stays.sampledDeals },
    sentence: funnelSentence(
      {
        layers: layers.map((layer) => spokenLayer(layer, shown, clock)),
        deals,
        narrowest,
        narrowestTooFew: bottlenecks.narrowestTooFew,
        currency: reader.organization.baseCurrency,
      },
      { locale: reader.locale, t: speech[reader.locale] },
    ),
  }
}

function presentChapters({ chapters, chaptersBefore }: ShownCohort, byAmount: boolean): readonly ChapterView[] {
  return chapters.map(({ phase, layers, reached, passed, lost, finished, open, amountMinor, resolved, resolvedByAmount }) => {
    const before = chaptersBefore.get(phase)
    return {
      phase,
      layers: layers.map(({ code }) => code),
      entered: reached,
      passed,
      lost,
      finished,
      open,
      amountMinor: {
        entered: amountMinor.reached,
        passed: amountMinor.passed,
        lost: amountMinor.lost,
        finished: amountMinor.finished,
        open: amountMinor.open,
      },
      conversion: {
        resolved: byAmount ? resolvedByAmount : resolved,
        baseline: (byAmount ? before?.resolvedByAmount : before?.resolved) ?? null,
      },
    }
  })
}

const unknownStay: StayView = { medianHours: null, p90Hours: null, medianOverHours: null, p90OverHours: null }
const noneLeft = { medianHours: null, p90Hours: null }

function timeOf({ stays }: ShownCohort, statusId: number): LayerTimeView {
  const { deals = 0, stillThere = 0, left = noneLeft, working = unknownStay, ...calendar } = stays.times.get(statusId) ?? {}
  const before = stays.before.get(statusId)
  return {
    ...unknownStay,
    ...calendar,
    baselineMedianHours: before?.medianHours ?? null,
    deals,
    stillThere,
    left,
    working: { ...working, baselineMedianHours: before?.working.medianHours ?? null },
  }
}

function spokenLayer(
  { status, passed, lost, open, time }: CohortLayerView,
  { bottlenecks, asked, funnel }: ShownCohort,
  clock: 'calendar' | 'working',
): SpokenLayer {
  const index = funnel.layers.findIndex((layer) => layer.status.id === status.id)
  const stay = clock === 'working' ? time.working : time
  return {
    code: status.code,
    name: status.name,
    passed,
    lost,
    open,
    medianHours: stay.medianHours ?? stay.medianOverHours,
    isMedianOver: stay.medianHours === null,
    baselineMedianHours: stay.baselineMedianHours,
    clock,
    timeLimitHours: asked.statuses.byId(status.id).timeLimitHours,
    bottleneck: bottlenecks.byLayer[index] ?? null,
  }
}

function presentSnapshot(shown: ShownSnapshot, reader: Reader): SnapshotFunnelView {
  const layer = ({ status, ...figures }: ShownSnapshot['snapshot']['layers'][number]): SnapshotLayerView => ({
    status: shown.asked.statuses.view(status.id, reader.locale),
    ...figures,
  })
  const { layers, lost, totals } = shown.snapshot
  return { basis: 'snapshot', ...presentHead(shown, reader), layers: layers.map(layer), lost: lost.map(layer), totals }
}

function presentFlow(shown: ShownFlow, reader: Reader): FlowFunnelView {
  return {
    basis: 'flow',
    ...presentHead(shown, reader),
    layers: shown.flow.layers.map(({ status, ...figures }) => ({
      status: shown.asked.statuses.view(status.id, reader.locale),
      ...figures,
    })),
    totals: shown.totals,
  }
}

export function presentSplit(split: FunnelSplit, reader: Reader, input: Pick<SplitFunnelInput, 'split'>): FunnelSplitView {
  return {
    by: input.split,
    layer: split.asked.statuses.view(split.layerId, reader.locale),
    rows: split.rows.map(({ id, name, figures, amountMinor, resolved, worse }) => ({
      id,
      name: name ?? '—',
      figures,
      amountMinor,
      resolved,
      worse,
    })),
  }
}

export function presentTrend(rows: readonly WeekRow[]): FunnelTrendView {
  return {
    weeks: rows.map(({ week, created, won, lost, wonAmountMinor }) => ({ from: week, created, won, lost, wonAmountMinor })),
  }
}

export function presentDepartmentBars(rows: readonly DepartmentBarRow[], reader: Reader): DepartmentBarsView {
  return { rows: rows.map((row) => ({ ...row })), currency: reader.organization.baseCurrency }
}

export function presentActivity(days: readonly { readonly day: string; readonly actions: number }[]): ActivityView {
  return { days }
}
