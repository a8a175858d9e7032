import type { Rhythm, SchedulePeriod } from '../domain/schedule.ts'
import type { Locale, NamedView } from './common.ts'
import type { PartFigures } from './funnel.ts'

export type ReportSlice = 'type' | 'department' | 'employee'

/** A cohort funnel cut by one slice: a row for each value that has deals, the largest first; the rows add up to the funnel. */
export type ReportSliceView = {
  readonly by: ReportSlice
  readonly rows: readonly ReportSliceRowView[]
}

export type ReportSliceRowView = NamedView & {
  /** As the address of a question names it. */
  readonly word: string
  readonly deals: number
  readonly amountMinor: number
  readonly won: number
  readonly wonAmountMinor: number
  readonly lost: number
  /** Of each layer of the funnel, in its order: the deals that reached it. */
  readonly reached: readonly number[]
  /** Of the layer that the report speaks of (the bottleneck, else the narrowest); null where there is none. */
  readonly loud: {
    readonly figures: PartFigures
    readonly amountMinor: PartFigures
    /** Share 0..1, null where nothing is resolved. */
    readonly resolved: number | null
    /** The Wilson upper bound of it lies below the layer's. */
    readonly worse: boolean
  } | null
}

/** `pack`: a PDF of several pages, for a meeting. */
export type ReportFormatView = 'pdf' | 'pack' | 'xlsx' | 'png'

/** A link that shows one report, as it was when the link was made, to whoever has it, until it expires. */
export type ShareView = {
  readonly id: number
  readonly title: string
  readonly format: ReportFormatView
  readonly asOf: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly state: 'open' | 'expired' | 'revoked'
  readonly owner: NamedView
  /** How many times it was opened, and when last. */
  readonly opened: number
  readonly openedAt: string | null
}
/** Told once, when the link is made: later only its hash is known. */
export type NewShareView = ShareView & { readonly url: string }

/** Whether reports can go by mail from here; without SMTP_URL they cannot. */
export type MailView = { readonly ready: boolean; readonly from: string | null }

export type ScheduleView = {
  readonly id: number
  readonly name: string
  readonly owner: NamedView
  /** As in an address, without days. */
  readonly query: Readonly<Record<string, unknown>>
  readonly period: SchedulePeriod
  readonly format: ReportFormatView
  readonly locale: Locale
  readonly rhythm: Rhythm
  readonly time: string
  readonly timeZone: string
  readonly emails: readonly string[]
  readonly employees: readonly (NamedView & { readonly linked: boolean })[]
  readonly active: boolean
  /** Null while it is paused. */
  readonly nextDueAt: string | null
  /** The newest delivery, null before the first. */
  readonly last: { readonly at: string; readonly failed: number; readonly waiting: number; readonly sent: number } | null
  readonly version: number
}

export type DeliveryView = {
  readonly id: number
  readonly title: string
  readonly format: ReportFormatView
  /** An address, or the name of who gets it in Telegram. */
  readonly to: string
  readonly channel: 'email' | 'telegram'
  readonly state: 'waiting' | 'sent' | 'failed'
  readonly orderedAt: string
  readonly dueAt: string | null
  readonly sentAt: string | null
  readonly attempts: number
  /** When it is tried again; null when it is not. */
  readonly nextTryAt: string | null
  readonly error: string | null
}
