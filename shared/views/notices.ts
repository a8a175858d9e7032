import type { NoticeTopic, QuietHours } from '../domain/notices.ts'

/** `GET`, `PATCH /api/telegram/notices`. */
export type NoticeSettingsView = {
  /** All there are, in their order. */
  readonly topics: readonly { readonly topic: NoticeTopic; readonly on: boolean }[]
  /** Null: never quiet. What falls in them comes at their end. */
  readonly quiet: QuietHours | null
  /** By whose clocks. */
  readonly timeZone: string
}
