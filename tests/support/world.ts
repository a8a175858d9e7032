import type { Door, Session } from '../../api/session.ts'
import { hashPassword } from '../../api/usecases/access.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import type { Orm } from '../../db/orm.ts'
import { insertStatuses, insertTypes } from '../../db/seeds/dictionary-rows.ts'
import { insertDocumentSets, insertDocumentTypes } from '../../db/seeds/document-types.ts'
import { continueSequence, insertRows } from '../../db/seeds/insert-rows.ts'
import { claimEmptyDatabase } from '../../db/seeds/load-empty.ts'
import { CreateDeal } from '../../shared/schemas/deals.ts'
import type { Role } from '../../shared/views/common.ts'
import { type Clock, standingClock } from './clock.ts'
import { freshDatabase } from './database.ts'

/** company > sales > center > north, sales > south, company > service. */
export const departments = { company: 1, sales: 2, center: 3, south: 4, service: 5, north: 6 } as const

const people = {
  ada: person(1, 'Ада Админ', 'admin', departments.service),
  eva: person(2, 'Ева Директор', 'executive', departments.service),
  hugo: person(3, 'Гуго Продажи', 'head', departments.sales),
  carl: person(4, 'Карл Центр', 'head', departments.center),
  mira: person(5, 'Мира Центр', 'manager', departments.center),
  max: person(6, 'Макс Центр', 'manager', departments.center),
  sara: person(7, 'Сара Юг', 'manager', departments.south),
  nina: person(8, 'Нина Север', 'manager', departments.north),
  finn: person(9, 'Финн Сервис', 'field', departments.service),
  hedda: person(10, 'Хедда Сервис', 'head', departments.service),
  gena: person(11, 'Гена Ушёл', 'manager', departments.center),
} as const
export type Name = keyof typeof people
export const names = Object.keys(people) as readonly Name[]

export const clients = { alpha: 1, beta: 2, hidden: 3 } as const
export const password = 'верный-пароль-1'
export const organization = { name: 'Проба', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', isDemo: false } as const

/** Whose each named deal is; `shared` is Sara's, and all of `takesPart` take part in it. */
const deals = {
  mira: { owner: 'mira', client: clients.alpha, amountMinor: 100_000_00 },
  max: { owner: 'max', client: clients.alpha, amountMinor: 200_000_00 },
  sara: { owner: 'sara', client: clients.beta, amountMinor: 300_000_00 },
  shared: { owner: 'sara', client: clients.beta, amountMinor: 400_000_00 },
  nina: { owner: 'nina', client: null, amountMinor: 500_000_00 },
  hedda: { owner: 'hedda', client: clients.hidden, amountMinor: 600_000_00 },
  carl: { owner: 'carl', client: null, amountMinor: 700_000_00 },
  hugo: { owner: 'hugo', client: null, amountMinor: 800_000_00 },
  finn: { owner: 'finn', client: clients.alpha, amountMinor: 900_000_00 },
  eva: { owner: 'eva', client: null, amountMinor: 110_000_00 },
  ada: { owner: 'ada', client: null, amountMinor: 120_000_00 },
} as const satisfies Readonly<Record<string, { owner: Name; client: number | null; amountMinor: number }>>
export type DealName = keyof typeof deals
const takesPart: readonly Name[] = ['mira', 'carl', 'finn', 'eva', 'ada']

/** A small company on a database of its own: everybody's password is `password`, Gena is deactivated. */
export type World = {
  readonly orm: Orm
  readonly clock: Clock
  readonly people: typeof people
  /** Numbers of the named deals; empty unless asked for. */
  readonly deals: Readonly<Record<DealName, number>>
  /** A session of this person at the clock's time, on an entity manager of its own. */
  readonly as: (name: Name, door?: Door) => Session
  /** A new deal of this owner, entered by the administrator. */
  readonly newDeal: (owner: Name, fields?: Partial<NewDeal>) => Promise<DealCard>
}
type NewDeal = {
  readonly title: string
  readonly type: string
  readonly amountMinor: number
  readonly counterpartyId: number | null
}

export async function createWorld(options: { readonly deals?: boolean } = {}): Promise<World> {
  const orm = await freshDatabase()
  const clock = standingClock()
  await insertCompany(orm)
  const as = (name: Name, door: Door = 'web'): Session => {
    const { id, name: full, role, departmentId } = people[name]
    const actor = { id, name: full, role, departmentId }
    return { em: orm.em.fork(), actor, now: clock.now(), locale: 'ru', door, organization }
  }
  const newDeal: World['newDeal'] = (owner, fields = {}) => {
    const { title = `Сделка ${owner}`, type = 'product_sale', amountMinor = 100_00, counterpartyId = null } = fields
    const amount = { amountMinor, currency: 'RUB' }
    return createDeal(as('ada'), CreateDeal.parse({ title, type, amount, counterpartyId, ownerId: people[owner].id }))
  }
  const numbers: Partial<Record<DealName, number>> = {}
  const entries = Object.entries(deals) as [DealName, (typeof deals)[DealName]][]
  for (const [name, { owner, client, amountMinor }] of options.deals ? entries : []) {
    const card = await newDeal(owner, { title: `Дело ${name}`, amountMinor, counterpartyId: client })
    numbers[name] = card.deal.number
    if (name !== 'shared') continue
    const employeeIds = takesPart.map((participant) => people[participant].id)
    await setParticipants(as('ada'), { number: card.deal.number, version: card.deal.version, employeeIds })
  }
  return { orm, clock, people, deals: numbers as World['deals'], as, newDeal }
}

async function insertCompany(orm: Orm): Promise<void> {
  const passwordHash = await hashPassword(password)
  await orm.em.fork().transactional(async (em) => {
    await claimEmptyDatabase(em, organization)
    await insertStatuses(em, true)
    await insertTypes(em, new Date('2026-01-01T00:00:00Z'))
    await insertDocumentTypes(em)
    await insertDocumentSets(em)
    const parents = [null, departments.company, departments.sales, departments.sales, departments.company, departments.center]
    const tree = Object.entries(departments).map(([name, id]) => ({ id, name, parent_id: parents[id - 1] }))
    await insertRows(em, 'department', { id: 'int', name: 'text', parent_id: 'int' }, tree)
    await continueSequence(em, 'department', tree.length)
    const rows = Object.entries(people).map(([login, { id, name, role, departmentId }]) => ({
      id,
      login,
      name,
      role,
      department_id: departmentId,
      password_hash: passwordHash,
      deactivated_at: login === 'gena' ? '2026-06-01T00:00:00Z' : null,
      is_demo_login: ['ada', 'eva', 'carl', 'mira', 'finn'].includes(login),
    }))
    const columns = {
      id: 'int',
      login: 'text',
      name: 'text',
      role: 'text',
      department_id: 'int',
      password_hash: 'text',
      deactivated_at: 'timestamptz',
      is_demo_login: 'boolean',
    }
    await insertRows(em, 'employee', columns, rows)
    await continueSequence(em, 'employee', rows.length)
    const counterparties = [
      { id: clients.alpha, name: 'ООО «Альфа»', inn: '7701234567' },
      { id: clients.beta, name: 'ООО «Бета»', inn: '7702345678' },
      { id: clients.hidden, name: 'ЗАО «Тайна»', inn: '7703456789' },
    ]
    await insertRows(em, 'counterparty', { id: 'int', name: 'text', inn: 'text' }, counterparties)
    await continueSequence(em, 'counterparty', counterparties.length)
  })
}

function person(id: number, name: string, role: Role, departmentId: number) {
  return { id, name, role, departmentId }
}
