import { noticesMessages } from '#lib/notices/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await noticesMessages.ready()
}
