import { selectHistorySince } from '../../../db/queries/funnel-charts.ts'
import { seesEveryDeal } from '../../../db/queries/visibility.ts'
import type { Session } from '../../session.ts'
import { rememberFor } from '../remember.ts'

const remember = rememberFor<Date | null>(60_000)

/** The oldest status change of the deals that the actor sees; null: none. May be a minute old. */
export function readHistorySince(session: Session): Promise<Date | null> {
  const { em, actor, organization, now } = session
  const work = () => selectHistorySince(em, actor)
  if (!organization.dictionaryStamp || em.isInTransaction()) return work()
  return remember(`${organization.dictionaryStamp} ${seesEveryDeal(actor) ? 'all' : actor.id}`, now, work)
}
