import { boardsMessages } from '#lib/boards/messages.ts'
import { dealMessages } from '#lib/deal/messages.ts'
import { moreMessages } from '#lib/deal/more/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([boardsMessages.ready(), moreMessages.ready(), dealMessages.ready()])
}
