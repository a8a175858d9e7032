import { type QueueRow, selectKeptQueues, selectQueues } from '../../../db/queries/funnel-queues.ts'
import { seesEveryDeal } from '../../../db/queries/visibility.ts'
import { dayOf } from '../../../shared/domain/periods.ts'
import type { Session } from '../../session.ts'
import { rememberFor } from '../remember.ts'
import { type Asked, readPaths } from './ask.ts'
import { nodesOf } from './cube/read-sums.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'
import { type FunnelTimes, readTimes } from './read-times.ts'

/** How quickly deals go through the layers: hours in each, and who came and went in the last weeks. */
export type Pace = { readonly stays: FunnelTimes; readonly queues: readonly QueueRow[] }

/** Reading the visits of more deals than this takes longer than everything else that a funnel needs. */
const mostAnew = 2_000
const minuteMs = 60_000
const rememberFew = rememberFor<Pace>(minuteMs)
const rememberMany = rememberFor<Pace>(5 * minuteMs, 15 * minuteMs)

/**
 * The pace of a cohort. Unlike its sums it is read from the visits themselves, and remembered, as hours and weeks go on slowly. Of few deals it is read
 * anew whenever their figures change, or after a minute; of many after five minutes, behind the answer to whoever asks first.
 * @param cohort how many deals the question speaks of, with the twelve months before, and a text that changes when their figures do
 */
export async function readPace(
  session: Session,
  asked: Asked,
  { deals, figures }: { readonly deals: number; readonly figures: string },
): Promise<Pace> {
  const question = await wordsOf(session, asked)
  const work = () => readAnew(session, asked, deals)
  if (question === null) return work()
  return deals > mostAnew ? rememberMany(question, session.now, work) : rememberFew(question + figures, session.now, work)
}

async function readAnew(session: Session, asked: Asked, deals: number): Promise<Pace> {
  const [queues, stays] = await Promise.all([
    readQueues(session, asked),
    readPaths(session, asked).then((paths) => readTimes(session, asked, deals, paths)),
  ])
  return { stays, queues }
}

/** From what is kept by day where that holds just the deals of the slice, else from the visits. */
export async function readQueues(session: Session, asked: Pick<Asked, 'query' | 'slice' | 'span' | 'bits'>): Promise<QueueRow[]> {
  const { em, actor, organization } = session
  const { query, slice, span, bits } = asked
  const { timeZone } = organization
  const days = { asOf: span.asOf, today: dayOf(span.asOf, timeZone), timeZone }
  const nodes = query.asOf === undefined ? await nodesOf(session, asked) : null
  const kept = nodes && nodes.owners === null ? await selectKeptQueues(em, slice, days, bits) : null
  return kept ?? selectQueues(em, actor, slice, days, bits)
}

/** The same for whoever sees the same deals and asks the same of the same dictionaries; null where that cannot be told. */
async function wordsOf(session: Session, { query, period, statuses }: Asked): Promise<string | null> {
  const { actor, organization, em } = session
  const isInForce = (await readFunnelDictionary(session)).statuses === statuses
  if (!organization.dictionaryStamp || !isInForce || em.isInTransaction()) return null
  const viewer = seesEveryDeal(actor) ? null : actor.id
  return JSON.stringify([organization.dictionaryStamp, organization.workCalendar, viewer, period, { ...query, by: null }])
}
