import type { Role } from '../../shared/views/common.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'
import { type Viewer, visibleCounterparties, visibleDeals } from './visibility.ts'

export type EmployeeRow = {
  readonly id: number
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly role: Role
  readonly departmentId: number
  readonly departmentName: string
  readonly active: boolean
  readonly version: number
}

export type IdCursor = { readonly order: 'id'; readonly value: string; readonly id: number }
type PageRequest = { readonly limit: number; readonly cursor: IdCursor | null }
type NamePage<Row> = { rows: Row[]; next: IdCursor | null; total: number }

/** Employees in the order they were entered, by part of the name or login. */
export async function selectEmployeePage(
  em: Em,
  { q, active, limit, cursor }: PageRequest & { readonly q?: string | undefined; readonly active?: boolean | undefined },
): Promise<NamePage<EmployeeRow>> {
  const condition = sql`(${q ?? ''} = '' or lower(e.name) like ${pattern(q)} or e.login like ${pattern(q)})
    and (${active ?? null}::boolean is null or (e.deactivated_at is null) = ${active ?? null}::boolean)`
  const rows = await selectRows<EmployeeRow>(
    em,
    sql`select e.id, e.login, e.name, e.email, e.role, e.department_id as "departmentId", d.name as "departmentName",
      e.deactivated_at is null as active, e.version
    from employee e join department d on d.id = e.department_id where ${condition} and e.id > ${cursor?.id ?? 0}::bigint order by e.id limit ${limit + 1}`,
  )
  const total = await selectRow<{ total: number }>(em, sql`select count(*)::int as total from employee e where ${condition}`)
  return { ...cut(rows, limit), total: total?.total ?? 0 }
}

export type CounterpartyRow = {
  readonly id: number
  readonly name: string
  readonly inn: string | null
  readonly kpp: string | null
  readonly address: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly dealCount: number
  readonly version: number
}

const counterpartyColumns = (
  viewer: Viewer,
): RawBuilder<unknown> => sql`counterparty.id, counterparty.name, counterparty.inn, counterparty.kpp,
  counterparty.address, counterparty.phone, counterparty.email, counterparty.version,
  (select count(*)::int from deal where deal.counterparty_id = counterparty.id and ${visibleDeals(viewer)}) as "dealCount"`

/** Counterparties in the order they were entered, by part of the name or by tax number. */
export async function selectCounterpartyPage(
  em: Em,
  viewer: Viewer,
  { q, limit, cursor }: PageRequest & { readonly q?: string | undefined },
): Promise<NamePage<CounterpartyRow>> {
  const condition = sql`${visibleCounterparties(viewer)}
    and (${q ?? ''} = '' or lower(counterparty.name) like ${pattern(q)} or counterparty.inn = ${q ?? ''})`
  const rows = await selectRows<CounterpartyRow>(
    em,
    sql`select ${counterpartyColumns(viewer)} from counterparty where ${condition} and counterparty.id > ${cursor?.id ?? 0}::bigint
      order by counterparty.id limit ${limit + 1}`,
  )
  const total = await selectRow<{ total: number }>(em, sql`select count(*)::int as total from counterparty where ${condition}`)
  return { ...cut(rows, limit), total: total?.total ?? 0 }
}

export type ContactRow = {
  readonly id: number
  readonly name: string
  readonly position: string | null
  readonly phone: string | null
  readonly email: string | null
}

/** One counterparty and its contacts, or null when not visible. */
export async function selectCounterpartyCard(
  em: Em,
  viewer: Viewer,
  id: number,
): Promise<{ counterparty: CounterpartyRow; contacts: ContactRow[] } | null> {
  const counterparty = await selectRow<CounterpartyRow>(
    em,
    sql`select ${counterpartyColumns(viewer)} from counterparty where counterparty.id = ${id} and ${visibleCounterparties(viewer)}`,
  )
  if (!counterparty) return null
  const contacts = await selectRows<ContactRow>(
    em,
    sql`select id, name, position, phone, email from contact where counterparty_id = ${id} and archived_at is null order by name, id`,
  )
  return { counterparty, contacts }
}

function pattern(q: string | undefined): string {
  return `%${(q ?? '').toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
}

function cut<Row extends { readonly id: number }>(rows: Row[], limit: number): { rows: Row[]; next: IdCursor | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > limit && last ? { order: 'id', value: '0', id: last.id } : null }
}
