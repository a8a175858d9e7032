import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

export interface Writers {
  /** Ids whose commit the program has confirmed. */
  readonly acknowledged: Set<string>
  /** Waits until so many more are confirmed. */
  progress(count: number): Promise<void>
  stop(): Promise<void>
}

/** Sends new rows without pause, four at a time, and remembers exactly those that were confirmed. Refusals are tried again with other rows. */
export function startWriters(url: string): Writers {
  const acknowledged = new Set<string>()
  let going = true
  const write = async (): Promise<void> => {
    while (going) {
      const id = randomUUID()
      const answer = await fetch(`${url}/${id}`, { method: 'POST' }).catch(() => undefined)
      if (answer?.ok) acknowledged.add(id)
      else await delay(10)
    }
  }
  const writing = Promise.all(Array.from({ length: 4 }, write))
  return {
    acknowledged,
    async progress(count) {
      const goal = acknowledged.size + count
      const until = performance.now() + 30_000
      while (acknowledged.size < goal) {
        if (performance.now() > until) throw new Error(`only ${acknowledged.size} of ${goal} rows were confirmed`)
        await delay(10)
      }
    },
    async stop() {
      going = false
      await writing
    },
  }
}

/** The confirmed rows that the program no longer has. It may refuse at first: connections that broke with the database are found out one by one. */
export async function findLost(url: string, acknowledged: ReadonlySet<string>): Promise<string[]> {
  let answer = await fetch(url)
  for (let tries = 0; !answer.ok && tries < 100; tries++) {
    await delay(50)
    answer = await fetch(url)
  }
  const kept = new Set((await answer.json()) as string[])
  return [...acknowledged].filter((id) => !kept.has(id))
}
