import { reportsMessages } from '#lib/reports/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await reportsMessages.ready()
}
