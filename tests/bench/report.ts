import type { Chaos } from './chaos.ts'
import type { Times } from './funnel-times.ts'
import type { CompanySize } from './load-company.ts'
import type { Throughput } from './throughput.ts'
import type { FoldRate, WriteTimes } from './write-times.ts'

export type ScaleReport = {
  readonly machine: {
    readonly cpu: string
    readonly cores: number
    readonly memoryGb: number
    readonly node: string
    readonly postgres: string
    readonly settings: Readonly<Record<string, string>>
  }
  /** The large company, then the one a tenth of it. */
  readonly sizes: readonly (CompanySize & { readonly visits: number; readonly loadS: number; readonly buildS: number })[]
  /** By number of deals and question. */
  readonly times: Readonly<Record<string, Readonly<Record<string, Times>>>>
  /** What stands beside the funnel, likewise. */
  readonly others: Readonly<Record<string, Readonly<Record<string, Times>>>>
  readonly lists: Readonly<Record<string, Times>>
  readonly http: Readonly<Record<'limit' | 'preset' | 'company' | 'deals', Throughput>>
  /** A department's funnel, asked for the first time since the server started; median. */
  readonly firstMs: number
  readonly writes: readonly WriteTimes[]
  /** Of status changes, and of changes of amounts. */
  readonly fold: FoldRate
  readonly foldOfAmounts: FoldRate
  readonly chaos: Chaos
  readonly naive: Readonly<Record<string, Times>> | null
}

/** A measure beside what it must come to. */
export type Bar = { readonly what: string; readonly value: number; readonly must: string; readonly holds: boolean }

const limitName = 'L: nine rows added up beforehand'
/** From so many deals on the time to load is a bar too. */
const sizeWithLoadBar = 10_000_000
const presets = ['company, all time', 'company, a year', 'company, a quarter', 'department, a quarter', 'employee, a quarter']
const arbitrary = ['company, any period', 'department, any period, one type']

/** Holds the measures against the bars; ratios within the one run, so that they stand on any machine. */
export function judge(report: ScaleReport): Bar[] {
  const [large, small] = report.sizes.map(({ deals }) => report.times[deals]!) as [
    Readonly<Record<string, Times>>,
    Readonly<Record<string, Times>>,
  ]
  const toLimit = (names: readonly string[]) =>
    Math.max(...names.map((name) => large[name]!.medianMs)) / large[limitName]!.medianMs
  const cubes = [...presets, ...arbitrary]
  const flatness = Math.max(...cubes.map((name) => large[name]!.medianMs / small[name]!.medianMs))
  const [first, deep] = Object.values(report.lists) as [Times, Times]
  const { http, writes, fold, chaos } = report
  const limit = large[limitName]!
  const upkeep = Math.min(...writes.map(({ withUpkeep, without }) => withUpkeep / without))
  return [
    ...(report.sizes[0]!.deals >= sizeWithLoadBar ? [atMost('minutes to load', report.sizes[0]!.loadS / 60, 10)] : []),
    atMost('drift of L within the run: above it no ratio is worth publishing', limit.drift, 1.25),
    atMost('the dearest preset funnel / L', toLimit(presets), 2.0),
    atMost('the dearest funnel of any period / L', toLimit(arbitrary), 3.2),
    atMost('flatness: a question at this size / at a tenth, the steepest', flatness, 1.2),
    atMost('list, page 1000 / page 1', deep.medianMs / first.medianMs, 1.2),
    atLeast('answers a second, funnel of a department / L', http.preset.perSecond / http.limit.perSecond, 0.55),
    atLeast('status changes a second, with upkeep / without, the worst', upkeep, 0.85),
    atLeast('rows folded a second', fold.cells.perSecond, 10_000),
    atMost('wrong cells after chaos', chaos.wrong, 0),
  ]
}

function foldCells({ cells, days, flows }: FoldRate): readonly number[] {
  return [cells, days, flows].flatMap(({ rows, perSecond }) => [rows, perSecond])
}

function atMost(what: string, value: number, most: number): Bar {
  return { what, value: rounded(value), must: `≤ ${most}`, holds: value <= most }
}

function atLeast(what: string, value: number, least: number): Bar {
  return { what, value: rounded(value), must: `≥ ${least}`, holds: value >= least }
}

function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toFixed(value < 10 ? 3 : 1))
}

/** For people, in Markdown; the same numbers as in the JSON. */
export function reportText(report: ScaleReport, bars: readonly Bar[]): string {
  const { machine, sizes, times, others, lists, http, writes, chaos, naive } = report
  const [large, small] = sizes.map(({ deals }) => others[deals]!) as [
    Readonly<Record<string, Times>>,
    Readonly<Record<string, Times>>,
  ]
  const settings = Object.entries(machine.settings).map(([name, value]) => `${name} ${value}`)
  return [
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres} (${settings.join(', ')}); database, server and askers on the same cores.`,
    table(
      ['deals', 'visits', 'loaded, s', 'sums made, s'],
      sizes.map(({ deals, visits, loadS, buildS }) => [deals, visits, loadS, buildS]),
    ),
    table(
      ['bar', 'value', 'must', 'holds'],
      bars.map(({ what, value, must, holds }) => [what, value, must, holds ? 'yes' : 'NO']),
    ),
    ...sizes.map(({ deals }) => {
      const limit = times[deals]![limitName]!.medianMs
      return table(
        [`${deals} deals, ms`, 'median', 'p95', 'p99', '× L'],
        Object.entries(times[deals]!).map(([question, { medianMs, p95Ms, p99Ms }]) => [
          question,
          medianMs,
          p95Ms,
          p99Ms,
          medianMs / limit,
        ]),
      )
    }),
    table(
      ['beside the funnel, median, ms', ...sizes.map(({ deals }) => `${deals} deals`), 'times as long'],
      Object.entries(large).map(([question, { medianMs }]) => {
        const atTenth = small[question]!.medianMs
        return [question, medianMs, atTenth, medianMs / atTenth]
      }),
    ),
    table(
      ['lists, ms', 'median', 'p95'],
      Object.entries(lists).map(([question, { medianMs, p95Ms }]) => [question, medianMs, p95Ms]),
    ),
    table(
      ['HTTP, 16 connections', 'answers a second', 'median, ms', 'p99, ms', '/ L'],
      Object.entries(http).map(([question, { perSecond, medianMs, p99Ms }]) => [
        question,
        perSecond,
        medianMs,
        p99Ms,
        perSecond / http.limit.perSecond,
      ]),
    ),
    `A department’s funnel asked for the first time since the server started, with its times: ${rounded(report.firstMs)} ms (median).`,
    table(
      ['status changes a second, connections', 'with upkeep', 'without', 'ratio'],
      writes.map(({ connections, withUpkeep, without }) => [connections, withUpkeep, without, withUpkeep / without]),
    ),
    table(
      ['each queue by itself', 'rows into cells', 'a second', 'rows into days', 'a second', 'deals into flows', 'a second'],
      [
        ['status changes', ...foldCells(report.fold)],
        ['changed amounts', ...foldCells(report.foldOfAmounts)],
      ],
    ),
    `Chaos: ${chaos.changes} changes at once, ${chaos.refused} refused as people saw an older state, ${chaos.wrong} wrong cells. ${chaos.examples.join('; ')}`.trimEnd(),
    ...(naive
      ? [
          table(
            ['peer: the same from the history, at a tenth of the size', 'median, ms'],
            Object.entries(naive).map(([question, { medianMs }]) => [question, medianMs]),
          ),
        ]
      : []),
  ]
    .map((part) => `${part}\n`)
    .join('\n')
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(head),
    line(head.map((_, place) => (place === 0 ? '---' : '---:'))),
    ...rows.map((cells) => line(cells.map((cell) => (typeof cell === 'number' ? String(rounded(cell)) : cell)))),
  ].join('\n')
}
