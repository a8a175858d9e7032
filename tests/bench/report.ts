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
  readonly lists: Readonly<Record<string, Times>>
  readonly http: Readonly<Record<'limit' | 'preset' | 'company' | 'deals', Throughput>>
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
  const upkeep = Math.min(...writes.map(({ withUpkeep, without }) => withUpkeep / without))
  return [
    atMost('the dearest preset funnel / L', toLimit(presets), 2.0),
    atMost('the dearest funnel of any period / L', toLimit(arbitrary), 3.2),
    atMost('flatness: a question at this size / at a tenth, the steepest', flatness, 1.2),
    atMost('list, page 1000 / page 1', deep.medianMs / first.medianMs, 1.2),
    atLeast('answers a second, funnel of a department / L', http.preset.perSecond / http.limit.perSecond, 0.55),
    atLeast('status changes a second, with upkeep / without, the worst', upkeep, 0.85),
    atLeast('rows folded a second', fold.perSecond, 10_000),
    atMost('wrong cells after chaos', chaos.wrong, 0),
  ]
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

/** Tables for people; the same numbers as in the JSON. */
export function printReport(report: ScaleReport, bars: readonly Bar[]): void {
  const { machine } = report
  console.log(
    `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GiB, Node ${machine.node}, PostgreSQL ${machine.postgres}`,
  )
  for (const { deals, visits, loadS, buildS } of report.sizes)
    console.log(`${deals} deals, ${visits} visits: loaded in ${rounded(loadS)} s, sums built in ${rounded(buildS)} s`)
  for (const { deals } of report.sizes) {
    const times = report.times[deals]!
    const limit = times[limitName]!.medianMs
    console.log(`\n${deals} deals, ms:`)
    console.table(
      Object.entries(times).map(([question, { medianMs, p95Ms, p99Ms }]) => ({
        question,
        median: rounded(medianMs),
        p95: rounded(p95Ms),
        p99: rounded(p99Ms),
        '× L': rounded(medianMs / limit),
      })),
    )
  }
  console.table(rowsOf(report.lists, ({ medianMs, p95Ms }) => ({ median: rounded(medianMs), p95: rounded(p95Ms) })))
  console.table(
    rowsOf(report.http, ({ perSecond, medianMs, p99Ms }) => ({
      'answers a second': rounded(perSecond),
      median: rounded(medianMs),
      p99: rounded(p99Ms),
      '/ L': rounded(perSecond / report.http.limit.perSecond),
    })),
  )
  console.table(
    report.writes.map(({ connections, withUpkeep, without }) => ({
      connections,
      'with upkeep': rounded(withUpkeep),
      without: rounded(without),
      ratio: rounded(withUpkeep / without),
    })),
  )
  for (const [what, { rows, perSecond }] of Object.entries({
    'status changes': report.fold,
    'changed amounts': report.foldOfAmounts,
  }))
    console.log(`Folded ${rows} rows of ${what}, ${rounded(perSecond)} a second`)
  console.log(
    `Chaos: ${report.chaos.changes} changes, ${report.chaos.refused} refused, ${report.chaos.wrong} wrong ${report.chaos.examples.join('; ')}`,
  )
  if (report.naive) console.table(rowsOf(report.naive, ({ medianMs }) => ({ median: rounded(medianMs) })))
  console.table(bars.map(({ what, value, must, holds }) => ({ bar: what, value, must, holds: holds ? 'yes' : 'NO' })))
}

function rowsOf<Value>(by: Readonly<Record<string, Value>>, read: (value: Value) => object): object[] {
  return Object.entries(by).map(([question, value]) => ({ question, ...read(value) }))
}
