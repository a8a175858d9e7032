import type { Role } from '../../shared/views/common.ts'
import { type RawBuilder, sql } from '../sql.ts'

/**
 * Which deals exist for whom: the only place that says so. Every list, search, count, funnel, drill-down, export, chat answer
 * and job goes through it. Deals of an undone import exist for nobody.
 */
export type Viewer = { readonly id: number; readonly role: Role; readonly departmentId: number }

/** A condition over the table alias `deal`. Executive and admin: all; head: the subtree of his department, his own and what he takes part in; manager and field: the last two. */
export function visibleDeals(viewer: Viewer): RawBuilder<boolean> {
  switch (viewer.role) {
    case 'admin':
    case 'executive':
      return sql`deal.withdrawn_at is null`
    case 'head':
      return sql`deal.withdrawn_at is null and (deal.department_id in (select department_subtree(${viewer.departmentId})) or ${involved(viewer.id)})`
    case 'manager':
    case 'field':
      return sql`deal.withdrawn_at is null and ${involved(viewer.id)}`
  }
}

/** No deal that exists is kept from the viewer. */
export function seesEveryDeal(viewer: Viewer): boolean {
  return viewer.role === 'admin' || viewer.role === 'executive'
}

function involved(employeeId: number): RawBuilder<boolean> {
  return sql`(deal.owner_id = ${employeeId} or deal.id in (select deal_id from deal_participant where employee_id = ${employeeId}))`
}

/**
 * A condition over the alias `counterparty`: those one works with. Managers see every counterparty of the company by name (they must not
 * enter a client twice), field staff only those of deals they see.
 */
export function visibleCounterparties(viewer: Viewer): RawBuilder<boolean> {
  if (viewer.role !== 'field') return sql`counterparty.archived_at is null`
  return sql`counterparty.archived_at is null and exists (select 1 from deal where deal.counterparty_id = counterparty.id and ${visibleDeals(viewer)})`
}
