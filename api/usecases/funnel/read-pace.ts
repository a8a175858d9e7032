import { type QueueRow, selectQueues } from '../../../db/queries/funnel-queues.ts'
import { seesEveryDeal } from '../../../db/queries/visibility.ts'
import type { Session } from '../../session.ts'
import { type Asked, readPaths } from './ask.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'
import { type FunnelTimes, readTimes } from './read-times.ts'
import { rememberFor } from './remember.ts'

/** How quickly deals go through the layers: hours in each, and who came and went in the last weeks. */
export type Pace = { readonly stays: FunnelTimes; readonly queues: readonly QueueRow[] }

const remember = rememberFor<Pace>(60_000)
/** Reading the visits of more deals than this takes longer than everything else that a funnel needs. */
const mostAnew = 2_000

/**
 * The pace of a cohort. Unlike its sums it is read from the visits themselves: of many deals it may be a minute old, as hours and weeks
 * go on slowly.
 * @param deals how many the question speaks of, with the twelve months before
 */
export async function readPace(session: Session, asked: Asked, deals: number): Promise<Pace> {
  const question = deals > mostAnew ? await wordsOf(session, asked) : null
  return question === null
    ? readAnew(session, asked, deals)
    : remember(question, session.now, () => readAnew(session, asked, deals))
}

async function readAnew(session: Session, asked: Asked, deals: number): Promise<Pace> {
  const { slice, span, bits } = asked
  const [queues, stays] = await Promise.all([
    selectQueues(session.em, session.actor, slice, span, bits),
    readPaths(session, asked).then((paths) => readTimes(session, asked, deals, paths)),
  ])
  return { stays, queues }
}

/** The same for whoever sees the same deals and asks the same of the same dictionaries; null where that cannot be told. */
async function wordsOf(session: Session, { query, period, statuses }: Asked): Promise<string | null> {
  const { actor, organization, em } = session
  const isInForce = (await readFunnelDictionary(session)).statuses === statuses
  if (!organization.dictionaryStamp || !isInForce || em.isInTransaction()) return null
  const viewer = seesEveryDeal(actor) ? null : actor.id
  return JSON.stringify([organization.dictionaryStamp, organization.workCalendar, viewer, period, { ...query, by: null }])
}
