import type { Document, Message, MessageEntity, PhotoSize } from '@grammyjs/types'
import { formatText } from '../formatted-text.ts'
import { assertFile, assertTextLength } from '../limits.ts'
import { pictureSize } from '../picture-size.ts'
import { badRequest } from '../refusal.ts'
import type { EmulatorState } from '../state.ts'
import { UploadedFile } from '../uploaded-file.ts'

export type MediaKind = 'photo' | 'document' | 'video' | 'animation' | 'audio' | 'voice'
export type CaptionArgs = { caption?: string; parse_mode?: string; caption_entities?: MessageEntity[] }

/** @returns `text` and `entities` of a message. @throws Refusal 400 when empty, too long or badly marked up. */
export function textContent(
  text: string,
  parseMode: string | undefined,
  entities: MessageEntity[] | undefined,
): Partial<Message> {
  const formatted = formatText(text, parseMode, entities)
  if (formatted.text === '') throw badRequest('limit', 'message text is empty')
  assertTextLength('text', formatted.text)
  return { text: formatted.text, ...(formatted.entities.length > 0 ? { entities: formatted.entities } : {}) }
}

/** The same for a caption; an empty one gives nothing. */
export function captionContent(args: CaptionArgs): Partial<Message> {
  if (args.caption === undefined) return {}
  const formatted = formatText(args.caption, args.parse_mode, args.caption_entities)
  assertTextLength('caption', formatted.text)
  if (formatted.text === '') return {}
  return { caption: formatted.text, ...(formatted.entities.length > 0 ? { caption_entities: formatted.entities } : {}) }
}

/**
 * The field of a message that holds a file; an upload is stored, a text is the id of a file sent before.
 * @throws Refusal 400 for a file Telegram would not take and for addresses, which the emulator never fetches
 */
export function mediaContent(state: EmulatorState, kind: MediaKind, source: UploadedFile | string): Partial<Message> {
  if (typeof source === 'string' && /^https?:/.test(source))
    throw badRequest('unsupported', 'the emulator does not fetch addresses')
  if (source instanceof UploadedFile) assertFile(kind, source)
  const file = typeof source === 'string' ? state.files.find(source) : state.files.add(source, `${kind}s`)
  const common = { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.bytes.length }
  if (kind === 'photo') {
    const size = pictureSize(file.bytes) ?? { width: 0, height: 0 }
    return { photo: [{ ...common, ...size } satisfies PhotoSize] }
  }
  const named = { ...common, file_name: file.name, mime_type: mimeType(file.name, file.type) }
  if (kind === 'document') return { document: named satisfies Document }
  const size = { width: 320, height: 320, duration: 1 }
  if (kind === 'animation') return { animation: { ...named, ...size }, document: named }
  if (kind === 'video') return { video: { ...named, ...size } }
  if (kind === 'audio') return { audio: { ...named, duration: 1 } }
  return { voice: { ...common, mime_type: 'audio/ogg', duration: 1 } }
}

const MIME_TYPES: Record<string, string> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  csv: 'text/csv',
  txt: 'text/plain',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  zip: 'application/zip',
}

function mimeType(name: string, given: string): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  return given === 'application/octet-stream' ? (MIME_TYPES[extension] ?? given) : given
}
