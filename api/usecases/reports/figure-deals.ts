import type { FieldRow } from '../../../db/queries/custom-fields.ts'
import { selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { selectDealPage, selectDealTotals } from '../../../db/queries/deals.ts'
import { dealsWithIds } from '../../../db/queries/funnel.ts'
import { selectRows, sql } from '../../../db/sql.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { readFieldBook } from '../deal-types/field-book.ts'
import type { DealList } from '../deals/list-deals.ts'
import { ask } from '../funnel/ask.ts'
import { conditionOfFigure } from '../funnel/figure-condition.ts'

/** The deals that make up a figure, to be read page by page. */
export type FigureDeals = {
  readonly total: number
  readonly amountMinor: number
  /** Whether any of them is in another currency than the organisation's. */
  readonly isMixed: boolean
  /** Custom fields that lists show, of the types that these deals can be of. */
  readonly fields: readonly FieldRow[]
  /** Largest first, at most `limit` deals in all. */
  readonly pages: () => AsyncGenerator<DealList>
}

const pageSize = 1_000

/**
 * All deals of a figure. Which they are is settled at once; what they look like is read page by page, so that any number of them fits into the memory.
 * @throws AppError not_found, input_invalid
 */
export async function readFigureDeals(session: Session, query: FunnelQuery, limit: number): Promise<FigureDeals> {
  const asked = await ask(session, query)
  const condition = await conditionOfFigure(session, asked)
  const totals = await selectDealTotals(session.em, condition)
  const chosen = await selectRows<{ id: number; isForeign: boolean }>(
    session.em,
    sql`select deal.id, deal.currency <> ${session.organization.baseCurrency} as "isForeign" from deal where ${condition}
      order by coalesce(deal.base_amount_minor, 0) desc, deal.id desc limit ${limit}`,
  )
  const { types } = asked.slice
  const fields = (await selectCustomFields(session.em)).filter(
    ({ archived, inList, typeId }) => !archived && inList && (types.length === 0 || types.includes(typeId)),
  )
  const readPage = async (from: number): Promise<DealList> => {
    const ids = chosen.slice(from, from + pageSize).map(({ id }) => id)
    const em = session.em.fork()
    const { rows, next } = await selectDealPage(em, dealsWithIds(session.actor, ids), {
      sort: 'amount',
      limit: pageSize,
      cursor: null,
    })
    return { rows, next, ...totals, statuses: asked.statuses, book: await readFieldBook({ ...session, em }, rows, true) }
  }
  // The next page is read while the one before is written.
  async function* pages(): AsyncGenerator<DealList> {
    let next = chosen.length > 0 ? readPage(0) : null
    for (let from = 0; next; from += pageSize) {
      const page = await next
      next = from + pageSize < chosen.length ? readPage(from + pageSize) : null
      // Whoever stops early never hears of it.
      next?.catch(() => {})
      yield page
    }
  }
  return { ...totals, isMixed: chosen.some(({ isForeign }) => isForeign), fields, pages }
}
