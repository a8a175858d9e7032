import type { CohortCompareView, CountedCompareView, DifferenceView, JudgedDifferenceView } from '../../shared/views/compare.ts'
import type { PathsView } from '../../shared/views/paths.ts'
import { cannedCohort, cannedSnapshot, cannedStatus, type Lang } from './canned-funnel.ts'

/** Invented answers of the comparison and of the ways: the second funnel has half of everything. */
const half = (value: number): number => Math.round(value / 2)
const differ = (now: number | null, before: number | null): DifferenceView => ({
  now,
  before,
  change: now === null || before === null ? null : now - before,
})
const judged = (verdict: JudgedDifferenceView['verdict'], now: number | null, before: number | null): JudgedDifferenceView => ({
  ...differ(now, before),
  verdict,
})

export function cannedComparison(lang: Lang, by: 'count' | 'amount', query: URLSearchParams): CohortCompareView {
  const now = cannedCohort(lang, by, false)
  const layers = now.layers.map((layer) => ({
    ...layer,
    reached: half(layer.reached),
    passed: half(layer.passed),
    lost: half(layer.lost),
    conversion: { ...layer.conversion, resolved: layer.conversion.baseline },
    amountMinor: { ...layer.amountMinor, reached: half(layer.amountMinor.reached), passed: half(layer.amountMinor.passed) },
  }))
  const totals = { ...now.totals, deals: 642, won: 120, wonAmountMinor: 1_060_000_000 }
  const before = { ...now, layers, totals, period: { ...now.period, from: '2025-02-17', to: '2026-01-01' } }
  const said = {
    ru: ['Выиграно сделок: ', ', было ', ' (+121 сделка). Случайностью это объяснить трудно.'],
    en: ['Deals won: ', ', up from ', ' (+121 deals). This is unlikely to be chance.'],
  }[lang]
  return {
    basis: 'cohort',
    against: query.get('against') === 'year' ? 'year' : query.get('against') === 'other' ? 'other' : 'previous',
    aged: query.get('aged') === 'now' ? 'now' : 'alike',
    split: query.get('otherType') ? 'department' : 'type',
    missingHistory: query.get('against') === 'year' ? { sides: ['before'], since: '2025-06-02' } : null,
    now,
    before,
    layers: now.layers.map((layer, index) => ({
      status: layer.status,
      count: judged('real', layer.reached, layers[index]!.reached),
      amountMinor: differ(layer.amountMinor.reached, layers[index]!.amountMinor.reached),
      conversion: judged('chance', layer.conversion.resolved, layer.conversion.baseline),
    })),
    totals: {
      deals: judged('real', 1284, 642),
      amountMinor: differ(10_530_000_000, 5_265_000_000),
      won: judged('real', 241, 120),
      wonAmountMinor: differ(62_670_000_000, 44_270_000_000),
      wonShare: judged('chance', 0.188, 0.187),
    },
    explanations: (['won', 'amount', 'share'] as const).map((of) => ({
      of,
      change: 121,
      verdict: 'real',
      layers: [
        { text: said[0]!, opens: null },
        { text: '241', opens: { side: 'now', part: 'won' } },
        { text: said[1]!, opens: null },
        { text: '120', opens: { side: 'before', part: 'won' } },
        { text: said[2]!, opens: null },
      ],
      slices: [],
    })),
  }
}

/** Where deals stand now and stood a month ago: half of everything then. */
export function cannedStanding(lang: Lang, by: 'count' | 'amount'): CountedCompareView {
  const now = cannedSnapshot(lang, by)
  const layers = now.layers.map((layer) => ({ ...layer, count: half(layer.count), amountMinor: half(layer.amountMinor) }))
  const totals = { ...now.totals, deals: 284, amountMinor: half(now.totals.amountMinor) }
  return {
    basis: 'snapshot',
    against: 'previous',
    aged: 'alike',
    split: 'type',
    missingHistory: null,
    now,
    before: { ...now, layers, totals, asOf: '2026-10-13T11:05:00.000Z' },
    layers: now.layers.map(({ status, count, amountMinor }) => ({
      status,
      count: differ(count, half(count)),
      amountMinor: differ(amountMinor, half(amountMinor)),
    })),
    totals: { deals: differ(568, 284), amountMinor: differ(now.totals.amountMinor, totals.amountMinor) },
    explanations: (['count', 'amount'] as const).map((of) => ({ of, change: 284, verdict: null, layers: [], slices: [] })),
  }
}

export function cannedPaths(lang: Lang): PathsView {
  const { basis: _basis, layers: _layers, totals: _totals, sentence: _sentence, ...head } = cannedCohort(lang, 'count', true)
  const statuses = [0, 1, 2, 3].map((index) => cannedStatus(index, lang))
  const way = (from: string | null, to: string | null, kind: PathsView['ways'][number]['kind'], deals: number, marks = {}) => ({
    from,
    to,
    kind,
    deals,
    times: deals,
    again: 0,
    amountMinor: deals * 100_000_00,
    medianHours: to && from ? 120 : null,
    skipping: 0,
    outside: 0,
    ...marks,
  })
  return {
    ...head,
    deals: 1284,
    nodes: statuses.map((status, index) => ({ status, entries: [1300, 967, 702, 455][index]!, standing: 96 })),
    ways: [
      way(null, 'new', 'entry', 1284),
      way('new', 'qualification', 'forward', 900),
      way('qualification', 'proposal', 'forward', 640),
      way('proposal', 'negotiation', 'forward', 455),
      way('new', null, 'stands', 96),
      way('new', 'proposal', 'forward', 62, { skipping: 62, outside: 62 }),
      way('qualification', 'new', 'back', 40, { times: 44, again: 3 }),
      way('negotiation', 'proposal', 'back', 12),
    ],
    untaken: [{ from: statuses[3]!, to: statuses[0]! }],
  }
}
