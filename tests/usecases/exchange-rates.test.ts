import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentDealList } from '../../api/presenters/deals.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { deleteRate, listRates, previewRate, setRate } from '../../api/usecases/exchange-rates.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { convertAmount, type DatedRate, rateOn } from '../../shared/domain/money.ts'
import { addDays, dayOf } from '../../shared/domain/periods.ts'
import { CreateDeal, ListDeals } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { createWorld, organization, type World } from '../support/world.ts'
import { refused, seen } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const ada = () => world.as('ada')
const today = () => dayOf(world.clock.now(), organization.timeZone)
const newDeal = (currency: string, amountMinor: number) =>
  createDeal(ada(), CreateDeal.parse({ title: 'Сделка', type: 'product_sale', amount: { amountMinor, currency } }))
const put = (currency: string, validFrom: string, rate: string) => setRate(ada(), { currency, validFrom, rate })
const drop = (currency: string, validFrom: string) => deleteRate(ada(), { currency, validFrom })
const move = async (number: number, status: string) =>
  setStatus(ada(), { ...seen(await showDeal(ada(), { number })), status, reason: 'так вышло', hold: false })
const baseOf = async (number: number) => (await showDeal(ada(), { number })).deal.baseAmountMinor

async function withoutRates(): Promise<void> {
  for (const { code, rates } of (await listRates(ada())).currencies)
    for (const { validFrom } of rates) await drop(code, validFrom)
}

test('a deal in the base currency counts as it is, one in another by the newest rate, and without a rate its money is missing', async () => {
  const [own, foreign] = [await newDeal('RUB', 100_00), await newDeal('USD', 100_00)]
  assert.equal(own.deal.baseAmountMinor, 100_00)
  assert.equal(foreign.deal.baseAmountMinor, null)
  await put('USD', addDays(today(), -10), '90')
  await put('USD', today(), '95.505')
  assert.equal(await baseOf(foreign.deal.number), 9_550_50)
  assert.equal(await baseOf(own.deal.number), 100_00)
  await drop('USD', today())
  assert.equal(await baseOf(foreign.deal.number), 9_000_00)
  await withoutRates()
  assert.equal(await baseOf(foreign.deal.number), null)
})

test('a won or lost deal keeps the rate of its day, also behind the sale; an open one follows the newest', async () => {
  await withoutRates()
  const [won, delivered, lost, open] = [
    await newDeal('USD', 1_00),
    await newDeal('USD', 1_00),
    await newDeal('USD', 1_00),
    await newDeal('USD', 1_00),
  ]
  await put('USD', today(), '80')
  for (const card of [won, delivered]) await move(card.deal.number, 'contract')
  await loseDeal(ada(), { ...seen(lost), status: 'lost', reason: 'дорого' })
  world.clock.advance({ days: 5 })
  await put('USD', today(), '100')
  await move(delivered.deal.number, 'delivery')
  const amounts = await Promise.all([won, delivered, lost, open].map((card) => baseOf(card.deal.number)))
  assert.deepEqual(amounts, [80_00, 80_00, 80_00, 100_00])
  const reopened = await reopenDeal(ada(), { ...seen(await showDeal(ada(), lost.deal)), reason: 'передумали' })
  assert.equal(reopened.deal.baseAmountMinor, 100_00)
})

test('the day of a rate is that of the organisation’s time zone', async () => {
  await withoutRates()
  // 21:30 in Greenwich is half past midnight of the next day in Moscow.
  world.clock.set(`${addDays(today(), 1)}T21:30:00Z`)
  await put('USD', addDays(today(), -1), '1')
  await put('USD', today(), '2')
  const { deal } = await newDeal('USD', 1_00)
  await move(deal.number, 'contract')
  world.clock.advance({ days: 3 })
  await put('USD', today(), '3')
  assert.equal(await baseOf(deal.number), 2_00)
})

test('a change of rates raises no version and writes nothing into the audit but the rate', async () => {
  await withoutRates()
  const { deal } = await newDeal('EUR', 10_00)
  const lastAudit = async () => (await selectRow<{ id: number }>(ada().em, sql`select max(id) as id from audit_entry`))!.id
  const from = await lastAudit()
  await put('EUR', today(), '100')
  await put('EUR', today(), '101.5')
  assert.equal((await showDeal(ada(), deal)).deal.version, deal.version)
  assert.equal(await baseOf(deal.number), 1_015_00)
  const entries = await selectRows<{ entity: string; entityId: string; action: string; actorId: number; after: object }>(
    ada().em,
    sql`select entity, entity_id as "entityId", action, actor_id as "actorId", after from audit_entry where id > ${from} order by id`,
  )
  const entityId = `EUR/${today()}`
  assert.deepEqual(
    entries.map(({ entity, entityId, action, actorId }) => ({ entity, entityId, action, actorId })),
    [
      { entity: 'exchange_rate', entityId, action: 'insert', actorId: 1 },
      { entity: 'exchange_rate', entityId, action: 'update', actorId: 1 },
    ],
  )
  await editDeal(ada(), { ...seen(await showDeal(ada(), deal)), amount: { amountMinor: 20_00, currency: 'EUR' } })
  const told = await selectRow<{ after: object }>(
    ada().em,
    sql`select after from audit_entry where entity = 'deal' order by id desc limit 1`,
  )
  assert.ok('amount_minor' in told!.after && !('base_amount_minor' in told!.after))
})

test('sums of lists and of the funnel are in the base currency, and say how many deals they leave out', async () => {
  await withoutRates()
  await put('USD', addDays(today(), -200), '90')
  await newDeal('CHF', 500_00)
  const all = await listDeals(ada(), ListDeals.parse({ limit: 200 }))
  const view = presentDealList(all, ada())
  const inBase = view.items.reduce((sum, item) => sum + (item.baseAmount?.amountMinor ?? 0), 0)
  assert.equal(view.amountMinor, inBase)
  assert.equal(view.withoutRate, view.items.filter((item) => item.baseAmount === null).length)
  assert.ok(view.withoutRate > 0 && view.items.some((item) => item.amount.currency === 'USD'))
  for (const basis of ['snapshot', 'cohort']) {
    const shown = await showFunnel(ada(), ShowFunnel.parse({ basis, from: '2026-01-01', to: '2027-02-01' }))
    assert.equal(shown.withoutRate, view.withoutRate, basis)
    const lost = shown.basis === 'snapshot' ? shown.snapshot.lost.reduce((sum, layer) => sum + layer.amountMinor, 0) : 0
    const total =
      shown.basis === 'cohort'
        ? shown.funnel.totals.amountMinor
        : shown.basis === 'snapshot'
          ? shown.snapshot.totals.amountMinor
          : 0
    assert.equal(total + lost, inBase, basis)
  }
})

test('a rate of a later day, of the base currency or of no currency is refused, and so is what another administrator has changed meanwhile', async () => {
  await withoutRates()
  await refused(put('USD', addDays(today(), 1), '90'), 'rate_in_future')
  await refused(put('RUB', today(), '1'), 'rate_of_base')
  await put('USD', today(), '90')
  await refused(setRate(ada(), { currency: 'USD', validFrom: today(), rate: '91', seen: null }), 'conflict')
  await setRate(ada(), { currency: 'USD', validFrom: today(), rate: '91', seen: '90.00' })
  await refused(drop('EUR', today()), 'not_found')
  await refused(setRate(world.as('eva'), { currency: 'USD', validFrom: today(), rate: '1' }), 'forbidden')
  await refused(deleteRate(world.as('hugo'), { currency: 'USD', validFrom: today() }), 'forbidden')
  const forMira = await listRates(world.as('mira'))
  assert.deepEqual(forMira.currencies, [
    { code: 'USD', rates: [{ validFrom: today(), rate: '91' }], deals: null, withoutRate: null },
  ])
})

test('the currency of a deal stays once its documents hold amounts, and documents are in it', async () => {
  const { deal } = await newDeal('USD', 10_00)
  const fields = { deal: deal.number, type: 'invoice', number: '1', datedOn: '2026-10-01' }
  await refused(createDocument(ada(), { ...fields, amount: { amountMinor: 1, currency: 'RUB' } }), 'currency_unsupported')
  await editDeal(ada(), { ...seen(await showDeal(ada(), deal)), amount: { amountMinor: 10_00, currency: 'EUR' } })
  await createDocument(ada(), { ...fields, amount: { amountMinor: 1, currency: 'EUR' } })
  const change = { ...seen(await showDeal(ada(), deal)), amount: { amountMinor: 10_00, currency: 'USD' } }
  await refused(editDeal(ada(), change), 'currency_fixed')
})

test('whatever happens to deals and rates, a deal comes to what the rule says, and a preview to what then is', async () => {
  await withoutRates()
  const numbers: number[] = []
  for (const [index, currency] of ['USD', 'JPY', 'KWD', 'RUB', 'USD'].entries())
    numbers.push((await newDeal(currency, 1_234_567 + index)).deal.number)
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('rate'),
      currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      ago: fc.nat(6),
      rate: fc.constantFrom('0.61235', '90', '301.125', '1'),
    }),
    fc.record({ kind: fc.constant('drop'), currency: fc.constantFrom('USD', 'JPY', 'KWD'), ago: fc.nat(6) }),
    fc.record({
      kind: fc.constant('move'),
      deal: fc.nat(4),
      status: fc.constantFrom('new', 'proposal', 'contract', 'delivery', 'lost'),
    }),
    fc.record({ kind: fc.constant('undo'), deal: fc.nat(4) }),
    fc.record({ kind: fc.constant('edit'), deal: fc.nat(4), currency: fc.constantFrom('USD', 'JPY', 'RUB') }),
    fc.record({ kind: fc.constant('wait') }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      for (const one of steps) await play(one as Step, numbers)
      assert.deepEqual((await checkInvariants(ada().em)).findings, [])
      const rates: DatedRate[] = (await listRates(ada())).currencies.flatMap(({ code, rates }) =>
        rates.map((row) => ({ currency: code, ...row })),
      )
      for (const number of numbers) {
        const { deal, visits, statuses } = await showDeal(ada(), { number })
        const closed = closedDay(visits, statuses)
        const rate = rateOn(rates, deal.currency, closed)
        const expected =
          deal.currency === 'RUB'
            ? deal.amountMinor
            : rate === null
              ? null
              : convertAmount(deal.amountMinor, deal.currency, 'RUB', rate)
        assert.equal(deal.baseAmountMinor, expected, `${number} ${deal.currency} ${closed}`)
      }
    }),
    { numRuns: 12 },
  )
})

type Step = {
  readonly kind: string
  readonly currency: string
  readonly ago: number
  readonly rate: string
  readonly deal: number
  readonly status: string
}

async function play(step: Step, numbers: readonly number[]): Promise<void> {
  const number = numbers[step.deal] ?? 0
  const validFrom = addDays(today(), -(step.ago ?? 0))
  const tolerant = (work: Promise<unknown>) =>
    work.catch((error: unknown) => assert.ok(error instanceof Error && 'code' in error, String(error)))
  switch (step.kind) {
    case 'wait':
      world.clock.advance({ days: 2 })
      return
    case 'move':
      return void (await tolerant(move(number, step.status)))
    case 'undo': {
      const { undo, deal } = await showDeal(ada(), { number })
      if (undo) await tolerant(undoChange(ada(), { number, version: deal.version, eventId: undo.eventId }))
      return
    }
    case 'edit': {
      const card = await showDeal(ada(), { number })
      await editDeal(ada(), { ...seen(card), amount: { amountMinor: card.deal.amountMinor + 1, currency: step.currency } })
      return
    }
    default: {
      const { currency } = step
      const rate = step.kind === 'rate' ? step.rate : null
      const known = (await listRates(ada())).currencies.find(({ code }) => code === currency)?.rates ?? []
      if (rate === null && !known.some((row) => row.validFrom === validFrom)) return
      const preview = await previewRate(ada(), { currency, validFrom, rate })
      await (rate === null ? drop(currency, validFrom) : put(currency, validFrom, rate))
      const now = await selectRow<{ amountMinor: number; withoutRate: number }>(
        ada().em,
        sql`select coalesce(sum(base_amount_minor), 0)::bigint as "amountMinor", (count(*) filter (where base_amount_minor is null))::int as "withoutRate"
          from deal where currency = ${currency}`,
      )
      assert.deepEqual(preview.after, now)
    }
  }
}

/** The rule in words, read from the card: the day of the last entry into the loss it stands in or into the won milestone, else null. */
function closedDay(
  visits: Awaited<ReturnType<typeof showDeal>>['visits'],
  statuses: Awaited<ReturnType<typeof showDeal>>['statuses'],
): string | null {
  const live = visits.filter((visit) => !visit.voided)
  const standing = statuses.resolve(live[0]!.statusId)
  const milestone = Math.min(...statuses.all.filter((status) => status.isWon).map((status) => status.rank))
  const dayOfVisit = (visit: { readonly enteredAt: Date }) => dayOf(visit.enteredAt, organization.timeZone)
  if (standing.category === 'lost') return dayOfVisit(live[0]!)
  if (standing.rank < milestone) return null
  const won = live.find((visit) => statuses.resolve(visit.statusId).isWon)
  const beyond = live.filter(
    (visit) => statuses.resolve(visit.statusId).rank >= milestone && statuses.resolve(visit.statusId).category !== 'lost',
  )
  return dayOfVisit(won ?? beyond.at(-1)!)
}
