import type { Message } from '@grammyjs/types'
import { largestFile, storeFile } from '../../api/usecases/files.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import type { BotKey } from '../../shared/messages/ru/bot.ts'
import { StoreFile } from '../../shared/schemas/files.ts'
import { contentOf } from '../fetched-files.ts'
import type { LinkedTurn } from '../turn.ts'

type Sent = { readonly fileId: string; readonly name: string; readonly mediaType: string; readonly size: number | undefined }
type Received =
  | { readonly ok: true; readonly id: number; readonly name: string }
  | { readonly ok: false; readonly wrong: Extract<BotKey, `fill.wrong.${string}`> }

/** Keeps what a message carries, or says why it cannot. */
export async function receiveFile(turn: LinkedTurn, message: Message): Promise<Received> {
  const sent = fileIn(turn, message)
  if (!sent) return { ok: false, wrong: 'fill.wrong.file' }
  // A bot is given no larger ones: https://core.telegram.org/bots/api#getfile
  if ((sent.size ?? 0) > largestFile) return { ok: false, wrong: 'fill.wrong.fileLarge' }
  const content = contentOf(turn, sent.fileId)
  if (content === null) return { ok: false, wrong: 'fill.wrong.fileGone' }
  if (content.length === 0) return { ok: false, wrong: 'fill.wrong.fileEmpty' }
  const described = StoreFile.safeParse({ name: sent.name, mediaType: sent.mediaType })
  const file = await storeFile(turn.session, described.data ?? StoreFile.parse({ name: 'file' }), content)
  return { ok: true, id: file.id, name: file.name }
}

function fileIn({ now, session }: LinkedTurn, { document, photo, video }: Message): Sent | null {
  const day = dayOf(now, session.organization.timeZone)
  const largest = photo?.at(-1)
  if (document) {
    const {
      file_id: fileId,
      file_name: name = 'file',
      mime_type: mediaType = 'application/octet-stream',
      file_size: size,
    } = document
    return { fileId, name, mediaType, size }
  }
  if (largest) return { fileId: largest.file_id, name: `photo-${day}.jpg`, mediaType: 'image/jpeg', size: largest.file_size }
  if (!video) return null
  const { file_id: fileId, file_name: name = `video-${day}.mp4`, mime_type: mediaType = 'video/mp4', file_size: size } = video
  return { fileId, name, mediaType, size }
}
