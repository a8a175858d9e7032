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

const fingerprints = new WeakMap<StatusDictionary, Map<string, string>>()

/** A dictionary is one object for as long as it stands: its fingerprint is worked out once. */
export function fingerprintIn(timeZone: string, statuses: StatusDictionary): string {
  const byZone = fingerprints.get(statuses) ?? new Map<string, string>()
  fingerprints.set(statuses, byZone)
  const made = byZone.get(timeZone) ?? fingerprintOf(statuses, timeZone)
  byZone.set(timeZone, made)
  return made
}
