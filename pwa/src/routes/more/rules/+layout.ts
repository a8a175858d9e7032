import { previewMessages } from '#lib/preview/messages.ts'
import { processMessages } from '#lib/process/messages.ts'
import { ruleMessages } from '#lib/rules/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([ruleMessages.ready(), previewMessages.ready(), processMessages.ready()])
}
