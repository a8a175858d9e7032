import type { Em } from '../orm.ts'
import { selectRows, sql } from '../sql.ts'
import { buildDemoDeals } from './demo-company.ts'
import { counterpartySeeds } from './demo-counterparties.ts'
import { dealTables } from './demo-deal-rows.ts'
import { departmentSeeds, personSeeds } from './demo-people.ts'
import { insertStatuses, insertTypes } from './dictionary-rows.ts'
import { insertDocumentSets, insertDocumentTypes } from './document-types.ts'
import { continueSequence, insertRows } from './insert-rows.ts'
import { claimEmptyDatabase, type OrganizationSeed } from './load-empty.ts'

export type DemoOptions = Pick<OrganizationSeed, 'timeZone' | 'baseCurrency'> & {
  /** The newest deals end here. */
  readonly now: Date
  /** How many deals; 3,000 unless told. */
  readonly deals?: number
}

export const demoCompanyName = 'АО «Волга-Пак»'

/**
 * Fills an empty database with the demo company in one transaction: killed halfway, it leaves nothing. People have no passwords: they are
 * entered with one tap or not at all.
 * @param onProgress hears rows written and rows in all.
 * @returns false, and changes nothing, when the database already has an organisation.
 */
export function loadDemoCompany(
  em: Em,
  { now, timeZone, baseCurrency, deals: dealCount }: DemoOptions,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<boolean> {
  return em.transactional(async (inside) => {
    const organization = { name: demoCompanyName, timeZone, baseCurrency, isDemo: true }
    if (!(await claimEmptyDatabase(inside, organization))) return false
    const { calendar, deals } = buildDemoDeals({ now, timeZone }, dealCount)
    const founded = new Date(calendar.instantAt(0).getTime() - 30 * 86_400_000)
    await insertStatuses(inside, true)
    await insertTypes(inside, founded)
    await insertDocumentTypes(inside)
    await insertDocumentSets(inside)
    await insertPeople(inside, founded)
    await insertClients(inside, founded)
    const tables = dealTables(deals, baseCurrency)
    const total = tables.reduce((sum, { rows }) => sum + rows.length, 0)
    let done = 0
    for (const { table, columns, rows } of tables) {
      await insertRows(inside, table, columns, rows, (written) => {
        done += written
        onProgress(done, total)
      })
      if ('id' in columns) await continueSequence(inside, table, rows.length)
    }
    await selectRows(inside, sql`select setval('deal_number_seq', (select max(number) from deal))`)
    // Without statistics the first figures after a load would be planned as for empty tables.
    for (const { table } of tables) await selectRows(inside, sql`analyze ${sql.table(table)}`)
    return true
  })
}

async function insertPeople(em: Em, founded: Date): Promise<void> {
  const departments = departmentSeeds.map(({ id, name, parentId }) => ({ id, name, parent_id: parentId }))
  await insertRows(em, 'department', { id: 'int', name: 'text', parent_id: 'int' }, departments)
  await continueSequence(em, 'department', departments.length)
  const people = personSeeds.map(({ id, login, name, position, role, departmentId, isDemoLogin }) => ({
    id,
    login,
    name,
    position,
    role,
    email: `${login}@volga-pak.example`,
    department_id: departmentId,
    is_demo_login: isDemoLogin,
    created_at: founded,
    locale: 'ru',
  }))
  const columns = {
    id: 'int',
    login: 'text',
    name: 'text',
    position: 'text',
    email: 'text',
    role: 'text',
    department_id: 'int',
    is_demo_login: 'boolean',
    created_at: 'timestamptz',
    locale: 'text',
  }
  await insertRows(em, 'employee', columns, people)
  await continueSequence(em, 'employee', people.length)
}

async function insertClients(em: Em, founded: Date): Promise<void> {
  const clients = counterpartySeeds()
  const text = { name: 'text', phone: 'text', email: 'text' }
  const counterparties = clients.map(({ id, name, inn, kpp, ogrn, address, phone, email }) => ({
    id,
    name,
    inn,
    kpp,
    ogrn,
    address,
    phone,
    email,
    created_at: founded,
  }))
  const columns = { id: 'int', ...text, inn: 'text', kpp: 'text', ogrn: 'text', address: 'text', created_at: 'timestamptz' }
  await insertRows(em, 'counterparty', columns, counterparties)
  await continueSequence(em, 'counterparty', counterparties.length)
  const contacts = clients.flatMap((client) => client.contacts.map((contact) => ({ ...contact, counterparty_id: client.id })))
  await insertRows(em, 'contact', { id: 'int', ...text, position: 'text', counterparty_id: 'int' }, contacts)
  await continueSequence(em, 'contact', contacts.length)
}
