import { processMessages } from '#lib/process/messages.ts'
import { typeMessages } from '#lib/types/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([typeMessages.ready(), processMessages.ready()])
}
