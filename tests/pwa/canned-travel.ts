import type { CompareView, DifferenceView, JudgedDifferenceView } from '../../shared/views/compare.ts'
import type { PathsView } from '../../shared/views/paths.ts'
import { cannedCohort, cannedStatus, type Lang } from './canned-funnel.ts'

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

export function cannedComparison(lang: Lang, by: 'count' | 'amount', query: URLSearchParams): CompareView {
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
    en: ['Deals won: ', ', it was ', ' (+121 deals). Chance hardly explains it.'],
  }[lang]
  return {
    against: query.get('against') === 'year' ? 'year' : query.get('against') === 'other' ? 'other' : 'previous',
    aged: query.get('aged') === 'now' ? 'now' : 'alike',
    split: 'type',
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
      wonAmountMinor: differ(2_120_000_000, 1_060_000_000),
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

export function cannedPaths(lang: Lang): PathsView {
  const { basis: _basis, layers: _layers, totals: _totals, sentence: _sentence, ...head } = cannedCohort(lang, 'count', true)
  const statuses = [0, 1, 2, 3].map((index) => cannedStatus(index, lang))
  const way = (from: string | null, to: string | null, kind: PathsView['ways'][number]['kind'], deals: number, marks = {}) => ({
    from,
    to,
    kind,
    deals,
    times: deals,
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
      way('qualification', 'new', 'back', 40, { times: 44 }),
      way('negotiation', 'proposal', 'back', 12),
    ],
    untaken: [{ from: statuses[3]!, to: statuses[0]! }],
  }
}
