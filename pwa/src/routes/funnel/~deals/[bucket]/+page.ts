import { outcomeMessages } from '#lib/outcomes/messages.ts'
import type { PageLoad } from './$types'

export const load: PageLoad = async ({ parent }) => {
  await parent()
  await outcomeMessages.ready()
}
