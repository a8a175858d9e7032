import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { presentDealCard } from '../../api/presenters/deals.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import { readOrganization } from '../../api/usecases/settings.ts'
import { saveCalendar, showCalendar } from '../../api/usecases/work-calendar.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { addDays } from '../../shared/domain/periods.ts'
import { deadlineOf, overdueBefore, type WorkCalendar, workingHours } from '../../shared/domain/working-time.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { createWorld, type World } from '../support/world.ts'
import { refused } from './deal-facts.ts'

let world: World
before(async () => {
  world = await createWorld()
})

const save = async (changes: object) => {
  const { version, ...now } = await showCalendar(world.as('ada'))
  return saveCalendar(world.as('ada'), { ...now, workDays: [...now.workDays], days: [...now.days], version, ...changes })
}
const calendars = fc.record({
  workDays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  from: fc.constantFrom('00:00', '08:30', '09:00'),
  to: fc.constantFrom('13:15', '18:00', '24:00'),
  exceptions: fc.dictionary(
    fc.integer({ min: 0, max: 60 }).map((n) => addDays('2026-10-20', n)),
    fc.boolean(),
    { maxKeys: 6 },
  ),
})
const instants = fc
  .integer({ min: Date.parse('2026-10-15T00:00:00Z'), max: Date.parse('2026-12-31T00:00:00Z') })
  .map((at) => new Date(at - (at % 60_000)))

test('the database and the pure function count the same working hours', async () => {
  await fc.assert(
    fc.asyncProperty(calendars, instants, instants, async ({ workDays, from, to, exceptions }, since, until) => {
      await save({
        workDays,
        from,
        to,
        days: Object.entries(exceptions).map(([day, isWorking]) => ({ day, isWorking, name: '' })),
      })
      const calendar: WorkCalendar = { timeZone: 'Europe/Moscow', workDays, from, to, exceptions }
      const row = await selectRow<{ hours: number }>(world.orm.em.fork(), sql`select working_hours(${since}, ${until}) as hours`)
      assert.ok(Math.abs(row!.hours - workingHours(since, until, calendar)) < 1e-6)
    }),
    { numRuns: 60 },
  )
})

test('a deadline is the first instant by which the hours have gone', () => {
  fc.assert(
    fc.property(calendars, instants, fc.integer({ min: 1, max: 200 }), (given, since, hours) => {
      const calendar = { timeZone: 'Europe/Moscow', ...given }
      const deadline = deadlineOf(since, hours, calendar)
      assert.ok(Math.abs(workingHours(since, deadline, calendar) - hours) < 1e-6)
      assert.ok(workingHours(since, new Date(deadline.getTime() - 60_000), calendar) < hours)
    }),
  )
  assert.deepEqual(deadlineOf(new Date('2026-01-01T00:00:00Z'), 5, null), new Date('2026-01-01T05:00:00Z'))
})

test('more hours than the limit have gone by just where something began before the instant for it', () => {
  fc.assert(
    fc.property(calendars, instants, fc.integer({ min: 0, max: 200 }), instants, (given, now, hours, began) => {
      const calendar = { timeZone: 'Europe/Moscow', ...given }
      const instant = overdueBefore(now, hours, calendar)
      assert.ok(instant <= now)
      const gone = workingHours(began, now, calendar)
      if (Math.abs(gone - hours) > 1e-6) assert.equal(gone > hours, began < instant)
      const anyone = workingHours(new Date(now.getTime() - 3000 * 86_400_000), now, calendar) > hours
      if (anyone) assert.ok(Math.abs(workingHours(instant, now, calendar) - hours) < 1e-6)
      if (anyone) assert.ok(workingHours(new Date(instant.getTime() - 60_000), now, calendar) > hours)
    }),
  )
  assert.deepEqual(overdueBefore(new Date('2026-01-01T05:00:00Z'), 5, null), new Date('2026-01-01T00:00:00Z'))
})

test('with working time switched on a deal is overdue by working hours, in the card, the list and the funnel alike', async () => {
  await save({ limitsInWorkingTime: false, workDays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00', days: [] })
  // Friday noon; the first status may last 48 hours.
  const { deal } = await world.newDeal('mira')
  world.clock.advance({ days: 3 })
  const overdue = async () => {
    const organization = (await readOrganization(world.orm.em.fork()))!
    const session = { ...world.as('ada'), organization }
    const list = await listDeals(session, ListDeals.parse({ overdue: '1' }))
    const funnel = await showFunnel(session, ShowFunnel.parse({ basis: 'snapshot' }))
    assert.ok(funnel.basis === 'snapshot')
    const card = presentDealCard(await showDeal(session, deal), session)
    return [card.overdue, list.rows.some((row) => row.number === deal.number), funnel.snapshot.layers[0]!.overdue]
  }
  assert.deepEqual(await overdue(), [true, true, 1])
  await save({ limitsInWorkingTime: true })
  assert.deepEqual(await overdue(), [false, false, 0], 'Friday 6 h, Monday 3 h')
  world.clock.advance({ days: 4 })
  assert.deepEqual(await overdue(), [false, false, 0], '45 hours')
  world.clock.advance({ days: 4 })
  assert.deepEqual(await overdue(), [true, true, 1])
  await save({
    days: ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'].map((day) => ({
      day,
      isWorking: false,
      name: 'Отпуск',
    })),
  })
  assert.deepEqual(await overdue(), [false, false, 0])
})

test('of two who save at once one is told; a day that ends before it begins is refused; only administrators may', async () => {
  const seen = await showCalendar(world.as('ada'))
  const input = { ...seen, workDays: [...seen.workDays], days: [...seen.days] }
  await saveCalendar(world.as('ada'), { ...input, to: '17:00' })
  await refused(saveCalendar(world.as('ada'), input), 'version_stale')
  await refused(save({ from: '18:00', to: '09:00' }), 'input_invalid')
  await refused(
    save({
      days: [
        { day: '2026-01-01', isWorking: false, name: '' },
        { day: '2026-01-01', isWorking: true, name: '' },
      ],
    }),
    'input_invalid',
  )
  await refused(showCalendar(world.as('eva')), 'forbidden')
})
