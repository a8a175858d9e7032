import { dealMessages } from '#lib/deal/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await dealMessages.ready()
}
