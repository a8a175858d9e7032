import { Agent, get } from 'node:http'

/** Answers a second of one address. */
export type Throughput = { readonly perSecond: number; readonly medianMs: number; readonly p99Ms: number }

/**
 * Asks each address in turn from many connections, for a short while each, round after round, so that the machine's noise falls on all alike.
 * @param paths a new one for each question, by name; @returns medians over the rounds of answers a second
 * @throws Error when an answer is not 200
 */
export async function measureThroughput<Name extends string>(
  base: string,
  cookie: string,
  paths: Readonly<Record<Name, () => string>>,
  { connections, rounds, secondsEach }: { readonly connections: number; readonly rounds: number; readonly secondsEach: number },
): Promise<Record<Name, Throughput>> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const names = Object.keys(paths) as Name[]
  const seen = new Map(names.map((name) => [name, { rates: [] as number[], times: [] as number[] }]))
  for (let round = -1; round < rounds; round++)
    for (const name of names) {
      const times: number[] = []
      const startedAt = performance.now()
      const until = startedAt + secondsEach * 1000
      await Promise.all(
        Array.from({ length: connections }, async () => {
          for (let at = performance.now(); at < until; at = performance.now()) {
            await ask(agent, base + paths[name](), cookie)
            times.push(performance.now() - at)
          }
        }),
      )
      if (round < 0) continue
      seen.get(name)!.rates.push(times.length / ((performance.now() - startedAt) / 1000))
      seen.get(name)!.times.push(...times)
    }
  agent.destroy()
  return Object.fromEntries(
    names.map((name) => {
      const { rates, times } = seen.get(name)!
      return [name, { perSecond: quantile(rates, 0.5), medianMs: quantile(times, 0.5), p99Ms: quantile(times, 0.99) }]
    }),
  ) as Record<Name, Throughput>
}

/**
 * Asks each address once, one after the other: what the first one waits who asks a question, and a warm server afterwards.
 * @returns the median, in milliseconds
 */
export async function measureFirst(base: string, cookie: string, paths: readonly string[]): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  for (const path of paths) {
    const startedAt = performance.now()
    await ask(agent, base + path, cookie)
    times.push(performance.now() - startedAt)
  }
  agent.destroy()
  return quantile(times, 0.5)
}

function ask(agent: Agent, url: string, cookie: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { cookie } }, (answer) => {
      answer.on('data', () => {})
      answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`))))
    }).on('error', reject)
  })
}

/** The value below which that share of the values lies; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
