import type { Logger } from 'pino'
import type { Orm } from '../../db/orm.ts'
import type { OrganizationSettings } from '../session.ts'
import type { Authenticated } from '../usecases/access.ts'
import type { RateLimits } from './rate-limits.ts'

/** What the HTTP door is given to work with: made once, at the start. */
export type HttpServices = {
  readonly orm: Orm
  readonly log: Logger
  /** The clock: tests bring their own. */
  readonly now: () => Date
  readonly organization: () => Promise<OrganizationSettings>
  readonly demoLogins: boolean
  /** Cookies are marked Secure when people come over https. */
  readonly publicUrl: string
  readonly limits: RateLimits
  readonly telegram: TelegramDoor
  /** Address that mail comes from; null or absent: mail is not set up. */
  readonly mailFrom?: string | null
}

/** What the HTTP door must know of the bot. */
export type TelegramDoor = {
  readonly mode: 'webhook' | 'polling' | 'demo' | 'off'
  readonly botUsername: () => string | null
  /** Needed to verify what the Mini App sends; null without a bot. */
  readonly token: string | null
}

/** What authentication leaves on a request. */
export type DoorState = { readonly authenticated: Authenticated | null; readonly byToken: boolean }
