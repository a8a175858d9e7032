import type { NoticesKey } from '../ru/notices.ts'

/** Names of what a person is told of in Telegram, in the chat and in the app. */
export const noticesEn = {
  'topic.task': 'A new task for me',
  'topic.overdue': 'My task is overdue',
  'topic.approval': 'Waiting for my decision',
  'topic.given': 'A deal is given to me',
  'topic.comment': 'A comment on my deal',
  'topic.decision': 'A decision on my deal',
  'topic.payment': 'A payment on my deal',
  'topic.moved': 'A colleague moved my deal',
  'topic.rule': 'Rules of the company',
  'topic.report': 'Reports from colleagues',
  'quiet.none': 'none',
  'quiet.span': '{from} to {to}',
} as const satisfies Record<NoticesKey, string>
