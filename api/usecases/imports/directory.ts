import { insertRows } from '../../../db/seeds/insert-rows.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import type { Session } from '../../session.ts'
import { type KnownName, type NameBook, openNameBook } from './name-book.ts'
import type { Reporter } from './report.ts'
import { mappingRefusal, sayImport } from './sentences.ts'
import { uniqueLogin } from './unique-login.ts'

/** The row's words for who has a deal, and where. Empty texts where the row has none. */
export type Persons = { readonly owner: string; readonly department: string; readonly manager: string }

/** The company's names, growing as the import meets new ones. */
export type Directory = {
  /** Makes sure of all the names of some rows, in a few statements. */
  ensure(rows: readonly (Persons & { readonly counterparty: string })[]): Promise<void>
  counterpartyOf(name: string): number | null
  ownerOf(name: string): number
  /** The department of the row, else the owner's. */
  departmentOf(persons: Persons): number
}

type Titles = { readonly counterparty: string; readonly owner: string; readonly department: string }

/** @throws AppError import_mapping_invalid when the default owner or department is not there */
export async function openDirectory(
  session: Session,
  mapping: ImportMapping,
  titles: Titles,
  report: Reporter,
): Promise<Directory> {
  const { em } = session
  const defaults = await readDefaults(session, mapping)
  const homes = new Map<number, number>()
  const departments = openNameBook<null>({
    column: titles.department,
    report,
    known: await selectRows<KnownName>(em, sql`select id, name, archived_at is not null as archived from department order by id`),
    revive: (ids) => reviveAll(session, 'department', 'archived_at', ids).then(() => report.created('departments', ids)),
    create: (wanted) =>
      createNamed(
        session,
        'department',
        wanted.map(([name]) => ({ name })),
      ).then((ids) => {
        report.created('departments', ids)
        return ids
      }),
  })
  const people = openNameBook<{ readonly role: 'manager' | 'head'; readonly departmentId: number }>({
    column: titles.owner,
    report,
    known: (
      await selectRows<KnownName & { departmentId: number }>(
        em,
        sql`select id, name, deactivated_at is not null as archived, department_id as "departmentId" from employee order by id`,
      )
    ).map((row) => {
      homes.set(row.id, row.departmentId)
      return row
    }),
    revive: (ids) => reviveAll(session, 'employee', 'deactivated_at', ids).then(() => report.created('employees', ids)),
    create: async (wanted) => {
      const logins = new Set(
        (await selectRows<{ login: string }>(em, sql`select lower(login) as login from employee`)).map((row) => row.login),
      )
      const rows = wanted.map(([name, { role, departmentId }]) => ({
        name,
        role,
        department_id: departmentId,
        login: uniqueLogin(name, logins),
      }))
      const ids = await createNamed(session, 'employee', rows, { role: 'text', department_id: 'int', login: 'text' })
      for (const [place, id] of ids.entries()) homes.set(id, rows[place]!.department_id)
      report.created('employees', ids)
      return ids
    },
  })
  const counterparties = await openCounterparties(session, titles.counterparty, report)
  const homeOf = (name: string) => (name === '' ? defaults.departmentId : departments.idOf(name))
  return {
    async ensure(rows) {
      await counterparties.ensure(named(rows.map(({ counterparty }) => [counterparty, null])))
      await departments.ensure(named(rows.map(({ department }) => [department, null])))
      const heads = rows.map(({ manager, department }) => [manager, { role: 'head', departmentId: homeOf(department) }] as const)
      await people.ensure(named(heads))
      const owners = rows.map(({ owner, department }) => [owner, { role: 'manager', departmentId: homeOf(department) }] as const)
      await people.ensure(named(owners))
    },
    counterpartyOf: (name) => (name === '' ? null : counterparties.idOf(name)),
    ownerOf: (name) => (name === '' ? defaults.ownerId : people.idOf(name)),
    departmentOf({ owner, department }) {
      if (department !== '') return departments.idOf(department)
      if (owner === '') return defaults.departmentId
      return homes.get(people.idOf(owner)) ?? defaults.departmentId
    },
  }
}

async function openCounterparties(session: Session, column: string, report: Reporter): Promise<NameBook<null>> {
  return openNameBook<null>({
    column,
    report,
    known: await selectRows<KnownName>(
      session.em,
      sql`select id, name, archived_at is not null as archived from counterparty order by id`,
    ),
    revive: (ids) => reviveAll(session, 'counterparty', 'archived_at', ids).then(() => report.created('counterparties', ids)),
    create: (wanted) =>
      createNamed(
        session,
        'counterparty',
        wanted.map(([name]) => ({ name })),
      ).then((ids) => {
        report.created('counterparties', ids)
        return ids
      }),
  })
}

/** The first wish for each name counts; empty names are none. */
function named<Extra>(pairs: readonly (readonly [string, Extra])[]): Map<string, Extra> {
  const wanted = new Map<string, Extra>()
  for (const [name, extra] of pairs) if (name !== '' && !wanted.has(name)) wanted.set(name, extra)
  return wanted
}

type Table = 'department' | 'employee' | 'counterparty'

async function createNamed(
  session: Session,
  table: Table,
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  const ids = await takeIds(session, table, rows.length)
  await insertRows(
    session.em,
    table,
    { id: 'int', name: 'text', ...columns },
    rows.map((row, place) => ({ id: ids[place], ...row })),
  )
  return ids
}

async function reviveAll(
  session: Session,
  table: Table,
  column: 'archived_at' | 'deactivated_at',
  ids: readonly number[],
): Promise<void> {
  await selectRows(
    session.em,
    sql`update ${sql.table(table)} set ${sql.ref(column)} = null, version = version + 1 where id = any(${[...ids]}::int[])`,
  )
}

/** Takes ids off a table's sequence, so that rows of other tables can name them before they are written. */
export async function takeIds(session: Session, table: string, count: number): Promise<number[]> {
  if (count === 0) return []
  const rows = await selectRows<{ id: number }>(
    session.em,
    sql`select nextval(pg_get_serial_sequence(${table}, 'id')) as id from generate_series(1, ${count})`,
  )
  return rows.map(({ id }) => id)
}

async function readDefaults(session: Session, mapping: ImportMapping): Promise<{ ownerId: number; departmentId: number }> {
  const { owner: login, department: name } = mapping.defaults
  const owner = await selectRow<{ id: number; departmentId: number }>(
    session.em,
    login === undefined
      ? sql`select id, department_id as "departmentId" from employee where deactivated_at is null order by id <> ${session.actor.id}, role <> 'admin', id limit 1`
      : sql`select id, department_id as "departmentId" from employee where lower(login) = ${login.toLowerCase()}`,
  )
  const t = sayImport[session.locale]
  if (!owner) throw mappingRefusal([t('mapping_owner_missing', { login: login ?? '' })])
  if (name === undefined) return { ownerId: owner.id, departmentId: owner.departmentId }
  const department = await selectRow<{ id: number }>(
    session.em,
    sql`select id from department where name = ${name} and archived_at is null order by id limit 1`,
  )
  if (!department) throw mappingRefusal([t('mapping_department_missing', { name })])
  return { ownerId: owner.id, departmentId: department.id }
}
