import { currencyMessages } from '#lib/currencies/messages.ts'
import type { LayoutLoad } from './$types'

export const load: LayoutLoad = async ({ parent }) => {
  await parent()
  await currencyMessages.ready()
}
