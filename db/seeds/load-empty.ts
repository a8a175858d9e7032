import type { Em } from '../orm.ts'
import { selectRow, selectRows, sql } from '../sql.ts'
import { insertStatuses } from './dictionary-rows.ts'
import { insertDocumentTypes } from './document-types.ts'
import { continueSequence, insertRows } from './insert-rows.ts'

export type OrganizationSeed = {
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** ISO 4217 code. */
  readonly baseCurrency: string
  readonly isDemo: boolean
}

/**
 * Prepares an empty database for a company of its own: the organisation, the dictionary of statuses and one department for its first people.
 * @returns false, and changes nothing, when the database already has an organisation.
 */
export function loadEmptyCompany(em: Em, organization: Omit<OrganizationSeed, 'isDemo'>): Promise<boolean> {
  return em.transactional(async (inside) => {
    if (!(await claimEmptyDatabase(inside, { ...organization, isDemo: false }))) return false
    await insertStatuses(inside, false)
    await insertDocumentTypes(inside)
    await insertRows(inside, 'department', { id: 'int', name: 'text' }, [{ id: 1, name: organization.name }])
    await continueSequence(inside, 'department', 1)
    return true
  })
}

/**
 * Writes the organisation's row, once: of two processes that start together the second waits here and finds it.
 * @returns false when there is one already.
 */
export async function claimEmptyDatabase(em: Em, { name, timeZone, baseCurrency, isDemo }: OrganizationSeed): Promise<boolean> {
  await selectRows(em, sql`select pg_advisory_xact_lock(hashtext('first_company'))`)
  if (await selectRow(em, sql`select 1 from organization`)) return false
  await selectRows(
    em,
    sql`insert into organization (id, name, time_zone, base_currency, locale, is_demo) values (1, ${name}, ${timeZone}, ${baseCurrency}, 'ru', ${isDemo})`,
  )
  return true
}
