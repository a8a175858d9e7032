import { processMessages } from '#lib/process/messages.ts'
import { statusMessages } from '#lib/statuses/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([statusMessages.ready(), processMessages.ready()])
}
