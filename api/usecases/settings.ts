import type { Em } from '../../db/orm.ts'
import { type AuditRow, selectAuditPage } from '../../db/queries/audit.ts'
import {
  type DealTypeRow,
  type ProcessVersionRow,
  selectDealTypes,
  selectProcessVersions,
} from '../../db/queries/dictionaries.ts'
import type { IdCursor } from '../../db/queries/people.ts'
import { selectKnownRow, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { ListAuditInput } from '../../shared/schemas/directory.ts'
import type { OrganizationSettings, Session } from '../session.ts'
import { decodeCursor } from './cursor.ts'
import { readStatuses, type StatusDictionary } from './dictionary.ts'

/** The company's settings, or null on a database that was never filled. */
export function readOrganization(em: Em): Promise<OrganizationSettings | null> {
  return selectKnownRow<OrganizationSettings>(
    em,
    sql`select name, time_zone as "timeZone", base_currency as "baseCurrency", is_demo as "isDemo",
      (select stamp from dictionary_stamp) as "dictionaryStamp", exists (select 1 from deal where base_amount_minor is null) as "hasDealsWithoutRate",
      case when limits_in_working_time then jsonb_build_object('timeZone', time_zone, 'workDays', work_days, 'from', work_from, 'to', work_to,
        'exceptions', (select coalesce(jsonb_object_agg(day, is_working), '{}') from calendar_day)) end as "workCalendar"
    from organization where id = 1`,
  )
}

export function listDealTypes(session: Session): Promise<DealTypeRow[]> {
  return selectDealTypes(session.em)
}

/** The published version of every template. */
export async function listProcessTemplates(
  session: Session,
): Promise<{ versions: ProcessVersionRow[]; statuses: StatusDictionary }> {
  const current = await selectRows<{ id: number }>(
    session.em,
    sql`select distinct on (template_id) id from process_template_version where state = 'published' order by template_id, number desc`,
  )
  const versions = await selectProcessVersions(
    session.em,
    current.map((row) => row.id),
  )
  return { versions, statuses: await readStatuses(session) }
}

export type AuditPage = {
  readonly rows: readonly AuditRow[]
  readonly next: IdCursor | null
  readonly total: number
}

/** Who changed what, newest first. @throws AppError forbidden */
export async function listAudit(session: Session, input: ListAuditInput): Promise<AuditPage> {
  if (!isAble(session.actor, 'audit.view')) throw new AppError('forbidden')
  return selectAuditPage(session.em, { ...input, cursor: decodeCursor(input.cursor, 'id') })
}
