import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentComparison } from '../../api/presenters/compare.ts'
import { compareCohorts, compareFunnel, listComparedDeals } from '../../api/usecases/funnel/compare-funnel.ts'
import { sidesOf } from '../../api/usecases/funnel/compare-sides.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { Orm } from '../../db/orm.ts'
import { departmentSeeds, personSeeds } from '../../db/seeds/demo-people.ts'
import { typeSeeds } from '../../db/seeds/demo-processes.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { CompareFunnel, ListComparedDeals } from '../../shared/schemas/compare.ts'
import type { ComparedDealsRef } from '../../shared/views/compare.ts'
import { freshDatabase } from '../support/database.ts'
import { sessionOf } from './demo-replay.ts'

/** A comparison is the same question asked twice: every figure in it has its list, and the reasons add up. */
const now = new Date('2026-11-20T12:00:00Z')
const executiveId = personSeeds.find(({ role }) => role === 'executive')!.id
const people = ['nikitin', 'vlasova', 'sokolov', 'petrova'].map(
  (login) => personSeeds.find((person) => person.login === login)!.id,
)

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 250 })
})
const session = (actorId = people[0]!) => sessionOf(orm.em.fork(), actorId, now)

const few = (values: readonly (string | number)[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: 2 }).map((chosen) => chosen.join(','))
const departments = departmentSeeds.map((department) => department.id)
const questions = fc.record(
  {
    from: fc.constantFrom('2025-06-01', '2026-01-01', '2026-07-01'),
    to: fc.constantFrom('2026-10-01', '2026-11-21'),
    against: fc.constantFrom('previous', 'year', 'other'),
    aged: fc.constantFrom('alike', 'now'),
    split: fc.constantFrom('type', 'department', 'employee', 'counterparty'),
    type: few(typeSeeds.map((type) => type.code)),
    department: few(departments),
    otherDepartment: few(departments),
    otherFrom: fc.constantFrom('2025-01-01', '2024-07-01'),
    strict: fc.constantFrom('true', 'false'),
    attribution: fc.constantFrom('current', 'event'),
  },
  { requiredKeys: ['from', 'to', 'against', 'split'] },
)

test('each side is the funnel of its own question', async () => {
  const query = CompareFunnel.parse({ against: 'year', from: '2026-01-01', to: '2026-07-01' })
  const sides = await sidesOf(session(), query)
  const compared = await compareCohorts(session(), query)
  for (const side of ['now', 'before'] as const) {
    const alone = await showFunnel(session(), sides[side])
    assert.equal(alone.basis, 'cohort')
    assert.deepEqual(compared[side].funnel, alone.funnel)
  }
  assert.equal(compared.before.asked.period.from, '2025-01-01')
  // Both half years as they stood when they were equally old.
  const age = (side: 'now' | 'before') => compared[side].asked.span.asOf.getTime() - compared[side].asked.span.to.getTime()
  assert.equal(age('now'), age('before'))
})

test('both as they stand now, when asked so', async () => {
  const compared = await compareCohorts(session(), CompareFunnel.parse({ against: 'previous', aged: 'now' }))
  assert.deepEqual(compared.before.asked.span.asOf, now)
  assert.equal(compared.before.asked.period.to, compared.now.asked.period.from)
})

test('two departments are compared over the same days', async () => {
  const [first, second] = departments
  const query = { against: 'other', department: String(first), otherDepartment: String(second) }
  const { now: own, before: other } = await compareCohorts(session(), CompareFunnel.parse(query))
  assert.deepEqual(own.asked.period, other.asked.period)
  assert.deepEqual([own.asked.slice.departments, other.asked.slice.departments], [[first], [second]])
})

test('the list behind every figure is as long and as dear as the figure, and the reasons add up to the change', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(questions, fc.constantFrom(...people), async (question, actorId) => {
      const found = await compareCohorts(session(actorId), CompareFunnel.parse(question))
      const list = (ref: ComparedDealsRef) =>
        listComparedDeals(session(actorId), ListComparedDeals.parse({ ...question, ...ref, limit: 1 }))
      for (const side of ['now', 'before'] as const) {
        const { layers, totals } = found[side].funnel
        const all = await list({ side, part: 'all' })
        assert.deepEqual([all.total, all.amountMinor], [totals.deals, totals.amountMinor])
        const won = await list({ side, part: 'won' })
        assert.deepEqual([won.total, won.amountMinor], [totals.won, totals.wonAmountMinor])
        for (const layer of layers.slice(1, 4))
          for (const part of ['reached', 'passed', 'lost', 'through', 'joined'] as const) {
            const behind = await list({ side, layer: layer.status.code, part })
            assert.deepEqual(
              [behind.total, behind.amountMinor],
              [layer[part], layer.amountMinor[part]],
              `${layer.status.code} ${part}`,
            )
            compared++
          }
        const slices = found.slices[side].totals
        assert.equal(
          slices.reduce((sum, one) => sum + one.deals, 0),
          totals.deals,
        )
        assert.equal(
          slices.reduce((sum, one) => sum + one.amountMinor, 0),
          totals.amountMinor,
        )
        assert.equal(
          slices.reduce((sum, one) => sum + one.wonAmountMinor, 0),
          totals.wonAmountMinor,
        )
        for (const one of slices.slice(0, 3)) {
          const [own, ownWon] = [await list({ side, part: 'all', key: one.key }), await list({ side, part: 'won', key: one.key })]
          assert.deepEqual([own.total, ownWon.total, ownWon.amountMinor], [one.deals, one.won, one.wonAmountMinor])
        }
      }
    }),
    { numRuns: 6 },
  )
  assert.ok(compared > 50, `${compared} figures`)
})

test('it is said in whole sentences, in both languages, and the figures said are those of their lists', async () => {
  const question = { against: 'previous', from: '2026-04-01', to: '2026-11-01' }
  const found = await compareCohorts(session(), CompareFunnel.parse(question))
  for (const locale of ['ru', 'en'] as const) {
    const view = presentComparison(found, { locale, now, organization: session().organization })
    for (const { layers, slices } of view.explanations)
      for (const piece of [...layers, ...slices]) {
        assert.doesNotMatch(piece.text, /[\uE000{}]|undefined|NaN|null/)
        if (!piece.opens || !/^\d+$/.test(piece.text)) continue
        const behind = await listComparedDeals(session(), ListComparedDeals.parse({ ...question, ...piece.opens }))
        assert.equal(String(behind.total), piece.text)
      }
    const text = view.explanations.map(({ layers, slices }) => [...layers, ...slices].map((piece) => piece.text).join(''))
    if (process.env['SAY']) console.log(text.join('\n'))
    assert.ok(text[0]!.includes(String(found.now.funnel.totals.won)))
  }
})

for (const basis of ['snapshot', 'flow'] as const)
  test(`two ${basis}s: every figure has its list, and the reasons add up to the difference`, async () => {
    const sums: number[] = []
    await fc.assert(
      fc.asyncProperty(questions, fc.constantFrom(...people), async (drawn, actorId) => {
        const { aged: _aged, strict: _strict, ...question } = { ...drawn, basis }
        const asker = session(actorId)
        const found = await compareFunnel(session(actorId), CompareFunnel.parse(question))
        const view = presentComparison(found, { locale: 'ru', now, organization: asker.organization })
        assert.ok(view.basis === basis)
        const list = (ref: ComparedDealsRef) =>
          listComparedDeals(session(actorId), ListComparedDeals.parse({ ...question, ...ref, limit: 1 }))
        for (const side of ['now', 'before'] as const) {
          const all = await list({ side, part: 'all' })
          assert.deepEqual([all.total, all.amountMinor], [view.totals.deals[side], view.totals.amountMinor[side]])
          for (const { status, count, amountMinor } of view.layers.slice(0, 3)) {
            const behind = await list({ side, layer: status.code, part: basis === 'flow' ? 'entered' : 'standing' })
            assert.deepEqual([behind.total, behind.amountMinor], [count[side], amountMinor[side]], status.code)
          }
          sums.push(all.total)
          if (found.basis === 'cohort') continue
          const { totals } = found.slices[side]
          assert.deepEqual(
            [sumOf(totals, ({ deals }) => deals), sumOf(totals, ({ amountMinor }) => amountMinor)],
            [all.total, all.amountMinor],
          )
          const [first] = totals
          if (first) assert.equal((await list({ side, part: 'all', key: first.key })).total, first.deals)
        }
        for (const { layers, slices } of view.explanations)
          for (const piece of [...layers, ...slices]) {
            assert.doesNotMatch(piece.text, /[\uE000{}]|undefined|NaN|null/)
            const said = /^([\d\u00a0]+)(\u00a0сдел.*)?$/.exec(piece.text)
            // Entries a deal have no word of deals beside them.
            if (!piece.opens || !said || (piece.opens.part === 'entered' && !said[2])) continue
            assert.equal((await list(piece.opens)).total, Number(said[1]!.replaceAll('\u00a0', '')), piece.text)
          }
      }),
      { numRuns: 6, examples: [[{ from: '2025-06-01', to: '2026-11-21', against: 'year', split: 'type' }, executiveId]] },
    )
    assert.ok(sums.some((count) => count > 20))
  })

test('a snapshot is compared with the same time a month or a year before, or with any moment', async () => {
  const asOf = '2026-10-31T09:30:00.000Z'
  const momentOf = async (more: object) =>
    (await sidesOf(session(), CompareFunnel.parse({ basis: 'snapshot', asOf, ...more }))).before.asOf
  assert.equal(await momentOf({}), '2026-09-30T09:30:00.000Z')
  assert.equal(await momentOf({ against: 'year' }), '2025-10-31T09:30:00.000Z')
  assert.equal(await momentOf({ against: 'other', otherAsOf: '2026-01-01T00:00:00Z' }), '2026-01-01T00:00:00.000Z')
  assert.equal(await momentOf({ against: 'other', otherType: 'service' }), asOf)
})

function sumOf<Row>(rows: readonly Row[], read: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + read(row), 0)
}
