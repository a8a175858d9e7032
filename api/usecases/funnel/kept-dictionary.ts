import { type DealTypeRow, selectDealTypes, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { selectKnownRow, selectRows, sql } from '../../../db/sql.ts'
import { pathOf } from '../../../shared/domain/process.ts'
import { statusWaysOf } from '../../../shared/domain/process-ways.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'

/** The dictionaries that every funnel is read by. */
export type FunnelDictionary = {
  readonly statuses: StatusDictionary
  readonly types: readonly DealTypeRow[]
  /** Names of departments by id. */
  readonly departments: ReadonlyMap<number, string>
  /** Which statuses each process version can give, as the version names them. */
  readonly versions: readonly {
    readonly id: number
    readonly statusIds: readonly number[]
    /** Between statuses; see `statusWaysOf`. */
    readonly ways: ReadonlySet<string>
  }[]
}

/** As many as a process may meet at once: one, and the one before while it is replaced. */
const mostKept = 2
const kept = new Map<string, FunnelDictionary>()

/**
 * The dictionaries as they are now: from this process's memory while their stamp stands, so that a funnel costs no more than its figures. A session inside a
 * transaction may see what is not committed, and reads anew.
 */
export async function readFunnelDictionary(session: Session): Promise<FunnelDictionary> {
  const stamp = session.organization.dictionaryStamp
  if (!stamp || session.em.isInTransaction()) return readAnew(session)
  const found = kept.get(stamp)
  if (found) return found
  const read = await readAnew(session)
  const after = await selectKnownRow<{ stamp: string }>(session.em, sql`select stamp from dictionary_stamp`)
  // Read while somebody changed it: it may be of either state.
  if (after?.stamp !== stamp) return read
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept + 1))) kept.delete(oldest)
  kept.set(stamp, read)
  return read
}

async function readAnew(session: Session): Promise<FunnelDictionary> {
  const [statuses, types, departments, versions] = await Promise.all([
    readStatuses(session),
    selectDealTypes(session.em),
    selectRows<{ id: number; name: string }>(session.em, sql`select id, name from department`),
    selectProcessVersions(session.em),
  ])
  return {
    statuses,
    types,
    departments: new Map(departments.map(({ id, name }) => [id, name])),
    versions: versions.map((version) => ({ id: version.id, statusIds: pathOf(version), ways: statusWaysOf(version) })),
  }
}
