import { documentMessages } from '#lib/deal/documents/messages.ts'
import { dealMessages } from '#lib/deal/messages.ts'
import { workMessages } from '#lib/work/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([dealMessages.ready(), documentMessages.ready(), workMessages.ready()])
}
