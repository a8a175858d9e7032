import { presentApprovals, presentTasks } from '../api/presenters/work.ts'
import type { Session } from '../api/session.ts'
import { listApprovals } from '../api/usecases/approvals/list-approvals.ts'
import { wantsNotice } from '../api/usecases/chat/notice-settings.ts'
import type { WorkNotice } from '../api/usecases/chat/notify-work.ts'
import { findTask } from '../api/usecases/tasks/list-tasks.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../shared/domain/app-error.ts'
import { dayOf } from '../shared/domain/periods.ts'
import { formatDateTime, formatMoneyShort, formatReference } from '../shared/messages/format.ts'
import { approveButton, askRejectionButton, openDealButton } from './features/deal-card.ts'
import { lessKey } from './features/notify.ts'
import { openTasksButton, setTaskButton } from './features/tasks.ts'
import { bold, line } from './html.ts'
import { issueKeyboard, type Key, type Keys, pressKey } from './keyboards.ts'
import { readerSession } from './notices.ts'
import type { OutgoingCall } from './outgoing.ts'
import { botText } from './texts.ts'

type Said = { readonly lines: readonly string[]; readonly keys: Keys }

/** Puts somebody's work in words, with keys to do it; null when it is done, another's by now, or out of his sight. */
export async function renderWork(em: Em, notice: WorkNotice, now: Date): Promise<OutgoingCall | null> {
  const session = await readerSession(em, notice, now)
  const isTold = session !== null && (await wantsNotice(em, notice.employeeId, notice.work.kind))
  const said = isTold && (await sayWork(session, notice))
  if (!said) return null
  const reply_markup = await issueKeyboard(em, notice, said.keys, now)
  const args = { chat_id: notice.chatId, text: said.lines.join('\n'), parse_mode: 'HTML' as const, reply_markup }
  return { kind: 'call', method: 'sendMessage', args, card: notice.dealNumber }
}

async function sayWork(session: Session, notice: WorkNotice): Promise<Said | null> {
  try {
    return notice.work.kind === 'approval' ? await sayApproval(session, notice) : await sayTask(session, notice)
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  }
}

async function sayTask(session: Session, { work, actorName, dealNumber }: WorkNotice): Promise<Said | null> {
  if (work.kind === 'approval') return null
  const row = await findTask(session, work.taskId)
  const [task] = presentTasks({ rows: [row], total: 1 }, session).items
  if (task?.state !== 'open' || task.assignee.id !== session.actor.id) return null
  const t = botText(session.locale)
  const { timeZone } = session.organization
  const year = Number(dayOf(session.now, timeZone).slice(0, 4))
  const due = task.dueAt === null ? null : formatDateTime(task.dueAt, timeZone, session.locale, year)
  const person = line(actorName, 100)
  const isLate = work.kind === 'overdue' && task.overdue
  if (work.kind === 'overdue' && !isLate) return null
  const head = isLate ? t('notice.taskLate') : person === '' ? t('notice.task') : t('notice.taskFrom', { person })
  const when = due === null ? [] : [isLate ? bold(t('tasks.late', { day: due })) : t('tasks.until', { day: due })]
  const { id, version, title } = task
  return {
    lines: [
      head,
      bold(line(title, 300)),
      `${formatReference(dealNumber, session.locale)} ${line(task.deal.title, 200)}`,
      ...when,
    ],
    keys: [
      [
        pressKey(t('key.taskDone'), setTaskButton, { id, version, state: 'done' }, 'success'),
        pressKey(t('key.tasks'), openTasksButton, {}),
      ],
      [openKey(session, dealNumber), lessKey(session.locale, work.kind)],
    ],
  }
}

async function sayApproval(session: Session, { work, dealNumber }: WorkNotice): Promise<Said | null> {
  if (work.kind !== 'approval') return null
  const { items } = presentApprovals(await listApprovals(session), session)
  const asked = items.find(({ run, stage, role }) => run.id === work.runId && stage.id === work.stageId && role === work.role)
  if (!asked) return null
  const t = botText(session.locale)
  const { deal, run, stage, role } = asked
  const decision = { number: deal.number, version: deal.version, run: run.id, stage: stage.code, role }
  const money = formatMoneyShort(deal.amount.amountMinor, deal.amount.currency, session.locale)
  return {
    lines: [
      t('notice.approval', { stage: line(stage.name, 80) }),
      bold(line(deal.title, 200)),
      `${formatReference(deal.number, session.locale)}${deal.counterparty ? ` · ${line(deal.counterparty, 80)}` : ''} · ${bold(money)}`,
      t('card.owner', { name: line(deal.owner.name, 100) }),
    ],
    keys: [
      [
        pressKey(t('key.approve', { stage: stage.name }), approveButton, { ...decision, approved: true }, 'success'),
        pressKey(t('key.reject'), askRejectionButton, decision, 'danger'),
      ],
      [openKey(session, dealNumber), lessKey(session.locale, work.kind)],
    ],
  }
}

function openKey({ locale }: Session, number: number): Key {
  return pressKey(botText(locale)('key.openCard'), openDealButton, { number })
}
