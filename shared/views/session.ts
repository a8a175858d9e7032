import type { Ability } from '../domain/permissions.ts'
import type { Locale, NamedView, Role } from './common.ts'

export type OrganizationView = {
  readonly name: string
  readonly timeZone: string
  readonly baseCurrency: string
  /** True where one-tap demo logins are allowed. */
  readonly demo: boolean
}

/** `GET /api/session`. */
export type SessionView = {
  readonly employee: NamedView & {
    readonly login: string
    readonly role: Role
    readonly department: NamedView | null
    readonly locale: Locale
  }
  readonly organization: OrganizationView
  /** What the employee may do at all; what he may do with one deal stands on the deal card. */
  readonly abilities: readonly Ability[]
  /** The dashboard that the employee begins with; null: where his role begins. */
  readonly startBoard: { readonly id: string; readonly name: string } | null
  readonly telegram: {
    readonly mode: 'webhook' | 'polling' | 'demo' | 'off'
    /** `@name` of the bot, null when it is off. */
    readonly botUsername: string | null
    readonly linked: boolean
  }
}

/** `GET /api/login-options`, the only answer that a stranger gets. */
export type LoginOptionsView = {
  readonly organizationName: string
  readonly demo: boolean
  /** One demo person per role; empty when demo logins are off. */
  readonly demoPeople: readonly { readonly role: Role; readonly name: string; readonly position: string }[]
}

/** `GET /api/session/list`: where the employee is logged in. */
export type LoginSessionView = {
  readonly id: number
  readonly current: boolean
  readonly userAgent: string
  readonly createdAt: string
  readonly lastSeenAt: string
}

/** `POST /api/telegram/link`: a one-time code, valid for 10 minutes. */
export type TelegramLinkView = { readonly code: string; readonly startUrl: string | null; readonly expiresAt: string }
