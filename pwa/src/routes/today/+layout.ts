import { dealMessages } from '#lib/deal/messages.ts'
import { workMessages } from '#lib/work/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([dealMessages.ready(), workMessages.ready()])
}
