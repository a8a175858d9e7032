import { SaveCalendar } from '../../../shared/schemas/calendar.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import type { WorkCalendarView } from '../../../shared/views/processes.ts'
import { saveCalendar, showCalendar } from '../../usecases/work-calendar.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: WorkCalendarView) => view.version
const asItIs = (view: WorkCalendarView) => view

export const calendarRoutes: readonly Route[] = [
  endpoint('GET', '/calendar', NoInput, showCalendar, asItIs, { summary: 'Working hours and the days that differ', version }),
  endpoint('PUT', '/calendar', SaveCalendar, saveCalendar, asItIs, { summary: 'Save the working time as a whole', version }),
]
