import type { DealEventBody } from './events.ts'
import { addDays, dayOf, offsetMs } from './periods.ts'
import { instantAt } from './schedule.ts'

/** What a person is told of without having asked, in the order of the settings. */
export const noticeTopics = [
  'task',
  'overdue',
  'approval',
  'given',
  'comment',
  'decision',
  'payment',
  'moved',
  'rule',
  'report',
] as const
export type NoticeTopic = (typeof noticeTopics)[number]

/** What a person has decided; the topics that he has not named are as everybody's. */
export type NoticeChoices = { readonly [Topic in NoticeTopic]?: boolean }
/** `HH:MM` to `HH:MM`, over midnight where the first is the later; never the same. */
export type QuietHours = { readonly from: string; readonly to: string }

/** Told unless a person asks for it: news that ask nothing of him. */
const offUnlessAsked: ReadonlySet<NoticeTopic> = new Set(['moved'])

export function isWanted(choices: NoticeChoices, topic: NoticeTopic): boolean {
  return choices[topic] ?? !offUnlessAsked.has(topic)
}

/** What somebody is told of when this happens to his deal; null where he is not. */
export function topicOfEvent(body: DealEventBody): NoticeTopic | null {
  switch (body.kind) {
    case 'deal_reassigned':
      return 'given'
    case 'comment_added':
      return 'comment'
    case 'approval_given':
      return 'decision'
    case 'document_changed':
      return isDecision(body) ? 'decision' : null
    case 'payment_recorded':
      return body.voided ? null : 'payment'
    case 'stage_entered':
    case 'status_changed':
    case 'deal_lost':
    case 'deal_reopened':
      return 'moved'
    case 'rule_fired':
      return 'rule'
    default:
      return null
  }
}

/** The state was changed, to one that the owner waits for. */
function isDecision({ state, changes }: Extract<DealEventBody, { kind: 'document_changed' }>): boolean {
  return !changes && (state === 'approved' || state === 'rejected' || state === 'signed')
}

/** The end of the quiet hours in which an instant lies; null when it lies in none. */
export function quietUntil(quiet: QuietHours | null, timeZone: string, now: Date): Date | null {
  if (quiet === null) return null
  const { from, to } = quiet
  const time = new Date(now.getTime() + offsetMs(now, timeZone)).toISOString().slice(11, 16)
  const overMidnight = from > to
  const isQuiet = overMidnight ? time >= from || time < to : time >= from && time < to
  if (!isQuiet) return null
  const today = dayOf(now, timeZone)
  const end = instantAt(overMidnight && time >= from ? addDays(today, 1) : today, to, timeZone)
  return end > now ? end : null
}
