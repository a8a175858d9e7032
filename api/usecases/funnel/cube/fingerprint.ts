import { createHash } from 'node:crypto'
import type { StatusDictionary } from '../../dictionary.ts'

/** Grows when what is kept of a class, or how, changes: the cells are then made anew. */
const layout = 3

/**
 * Names everything that the kept sums depend on besides the deals: the statuses as the funnel reads them, and the zone of its days. What statuses a
 * published process version can give never changes but by mergers.
 */
export function fingerprintOf(statuses: StatusDictionary, timeZone: string): string {
  const rows = statuses.all
    .map(({ id, rank, category, isWon, shownInFunnel, mergedIntoId, phase }) => [
      id,
      rank,
      category,
      isWon,
      shownInFunnel,
      mergedIntoId,
      phase,
    ])
    .sort((a, b) => Number(a[0]) - Number(b[0]))
  return createHash('sha256')
    .update(JSON.stringify([layout, timeZone, rows]))
    .digest('hex')
}
