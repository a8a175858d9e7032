import { writeFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { assemble } from '../../api/assemble.ts'
import { readConfig } from '../../api/config.ts'
import { startTestCluster } from '../../db/embedded/test-cluster.ts'
import { migrate, openOrm } from '../../db/orm.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'

/**
 * `npm run bench [-- --deals=3k|100k --rounds=30 --json=FILE]`: times the questions people ask, through HTTP, on a company of that size.
 * All questions take turns within one run, so that the noise of the machine falls on all alike: compare figures of one run only.
 */
const sizes: Readonly<Record<string, number>> = { '3k': 3_000, '100k': 100_000 }
const { values } = parseArgs({
  options: { deals: { type: 'string', default: '3k' }, rounds: { type: 'string', default: '30' }, json: { type: 'string' } },
})
const deals = sizes[values.deals]
if (deals === undefined) {
  console.error(`--deals takes ${Object.keys(sizes).join(' or ')}`)
  process.exit(2)
}

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

const cluster = await startTestCluster()
const stops: (() => unknown)[] = [() => cluster.stop()]
try {
  const loading = performance.now()
  const orm = await openOrm(cluster.url)
  await migrate(orm)
  await loadDemoCompany(orm.em.fork(), { now: new Date(), timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals })
  await orm.close(true)
  const loadS = (performance.now() - loading) / 1000
  const config = readConfig(
    { PORT: '0', DEMO: '1', LOG_LEVEL: 'silent', TELEGRAM_MODE: 'off', DATABASE_URL: cluster.url },
    '/nonexistent',
  )
  const { port } = await assemble({
    config,
    database: { url: cluster.url, embedded: true },
    say: () => {},
    onStop: (_part, stop) => stops.push(stop),
  })
  const base = `http://127.0.0.1:${port}`
  const cookie = await logIn(base)
  const times = await takeTurns(base, cookie, Number(values.rounds))
  await report(times, loadS)
} finally {
  for (const stop of stops.reverse()) await stop()
}
process.exit(0)

async function logIn(base: string): Promise<string> {
  const answer = await fetch(`${base}/api/session/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: base },
    body: JSON.stringify({ role: 'executive' }),
  })
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
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

async function report(times: ReadonlyMap<Question, number[]>, loadS: number): Promise<void> {
  const rows = [...times].map(([question, all]) => {
    const sorted = all.toSorted((a, b) => a - b)
    const at = (share: number) => Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2))
    return { question, 'median, ms': at(0.5), 'p95, ms': at(0.95), 'fastest, ms': at(0) }
  })
  const bare = rows[0]?.['median, ms'] ?? 1
  const table = rows.map((row) => ({ ...row, '× bare': Number((row['median, ms'] / bare).toFixed(1)) }))
  const memoryMb = Math.round(process.memoryUsage().rss / 2 ** 20)
  console.log(
    `${deals} deals, ${cpus().length} cores (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB; loaded in ${loadS.toFixed(1)} s`,
  )
  console.table(table)
  console.log(`Memory of the server after the run: ${memoryMb} MB`)
  if (values.json) await writeFile(values.json, JSON.stringify({ deals, loadS, memoryMb, rows: table }, null, 2))
}
