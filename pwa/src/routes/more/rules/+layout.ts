import { processMessages } from '#lib/process/messages.ts'
import { ruleMessages } from '#lib/rules/messages.ts'
import { rulePreviewMessages } from '#lib/rules/preview-messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await Promise.all([ruleMessages.ready(), rulePreviewMessages.ready(), processMessages.ready()])
}
