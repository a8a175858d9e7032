import { redirect } from '@sveltejs/kit'
import { session } from '#lib/session.svelte.ts'
import type { PageLoad } from './$types'

/** Who moves deals starts with the day's work, who watches starts with the funnel. */
export const load: PageLoad = async ({ parent }) => {
  await parent()
  redirect(307, session.role === 'manager' || session.role === 'field' ? '/today' : '/funnel')
}
