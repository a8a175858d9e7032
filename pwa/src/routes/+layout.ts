import { redirect } from '@sveltejs/kit'
import { i18n } from '#lib/i18n.svelte.ts'
import { appMessages } from '#lib/messages.ts'
import { ensureSession, loginPath } from '#lib/session.svelte.ts'
import type { LayoutLoad } from './$types'

// One static page; everything is drawn in the browser from the API.
export const ssr = false
export const prerender = false

export const load: LayoutLoad = async ({ url }) => {
  document.documentElement.lang = i18n.locale
  const isLogin = url.pathname === '/login'
  const [, isLoggedIn] = await Promise.all([appMessages.ready(), isLogin || ensureSession()])
  if (!isLoggedIn) redirect(307, loginPath(`${url.pathname}${url.search}`))
}
