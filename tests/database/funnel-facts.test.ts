import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Orm } from '../../db/orm.ts'
import { selectStatuses } from '../../db/queries/dictionaries.ts'
import { selectCohort, selectCohortMembers } from '../../db/queries/funnel.ts'
import type { FunnelSlice, StatusBits } from '../../db/queries/funnel-slice.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { freshDatabase } from '../support/database.ts'

/** The same deals however their statuses are written down. */
const now = new Date('2026-11-20T12:00:00Z')
const span = { baselineFrom: new Date('2024-11-20'), from: new Date('2025-11-20'), to: now, asOf: now }
const viewer = { id: 1, role: 'executive', departmentId: 1 } as const
const company: FunnelSlice = { types: [], counterparties: [], departments: [], employees: [], attribution: 'current', others: [] }

let orm: Orm
let statusIds: number[]
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
  statusIds = (await selectStatuses(orm.em.fork())).map((status) => status.id)
})

function bitsOf(ids: readonly number[], resolved: ReadonlyMap<number, number> = new Map(ids.map((id) => [id, id]))): StatusBits {
  return { ids, resolved, anchors: ids }
}

/** Classes with their statuses by id, in one order. */
async function readCohort(bits: StatusBits, slice = company) {
  const classes = await selectCohort(orm.em.fork(), viewer, slice, span, bits)
  return classes.map(({ visited, ...rest }) => JSON.stringify({ ...rest, visited: idsIn(visited, bits) })).sort()
}

function idsIn(visited: string, bits: StatusBits): number[] {
  return bits.ids.filter((_, place) => visited[place] === '1').sort((a, b) => a - b)
}

test('a dictionary of two hundred statuses gives the facts that a short one gives', async () => {
  const many = Array.from({ length: 20 }, (_, block) => [
    ...Array.from({ length: 9 }, (_, place) => 1000 + block * 9 + place),
    ...statusIds.slice(block, block + 1),
  ]).flat()
  assert.ok(many.length > 180)
  const short = await readCohort(bitsOf(statusIds))
  assert.ok(short.length > 20)
  assert.deepEqual(await readCohort(bitsOf(many)), short)
})

test('deals of merged statuses count once, in their successor', async () => {
  const [first, second, third] = statusIds
  const merged = bitsOf(
    statusIds.filter((id) => id !== second && id !== third),
    new Map(statusIds.map((id) => [id, id === second || id === third ? first! : id])),
  )
  const classes = await selectCohort(orm.em.fork(), viewer, company, span, merged)
  const plain = await selectCohort(orm.em.fork(), viewer, company, span, bitsOf(statusIds))
  const dealsOf = (rows: typeof classes) => rows.reduce((sum, row) => sum + row.count, 0)
  assert.equal(dealsOf(classes), dealsOf(plain))
  assert.ok(classes.length < plain.length)
})

test('a cut of the company that cuts nothing away gives the whole, and the members are those of the figure', async () => {
  const bits = bitsOf(statusIds)
  const cut: FunnelSlice = { ...company, departments: [1] }
  assert.deepEqual(await readCohort(bits, cut), await readCohort(bits))
  const members = await selectCohortMembers(orm.em.fork(), viewer, cut, span, bits)
  const classes = await selectCohort(orm.em.fork(), viewer, company, span, bits)
  const summed = (rows: readonly { path: number; visited: string; current: number; count: number; amountMinor: number }[]) =>
    rows.map(({ path, visited, current, count, amountMinor }) => [path, visited, current, count, amountMinor].join()).sort()
  assert.deepEqual(summed(members), summed(classes.filter((row) => !row.baseline)))
  assert.ok(members.every((row) => row.dealIds.length === row.count))
})
