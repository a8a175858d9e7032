import { wantsNotice } from '../api/usecases/chat/notice-settings.ts'
import type { OutgoingFile } from '../api/usecases/reports/deliver-reports.ts'
import { readKeptFile } from '../api/usecases/reports/keep-file.ts'
import type { Em } from '../db/orm.ts'
import type { Locale } from '../shared/views/common.ts'
import { lessKey } from './features/notify.ts'
import { bold, line } from './html.ts'
import { issueKeyboard, type Key, pressKey } from './keyboards.ts'
import { readerSession } from './notices.ts'
import type { OutgoingCall } from './outgoing.ts'
import { showScheduleButton } from './schedule-choice.ts'
import { botText } from './texts.ts'

/** A report that was made already, such as a scheduled one, as a message; null when its reader is no longer there or wants none, or the file is not. */
export async function renderFile(em: Em, outgoing: OutgoingFile, now: Date): Promise<OutgoingCall | null> {
  const { isOwn = true, chatId, employeeId } = outgoing
  const session = await readerSession(em, outgoing, now)
  if (!session || !(isOwn || (await wantsNotice(em, employeeId, 'report')))) return null
  const kept = await readKeptFile(em, outgoing.fileId)
  if (!kept) return null
  const file = { source: kept.content, filename: kept.name }
  const caption = `${bold(line(outgoing.title, 200))}\n${line(outgoing.sentence, 700)}`
  const reply_markup = await issueKeyboard(em, { chatId, employeeId }, [keysFor(outgoing, session.locale)], now)
  const common = { chat_id: chatId, caption, parse_mode: 'HTML' as const, reply_markup }
  return kept.mediaType === 'image/png'
    ? { kind: 'call', method: 'sendPhoto', args: { ...common, photo: file } }
    : { kind: 'call', method: 'sendDocument', args: { ...common, document: file } }
}

/** To one's own schedule; of another's, no more. */
function keysFor({ isOwn = true, scheduleId }: OutgoingFile, locale: Locale): Key[] {
  if (!isOwn) return [lessKey(locale, 'report')]
  return scheduleId === undefined ? [] : [pressKey(botText(locale)('key.schedule'), showScheduleButton, { id: scheduleId })]
}
