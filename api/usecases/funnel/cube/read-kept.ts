import { type SummaryKeys, selectWhatIsKept } from '../../../../db/queries/funnel-cube.ts'
import { anchorIdsOf } from '../../../../db/queries/funnel-deals.ts'
import type { FunnelSlice, KeptSlice } from '../../../../db/queries/funnel-slice.ts'
import type { Session } from '../../../session.ts'
import { type Asked, endsOf } from '../ask.ts'
import { fingerprintIn } from './fingerprint.ts'
import { type Nodes, nodesOf } from './read-sums.ts'

/** What of the kept things is by the dictionary of a question. */
export type Kept = {
  readonly keys: SummaryKeys
  /** Summaries of deals say when they entered the funnel, were won and were lost. */
  readonly isSummarised: boolean
  /** The same is counted by day. */
  readonly areDaysKept: boolean
}

export async function readKept(
  { em, organization }: Session,
  { bits, statuses }: Pick<Asked, 'bits' | 'statuses'>,
): Promise<Kept> {
  const { timeZone } = organization
  const { wonIds, lostIds } = endsOf(statuses)
  const keys = { anchorIds: anchorIdsOf(bits), wonIds, lostIds, timeZone }
  return { keys, ...(await selectWhatIsKept(em, keys, fingerprintIn(timeZone, statuses))) }
}

/** By what departments and types (empty lists mean all) the days are kept of just the deals that are asked for; null: there are no such days. */
export function keptSlice({ areDaysKept }: Kept, nodes: Nodes | null, { departments, types }: FunnelSlice): KeptSlice | null {
  return areDaysKept && nodes !== null && nodes.owners === null ? { departments, types } : null
}

/** The same, read. */
export async function readKeptSlice(session: Session, asked: Asked): Promise<KeptSlice | null> {
  const [kept, nodes] = await Promise.all([readKept(session, asked), nodesOf(session, asked)])
  return keptSlice(kept, nodes, asked.slice)
}
