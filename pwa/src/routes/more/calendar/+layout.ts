import { calendarMessages } from '#lib/calendar/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await calendarMessages.ready()
}
