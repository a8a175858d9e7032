import type { Em } from '../../../db/orm.ts'
import { selectRow, sql } from '../../../db/sql.ts'

const dayMs = 86_400_000
const daysAfterEnd = 30
const daysOfDelivered = 90

/**
 * Removes files that nothing leads to any more: of links that ended a month ago, of reports delivered three months ago. What the lists and the log say of
 * them stays.
 * @returns files removed
 */
export async function forgetReports(em: Em, now: Date): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * dayMs)
  return em.transactional(async (inside) => {
    const found = await selectRow<{ removed: number }>(
      inside,
      sql`with
        links as (update report_share set file_id = null, picture_id = null
          where file_id is not null and least(expires_at, revoked_at) < ${before(daysAfterEnd)} returning 1),
        orders as (update report_order set file_id = null where file_id is not null and created_at < ${before(daysOfDelivered)} returning 1)
      select (select count(*) from links) + (select count(*) from orders) as removed`,
    )
    if (Number(found?.removed ?? 0) === 0) return 0
    const gone = await selectRow<{ removed: number }>(
      inside,
      sql`with gone as (delete from report_file f where not exists (select 1 from report_share s where s.file_id = f.id or s.picture_id = f.id)
        and not exists (select 1 from report_order o where o.file_id = f.id) and f.created_at < ${before(1)} returning 1)
      select count(*)::int as removed from gone`,
    )
    return gone?.removed ?? 0
  })
}
