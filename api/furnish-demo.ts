import type { Em } from '../db/orm.ts'
import { person } from '../db/seeds/demo-people.ts'
import { CreateDashboard, type CreateDashboardInput } from '../shared/schemas/dashboards.ts'
import { CreateSchedule } from '../shared/schemas/reports.ts'
import type { Session } from './session.ts'
import { createDashboard, editDashboard } from './usecases/dashboards.ts'
import { keepForecasts } from './usecases/funnel/forecast-copies.ts'
import { recallForecasts } from './usecases/funnel/forecast-past.ts'
import { createSchedule } from './usecases/reports/schedules.ts'
import { systemSession } from './usecases/rules/system-session.ts'

/** So many weeks of forecasts, two ended quarters with the time before them. */
const weeksBack = 34

/** What the executive looks at on Mondays. */
const board: CreateDashboardInput = CreateDashboard.parse({
  name: 'К понедельнику',
  cards: [
    { id: 'funnel', kind: 'funnel', size: 'wide', words: { period: 'quarter' } },
    { id: 'forecast', kind: 'forecast', words: { forecast: 'quarter' } },
    { id: 'stuck', kind: 'deals', title: 'Стоят в предложении', layer: 'proposal', part: 'open', words: {} },
    { id: 'trend', kind: 'trend', size: 'wide', words: { period: 'last12' } },
    { id: 'won', kind: 'departments', words: { period: 'quarter' } },
  ],
})

/**
 * Gives a demo company that was just loaded what people make of the program in time: weekly copies of its forecasts, a dashboard that its
 * executive shares, and her weekly report, which goes to her own chat alone.
 */
export async function furnishDemo(em: Em, now: Date): Promise<void> {
  await keepForecasts(em, now)
  await em.transactional(async (inside) => {
    const system = await systemSession(inside, now)
    if (!system) return
    await recallForecasts(system, weeksBack)
    const { id, name, role, departmentId } = person('vlasova')
    const session: Session = { ...system, actor: { id, name, role, departmentId }, door: 'web' }
    const { dashboard } = await createDashboard(session, board)
    await editDashboard(session, { id: dashboard.id, version: dashboard.version, shared: true })
    const schedule = CreateSchedule.parse({
      name: 'Воронка за неделю',
      query: {},
      period: 'lastWeek',
      format: 'pack',
      locale: 'ru',
      rhythm: { kind: 'weekly', weekdays: [1] },
      time: '08:30',
      timeZone: system.organization.timeZone,
      emails: [],
      employeeIds: [id],
    })
    await createSchedule(session, schedule, false)
  })
}
