import { redirect } from '@sveltejs/kit'
import { ApiError } from '#lib/api.ts'
import { i18n } from '#lib/i18n.svelte.ts'
import { appMessages } from '#lib/messages.ts'
import { ensureSession, loginPath } from '#lib/session.svelte.ts'
import type { LayoutLoad } from './$types'

// One static page; everything is drawn in the browser from the API.
export const ssr = false
export const prerender = false

/** A failure to learn who is logged in is returned, not thrown: an error of the root layout could not be shown inside it. */
async function askSession(): Promise<boolean | ApiError> {
  try {
    return await ensureSession()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
}

export const load: LayoutLoad = async ({ url }) => {
  document.documentElement.lang = i18n.locale
  const isLogin = url.pathname === '/login'
  const [, answer] = await Promise.all([appMessages.ready(), isLogin ? true : askSession()])
  if (answer === false) redirect(307, loginPath(`${url.pathname}${url.search}`))
  return { failure: answer instanceof ApiError ? answer : null }
}
