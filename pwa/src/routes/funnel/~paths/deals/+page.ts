import { travelMessages } from '#lib/travel/messages.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent }) => {
  await parent()
  await travelMessages.ready()
}
