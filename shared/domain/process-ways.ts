import type { ProcessStage, ProcessVersion } from './process.ts'

/** A way between two statuses as `from>to`; 0 before `>` is the beginning. */
export function wayKey(from: number, to: number): string {
  return `${from}>${to}`
}

/**
 * The ways between statuses that a version of a process offers: stages that give the same status, or none, are gone through. Conditions of ways are not
 * looked at: what may be, not what may be now.
 */
export function statusWaysOf(version: ProcessVersion): ReadonlySet<string> {
  const byId = new Map(version.stages.map((stage) => [stage.id, stage]))
  const statusOf = (stage: ProcessStage) => stage.statusId ?? version.statusId
  const found = new Set<string>()
  const first = [...version.stages].sort((a, b) => a.position - b.position)[0]
  if (!first) return found
  const firstStatus = statusOf(first)
  if (firstStatus !== null) found.add(wayKey(0, firstStatus))
  else for (const status of statusesAfter(first, null)) found.add(wayKey(0, status))
  for (const stage of version.stages) {
    const from = statusOf(stage)
    if (from !== null) for (const to of statusesAfter(stage, from)) found.add(wayKey(from, to))
  }
  return found

  /** Nearest other statuses on the ways from a stage. */
  function statusesAfter(start: ProcessStage, from: number | null): ReadonlySet<number> {
    const [seen, next] = [new Set([start.id]), new Set<number>()]
    const queue = [start]
    for (let stage = queue.shift(); stage; stage = queue.shift())
      for (const { to } of stage.ways) {
        const target = byId.get(to)
        if (!target || seen.has(to)) continue
        seen.add(to)
        const status = statusOf(target)
        if (status === null || status === from) queue.push(target)
        else next.add(status)
      }
    return next
  }
}
