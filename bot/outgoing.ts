import type { Notice } from '../api/usecases/chat/notify-deal-event.ts'
import type { WorkNotice } from '../api/usecases/chat/notify-work.ts'
import type { OutgoingFile } from '../api/usecases/reports/deliver-reports.ts'
import type { Locale } from '../shared/views/common.ts'
import type { ReportChoice } from './report-choice.ts'
import type { Args, Method } from './telegram-api.ts'

/** A call of the Bot API, ready to be made. */
export type OutgoingCall<M extends Method = Method> = {
  readonly kind: 'call'
  readonly method: M
  readonly args: Args<M>
  /** Number of the deal that the message shows. */
  readonly card?: number
}

/** Methods that may be repeated when nobody knows whether they were done. */
export const repeatable: ReadonlySet<Method> = new Set<Method>([
  'editMessageText',
  'editMessageReplyMarkup',
  'setMessageReaction',
  'deleteMessage',
])

/** A report: made when it is sent, for the reader as he is then, of the figures as they were at `asOf` (ISO 8601). */
export type OutgoingReport = {
  readonly kind: 'report'
  readonly chatId: number
  readonly employeeId: number
  readonly choice: ReportChoice
  readonly asOf: string
  /** For the apology, should it fail. */
  readonly locale: Locale
}

/** What features send: the sender does more, such as uploads, when it has made a report. */
type SentByFeatures = 'sendMessage' | 'editMessageText' | 'setMessageReaction' | 'deleteMessage'

export type Outgoing =
  | { [M in SentByFeatures]: OutgoingCall<M> }[SentByFeatures]
  | Notice
  | WorkNotice
  | OutgoingReport
  | OutgoingFile
