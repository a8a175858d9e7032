import {
  type DealCursor,
  type DealRow,
  type DealTotals,
  estimateDeals,
  selectDealPage,
  selectDealTotals,
} from '../../../db/queries/deals.ts'
import { elapsedHours } from '../../../db/queries/elapsed.ts'
import { hasNoRate } from '../../../db/queries/funnel-money.ts'
import { seesEveryDeal, visibleDeals } from '../../../db/queries/visibility.ts'
import { type RawBuilder, sql } from '../../../db/sql.ts'
import { startOfDay } from '../../../shared/domain/periods.ts'
import type { ListDealsInput } from '../../../shared/schemas/deals.ts'
import type { Session } from '../../session.ts'
import { decodeCursor } from '../cursor.ts'
import { type FieldBook, readFieldBook } from '../deal-types/field-book.ts'
import { findDealType, readStatuses, type StatusDictionary } from '../dictionary.ts'
import { rememberFor } from '../remember.ts'
import { fieldConditions } from './field-conditions.ts'

export type DealList = DealTotals & {
  readonly rows: readonly DealRow[]
  readonly next: DealCursor | null
  /** What people did with them; only of a list of the deals that were worked on. */
  readonly actions?: number
  readonly statuses: StatusDictionary
  readonly book: FieldBook
}

/** A page of the deals that the actor sees and that meet every filter. @throws AppError not_found for an unknown type, status or field, input_invalid for a foreign cursor */
export async function listDeals(session: Session, input: ListDealsInput): Promise<DealList> {
  const statuses = await readStatuses(session)
  const condition = sql`${sql.join(await conditions(session, input, statuses), sql` and `)}`
  const page = { sort: input.sort, limit: input.limit, cursor: decodeCursor(input.cursor, input.sort) }
  const [{ rows, next }, totals] = await Promise.all([
    selectDealPage(session.em, condition, page),
    readTotals(session, input, condition),
  ])
  return { rows, next, ...totals, statuses, book: await readFieldBook(session, rows, true) }
}

/** From so many deals on counting takes longer than a page. */
const largeFrom = 100_000
const remember = rememberFor<DealTotals>(60_000, 600_000)

/** How many there are and what they come to; in a company of very many deals as of some minutes ago, so that pages come at once. */
async function readTotals(session: Session, input: ListDealsInput, condition: RawBuilder<unknown>): Promise<DealTotals> {
  const { em, actor, now, organization } = session
  const work = () => selectDealTotals(em, condition)
  if (!organization.dictionaryStamp || em.isInTransaction() || (await estimateDeals(em)) < largeFrom) return work()
  const { cursor: _cursor, limit: _limit, sort: _sort, ...asked } = input
  const viewer = seesEveryDeal(actor) && !input.mine && !input.others ? null : actor.id
  return remember(JSON.stringify([organization.dictionaryStamp, viewer, asked]), now, work)
}

async function conditions(session: Session, input: ListDealsInput, statuses: StatusDictionary): Promise<RawBuilder<unknown>[]> {
  const { timeZone } = session.organization
  const all: RawBuilder<unknown>[] = [visibleDeals(session.actor)]
  if (input.type?.length) {
    const ids = await Promise.all(input.type.map(async (code) => (await findDealType(session, code)).id))
    all.push(sql`deal.type_id = any(${ids}::int[])`)
  }
  if (input.status?.length) all.push(sql`deal.status_id = any(${countingAs(statuses, input.status)}::int[])`)
  if (input.counterparty?.length) all.push(sql`deal.counterparty_id = any(${input.counterparty}::int[])`)
  if (input.department?.length)
    all.push(
      sql`deal.department_id in (select below from unnest(${input.department}::int[]) as root, department_subtree(root) as below)`,
    )
  if (input.employee?.length) all.push(sql`deal.owner_id = any(${input.employee}::int[])`)
  if (input.from) all.push(sql`deal.created_at >= ${startOfDay(input.from, timeZone)}`)
  if (input.to) all.push(sql`deal.created_at < ${startOfDay(input.to, timeZone)}`)
  if (input.currency?.length) all.push(sql`deal.currency = any(${input.currency}::text[])`)
  if (input.withoutRate) all.push(hasNoRate)
  if (input.mine) all.push(sql`deal.owner_id = ${session.actor.id}`)
  if (input.others) all.push(sql`deal.owner_id <> ${session.actor.id}`)
  if (input.open)
    all.push(
      sql`deal.status_id = any(${statuses.all.filter((status) => status.category !== 'lost').map((status) => status.id)}::int[])`,
    )
  if (input.overdue) all.push(overdueAt(session))
  if (input.fields) all.push(...(await fieldConditions(session, input.fields)))
  if (input.q) all.push(matches(input.q))
  return all
}

/** Ids of all statuses, merged ones too, that count as one of these. */
function countingAs(statuses: StatusDictionary, codes: readonly string[]): number[] {
  const wanted = new Set(codes.map((code) => statuses.resolve(statuses.find(code).id).id))
  return statuses.all.filter((status) => wanted.has(statuses.resolve(status.id).id)).map((status) => status.id)
}

/** Longer in its status than the limit of the stage that gave it, or the status's, and not lost: as the snapshot counts. */
function overdueAt({ now, organization }: Session): RawBuilder<unknown> {
  const inWorkingTime = organization.workCalendar != null
  return sql`exists (select 1 from status own join status s on s.id = coalesce(own.merged_into_id, own.id) left join status_visit v on v.deal_id = deal.id and v.left_at is null and v.voided_at is null left join stage st on st.id = v.stage_id
    where own.id = deal.status_id and s.category <> 'lost'
    and ${elapsedHours(inWorkingTime, sql`deal.status_since`, now)} > coalesce(st.time_limit_hours, s.time_limit_hours))`
}

/** Number, title or counterparty. */
function matches(text: string): RawBuilder<unknown> {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  const number = /^(?:[#№\s]|no\.?\s)*(\d{1,15})$/i.exec(text)?.[1]
  const byNumber = number ? sql`deal.number = ${number}::bigint or` : sql``
  return sql`(${byNumber} lower(deal.title) like ${pattern}
    or deal.counterparty_id in (select id from counterparty where lower(name) like ${pattern}))`
}
