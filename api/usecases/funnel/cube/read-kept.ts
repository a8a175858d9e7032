import { type SummaryKeys, selectWhatIsKept } from '../../../../db/queries/funnel-cube.ts'
import { anchorIdsOf } from '../../../../db/queries/funnel-deals.ts'
import type { Session } from '../../../session.ts'
import { type Asked, endsOf } from '../ask.ts'
import { fingerprintOf } from './fingerprint.ts'

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
  return { keys, ...(await selectWhatIsKept(em, keys, fingerprintOf(statuses, timeZone))) }
}
