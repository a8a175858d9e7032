import { goto } from '$app/navigation'
import type { Ability } from '../../../shared/domain/permissions.ts'
import type { Locale, Role } from '../../../shared/views/common.ts'
import type { SessionView } from '../../../shared/views/session.ts'
import { ApiError, getKept, recallAnswer, request, whenUnauthorized } from './api.ts'
import { i18n } from './i18n.svelte.ts'
import { forgetAll } from './kept.ts'

let current = $state<SessionView | null>(null)

export const session = {
  /** Who is logged in; null only on the login screen. */
  get current(): SessionView | null {
    return current
  },
  can(ability: Ability): boolean {
    return current?.abilities.includes(ability) ?? false
  },
  get role(): Role | null {
    return current?.employee.role ?? null
  },
  get timeZone(): string {
    return current?.organization.timeZone ?? 'Europe/Moscow'
  },
  get currency(): string {
    return current?.organization.baseCurrency ?? 'RUB'
  },
}

/** Login screen that comes back to where the person was going. */
export function loginPath(target: string): string {
  return target === '/' || target.startsWith('/login') ? '/login' : `/login?next=${encodeURIComponent(target)}`
}

/** Only a path of this app may be the target: never `//host` or a scheme. */
export function safeTarget(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/'
}

whenUnauthorized(() => {
  if (location.pathname === '/login') return
  const target = `${location.pathname}${location.search}`
  current = null
  void forgetAll().then(() => goto(loginPath(target)))
})

async function begin(view: SessionView): Promise<void> {
  current = view
  if (view.employee.locale !== i18n.locale) await i18n.choose(view.employee.locale)
}

/**
 * The session of the cookie, read once per page load; without a network the last known one.
 * @returns false when nobody is logged in.
 */
export async function ensureSession(): Promise<boolean> {
  if (current) return true
  try {
    await begin((await getKept<SessionView>('/api/session', { toLogin: false })).data)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return false
    const kept = await recallAnswer<SessionView>('/api/session')
    if (!kept) throw error
    await begin(kept.data)
    return true
  }
}

/** Reads the session anew, after something of it was changed. */
export async function refreshSession(): Promise<void> {
  current = (await getKept<SessionView>('/api/session')).data
}

/** @throws ApiError `login_failed`, `demo_login_off`, 429. */
export async function logIn(
  door: { readonly login: string; readonly password: string } | { readonly role: Role },
): Promise<void> {
  const path = 'role' in door ? '/api/session/demo' : '/api/session'
  const chosenLocale = i18n.isChosen ? i18n.locale : null
  await forgetAll()
  let { data } = await request<SessionView>('POST', path, { body: door, toLogin: false })
  // A language chosen on the login screen is the newer wish than the one in the profile.
  if (chosenLocale && chosenLocale !== data.employee.locale) data = await patchLocale(chosenLocale)
  await begin(data)
}

async function patchLocale(locale: Locale): Promise<SessionView> {
  return (await request<SessionView>('PATCH', '/api/session', { body: { locale } })).data
}

/** Switches the app and the employee's language, the bot's included. */
export async function chooseLocale(locale: Locale): Promise<void> {
  await i18n.choose(locale)
  if (current) current = await patchLocale(locale)
}

export async function logOut(): Promise<void> {
  await request('DELETE', '/api/session', { toLogin: false })
  current = null
  await forgetAll()
  await goto('/login')
}
