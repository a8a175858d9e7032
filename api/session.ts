import type { Em } from '../db/orm.ts'
import { selectRows, sql } from '../db/sql.ts'
import type { WorkCalendar } from '../shared/domain/working-time.ts'
import type { Locale, Role } from '../shared/views/common.ts'

export type Door = 'web' | 'bot' | 'api' | 'import' | 'system'

/** The employee in whose name something is done. */
export type Actor = {
  readonly id: number
  readonly name: string
  readonly role: Role
  readonly departmentId: number
}

/** The company's settings that figures and texts depend on. */
export type OrganizationSettings = {
  readonly name: string
  readonly timeZone: string
  readonly baseCurrency: string
  readonly isDemo: boolean
  /** By which limits are counted; null or absent: calendar hours. */
  readonly workCalendar?: WorkCalendar | null
  /** Some deal's amount is in no sum, as no rate of its currency is known; absent where that is not known. */
  readonly hasDealsWithoutRate?: boolean
  /** Another one after every change of statuses, processes, deal types and departments; absent where it is not known. */
  readonly dictionaryStamp?: string | null
}

/**
 * Everything a use-case may know of the world outside its input: no globals, no clock below the door.
 * `em` is a fork of its own; inside `transact` it is the transaction's.
 */
export type Session = {
  readonly em: Em
  readonly actor: Actor
  readonly now: Date
  readonly locale: Locale
  readonly door: Door
  readonly organization: OrganizationSettings
}

/**
 * Runs `work` in one transaction that the audit trigger can attribute. A session already in a transaction joins it.
 * @throws whatever `work` throws, after rolling back.
 */
export async function transact<Result>(session: Session, work: (inside: Session) => Promise<Result>): Promise<Result> {
  if (session.em.isInTransaction()) return work(session)
  return session.em.transactional(async (em) => {
    await selectRows(
      em,
      sql`select set_config('voronka.actor', ${String(session.actor.id)}, true), set_config('voronka.door', ${session.door}, true)`,
    )
    return work({ ...session, em })
  })
}
