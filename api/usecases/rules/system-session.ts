import type { Em } from '../../../db/orm.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { Session } from '../../session.ts'
import { readOrganization } from '../settings.ts'

/** A session of Voronka itself, nobody's employee, in the organisation's language; null on a database that was never filled. */
export async function systemSession(em: Em, now: Date): Promise<Session | null> {
  const organization = await readOrganization(em)
  const language = await selectRow<{ locale: Locale }>(em, sql`select locale from organization where id = 1`)
  if (!organization || !language) return null
  const actor = { id: 0, name: 'Voronka', role: 'admin', departmentId: 0 } as const
  return { em, actor, now, locale: language.locale, door: 'system', organization }
}
