/** Pieces of JSON that several answers of the API share. Times are ISO 8601 with offset, days `YYYY-MM-DD`. */

/** A sum: integer minor units (kopecks for RUB) of an ISO 4217 currency. */
export type MoneyView = { readonly amountMinor: number; readonly currency: string }

/** A page of a list; `nextCursor` is null on the last page, `total` counts the whole list, not the page. */
export type PageView<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null; readonly total: number }

/** Anything with an id and a name in the caller's language. */
export type NamedView = { readonly id: number; readonly name: string }

/** Dictionary entry that also has a stable code, used in URLs. */
export type CodedView = NamedView & { readonly code: string }

export type Phase = 'presale' | 'sale' | 'delivery' | 'support' | 'renewal'
export type StatusCategory = 'open' | 'paused' | 'lost'
export type Role = 'admin' | 'executive' | 'head' | 'manager' | 'field'
export type Locale = 'ru' | 'en'

/** A status as it stands beside a deal or a funnel layer. `step` is its place 1..8 on the ramp, null for lost. */
export type StatusRefView = CodedView & {
  readonly rank: number
  readonly phase: Phase
  readonly category: StatusCategory
  readonly isWon: boolean
  readonly step: number | null
  /** The place chosen for it; absent where `step` follows the order. */
  readonly colour?: number
}

/** The body of every refused request. */
export type ErrorView = { readonly error: { readonly code: string; readonly message: string; readonly details?: unknown } }
