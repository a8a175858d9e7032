import { redirect } from '@sveltejs/kit'
import { session } from '#lib/session.svelte.ts'
import type { PageLoad } from './$types'

/** Everybody starts where he wished to; else who moves deals starts with the day's work, who watches starts with the funnel. */
export const load: PageLoad = async ({ parent }) => {
  await parent()
  const board = session.current?.startBoard
  if (board) redirect(307, `/boards/${board.id}`)
  redirect(307, session.role === 'manager' || session.role === 'field' ? '/today' : '/funnel')
}
