import type { OutgoingFile } from '../api/usecases/reports/deliver-reports.ts'
import { readKeptFile } from '../api/usecases/reports/keep-file.ts'
import type { Em } from '../db/orm.ts'
import { bold, line } from './html.ts'
import { readerSession } from './notices.ts'
import type { OutgoingCall } from './outgoing.ts'

/** A report that was made already, such as a scheduled one, as a message; null when its reader is no longer there, or the file is not. */
export async function renderFile(em: Em, outgoing: OutgoingFile, now: Date): Promise<OutgoingCall | null> {
  if (!(await readerSession(em, outgoing, now))) return null
  const kept = await readKeptFile(em, outgoing.fileId)
  if (!kept) return null
  const file = { source: kept.content, filename: kept.name }
  const caption = `${bold(line(outgoing.title, 200))}\n${line(outgoing.sentence, 700)}`
  const common = { chat_id: outgoing.chatId, caption, parse_mode: 'HTML' as const }
  return kept.mediaType === 'image/png'
    ? { kind: 'call', method: 'sendPhoto', args: { ...common, photo: file } }
    : { kind: 'call', method: 'sendDocument', args: { ...common, document: file } }
}
