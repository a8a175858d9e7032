import { writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { startTestCluster } from '../../db/embedded/test-cluster.ts'
import { randomStream } from '../../db/seeds/demo-random.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { makeChaos } from './chaos.ts'
import { findDeepPage, listQuestions, naiveQuestion, otherQuestions, questions, takeTurns } from './funnel-times.ts'
import { preparedAnswers } from './limit.ts'
import { firstIds } from './load-company.ts'
import { type Bar, judge, reportText, type ScaleReport } from './report.ts'
import { serveWithLimit } from './served.ts'
import { measureFirst, measureThroughput } from './throughput.ts'
import { departments, makeWorld, warmUp } from './world.ts'
import { timeFold, timeFoldOfAmounts, timeWrites } from './write-times.ts'

export const sizes: Readonly<Record<string, number>> = { '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000 }

/** A database of many deals is made on the disk: memory is what is to be measured. */
const onDiskFrom = 1_000_000

/**
 * The funnel at size: the company and one a tenth of it are loaded on one server, and every question takes turns with L, the bare reading of rows that were
 * added up beforehand. @see the report for what is held against which bar
 */
export async function measureScale(
  deals: number,
  {
    rounds,
    peer,
    json,
    markdown,
  }: {
    readonly rounds: number
    readonly peer: boolean
    readonly json?: string | undefined
    readonly markdown?: string | undefined
  },
): Promise<boolean> {
  const say = (sentence: string) => console.error(sentence)
  const settings = {
    shared_buffers: `${Math.min(6144, Math.floor(totalmem() / 2 ** 20 / 4))}MB`,
    max_wal_size: '8GB',
    work_mem: '32MB',
  }
  const cluster = await startTestCluster(deals >= onDiskFrom ? tmpdir() : undefined, settings)
  const stops: (() => unknown)[] = [() => cluster.stop()]
  try {
    const now = new Date()
    const large = await makeWorld(cluster.url, deals, now, say)
    stops.push(() => large.orm.close(true))
    const small = await makeWorld(cluster.url, deals / 10, now, say)
    stops.push(() => small.orm.close(true))
    const version = await selectRow<{ version: string }>(
      large.orm.em.fork(),
      sql`select current_setting('server_version') as version`,
    )

    say('questions')
    for (const world of [large, small]) await warmUp(world)
    const times = await takeTurns([large, small], questions, rounds)
    say('lists')
    await findDeepPage(large)
    const lists = await takeTurns([large], listQuestions, Math.ceil(rounds / 5))
    say('what stands beside the funnel')
    const others = await takeTurns([large, small], otherQuestions, 3)
    say('HTTP')
    const served = await serveWithLimit(large.url)
    stops.push(() => served.stop())
    const random = randomStream(3)
    const ofDepartment = (nth: number) => `/api/funnel?from=2026-01-01&department=${firstIds.department + nth}`
    const firstMs = await measureFirst(served.base, served.cookie, [
      '/api/funnel?from=2026-01-01',
      ...Array.from({ length: departments }, (_, nth) => ofDepartment(nth)),
    ])
    const http = await measureThroughput(
      served.base,
      served.cookie,
      {
        limit: () => `/api/bench/limit?slice=${random.whole(1, preparedAnswers)}`,
        preset: () => ofDepartment(random.whole(0, departments - 1)),
        company: () => '/api/funnel?from=2026-01-01',
        deals: () => '/api/deals',
      },
      { connections: 16, rounds: 5, secondsEach: 1.5 },
    )
    await served.stop()
    say('writes')
    const writes = [
      await timeWrites(large, { connections: 1, rounds: 9, secondsEach: 3 }),
      await timeWrites(large, { connections: 4, rounds: 9, secondsEach: 3 }),
    ]
    const fold = await timeFold(large, 10_000)
    const foldOfAmounts = await timeFoldOfAmounts(large, 1_000)
    say('chaos')
    const chaos = await makeChaos(small, 20)
    const naive = peer ? await takeTurns([small], [naiveQuestion], 3) : null
    const byQuestion = (of: typeof times) =>
      Object.fromEntries([large, small].map((world) => [world.size.deals, Object.fromEntries(of.get(world)!)]))
    const report: ScaleReport = {
      machine: {
        cpu: cpus()[0]?.model ?? '',
        cores: cpus().length,
        memoryGb: Math.round(totalmem() / 2 ** 30),
        node: process.version,
        postgres: version?.version ?? '',
        settings,
      },
      sizes: [large, small].map(({ size, visits, loadS, buildS }) => ({ ...size, visits, loadS, buildS })),
      times: byQuestion(times),
      others: byQuestion(others),
      lists: Object.fromEntries(lists.get(large)!),
      http,
      firstMs,
      writes,
      fold,
      foldOfAmounts,
      chaos,
      naive: naive && Object.fromEntries(naive.get(small)!),
    }
    const bars: readonly Bar[] = judge(report)
    const text = reportText(report, bars)
    console.log(text)
    if (markdown) await writeFile(markdown, text)
    if (json) await writeFile(json, `${JSON.stringify({ ...report, bars }, null, 2)}\n`)
    return bars.every(({ holds }) => holds)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
