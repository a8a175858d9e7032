import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { startTestCluster } from '../../db/embedded/test-cluster.ts'
import { migrate, openOrm } from '../../db/orm.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { logIn, type Memory, serve } from './served.ts'
import { type RuleTimes, timeStageChanges } from './time-rules.ts'

const questions = {
  'bare answer (/healthz)': '/healthz',
  'funnel, year to date': '/api/funnel',
  'funnel, all time': '/api/funnel?from=2000-01-01',
  'funnel, one department': '/api/funnel?department=2',
  'snapshot now': '/api/funnel?basis=snapshot',
  'drill-down, first page': '/api/funnel/deals?layer=negotiation&part=open',
  'list of deals, first page': '/api/deals',
  'one deal': '/api/deals/1042',
  'PDF, A4': '/api/funnel.pdf',
  'picture 1080×1350': '/api/funnel.png',
  'Excel, all deals': '/api/funnel.xlsx?from=2000-01-01',
} as const
type Question = keyof typeof questions

/**
 * Times what people ask, through HTTP, on a demo company of that many deals: pages, reports, stage changes with and without rules, and the server's memory.
 * All questions take turns within one run, so that the noise of the machine falls on all alike: compare figures of one run only.
 */
export async function measurePeople(deals: number, rounds: number, json: string | undefined): Promise<void> {
  const cluster = await startTestCluster()
  const stops: (() => unknown)[] = [() => cluster.stop()]
  try {
    const loading = performance.now()
    const orm = await openOrm(cluster.url)
    await migrate(orm)
    await loadDemoCompany(orm.em.fork(), { now: new Date(), timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals })
    await orm.close(true)
    const loadS = (performance.now() - loading) / 1000
    const served = await serve(cluster.url)
    stops.push(() => served.stop())
    const cookie = await logIn(served.base)
    const atRest = served.memory()
    const times = await takeTurns(served.base, cookie, rounds)
    await askAtOnce(served.base, cookie)
    const memoryMb = { atRest, peak: served.peak(), after: served.memory() }
    const forRules = await openOrm(cluster.url, 2)
    stops.push(() => forRules.close(true))
    const rules = await timeStageChanges(forRules, served.base, rounds)
    await report({ deals, times, loadS, memoryMb, rules, json })
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function takeTurns(base: string, cookie: string, rounds: number): Promise<Map<Question, number[]>> {
  const times = new Map<Question, number[]>(Object.keys(questions).map((name) => [name as Question, []]))
  for (let round = -3; round < rounds; round++) {
    for (const [name, path] of Object.entries(questions) as [Question, string][]) {
      const startedAt = performance.now()
      const answer = await fetch(base + path, { headers: { Cookie: cookie } })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
      if (round >= 0) times.get(name)?.push(performance.now() - startedAt)
    }
  }
  return times
}

/** Three workbooks asked for at the same moment: where memory is at its highest. */
async function askAtOnce(base: string, cookie: string): Promise<void> {
  const workbook = base + questions['Excel, all deals']
  await Promise.all([1, 2, 3].map(async () => (await fetch(workbook, { headers: { Cookie: cookie } })).arrayBuffer()))
}

type Memories = { readonly atRest: Memory | null; readonly peak: Memory | null; readonly after: Memory | null }

function medianOf(times: readonly number[]): number {
  return Number((times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0).toFixed(2))
}

type PeopleReport = {
  readonly deals: number
  readonly times: ReadonlyMap<Question, number[]>
  readonly loadS: number
  readonly memoryMb: Memories
  readonly rules: RuleTimes
  readonly json: string | undefined
}

async function report({ deals, times, loadS, memoryMb, rules, json }: PeopleReport): Promise<void> {
  const rows = [...times].map(([question, all]) => {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (share: number) => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2))
    return { question, 'median, ms': at(0.5), 'p95, ms': at(0.95), 'fastest, ms': at(0) }
  })
  const bare = rows[0]?.['median, ms'] ?? 1
  const table = rows.map((row) => ({ ...row, '× bare': Number((row['median, ms'] / bare).toFixed(1)) }))
  console.log(
    `${deals} deals, ${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB; loaded in ${loadS.toFixed(1)} s`,
  )
  console.table(table)
  for (const [when, memory] of Object.entries(memoryMb))
    if (memory) console.log(`Memory, ${when}: ${memory.server} MB the server, ${memory.all} MB with what draws its reports`)
  const stageChange = { none: medianOf(rules.none), twoHundred: medianOf(rules.twoHundred) }
  const ratio = (stageChange.twoHundred / stageChange.none).toFixed(2)
  console.log(`A stage change: ${stageChange.none} ms with no rule in force, ${stageChange.twoHundred} ms with 200 (× ${ratio})`)
  if (json) await writeFile(json, JSON.stringify({ deals, loadS, memoryMb, rows: table, stageChange }, null, 2))
}
