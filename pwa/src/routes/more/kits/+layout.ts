import { kitMessages } from '#lib/kits/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await kitMessages.ready()
}
