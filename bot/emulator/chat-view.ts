import type { InlineKeyboardButton, Message, MessageEntity } from '@grammyjs/types'
import type { Emulator } from './emulator.ts'
import { visibleCommands } from './methods/settings.ts'
import type { ChatState, StoredMessage } from './state.ts'

export type ButtonView = { text: string; kind: 'press' | 'link' | 'copy' | 'off'; url?: string; copy?: string; style?: string }
export type FileView = { url: string; name: string; size: number }
/** A message as the chat page draws it; times in milliseconds since 1970. What a button carries stays on the server. */
export type MessageView = {
  id: number
  mine: boolean
  at: number
  edited: boolean
  text: string
  entities: MessageEntity[]
  photo?: { url: string; width: number; height: number }
  file?: FileView
  replyTo?: { id: number; mine: boolean; text: string }
  buttons: ButtonView[][]
  reactions: string[]
  forceReply?: { placeholder?: string }
}
export type ChatSnapshot = {
  messages: MessageView[]
  keyboard: string[][]
  commands: { command: string; description: string }[]
}

export function viewChat(emulator: Emulator, chat: ChatState, base: string, language: string): ChatSnapshot {
  return {
    messages: chat.messages.filter(({ deleted }) => !deleted).map((stored) => viewMessage(stored, base)),
    keyboard: chat.keyboard?.rows ?? [],
    commands: visibleCommands(emulator.state, chat.chat.id, language),
  }
}

export function viewMessage(stored: StoredMessage, base: string): MessageView {
  const { message } = stored
  const photo = message.photo?.at(-1)
  const file = message.document ?? message.video ?? message.animation ?? message.audio ?? message.voice
  const original = message.reply_to_message as Message | undefined
  const fileUrl = (id: string) => `${base}/file/${encodeURIComponent(id)}`
  const fileName = file && 'file_name' in file ? file.file_name : undefined
  return {
    id: message.message_id,
    mine: !stored.fromBot,
    at: message.date * 1000,
    edited: message.edit_date !== undefined,
    text: message.text ?? message.caption ?? (message.contact ? `☎ ${message.contact.phone_number}` : ''),
    entities: message.entities ?? message.caption_entities ?? [],
    ...(photo ? { photo: { url: fileUrl(photo.file_id), width: photo.width, height: photo.height } } : {}),
    ...(file ? { file: { url: fileUrl(file.file_id), name: fileName ?? 'file', size: file.file_size ?? 0 } } : {}),
    ...(original ? { replyTo: viewOriginal(original, message) } : {}),
    buttons: message.reply_markup?.inline_keyboard.map((row) => row.map(viewButton)) ?? [],
    reactions: stored.botReactions.flatMap((reaction) => ('emoji' in reaction ? [reaction.emoji] : [])),
    ...(stored.forceReply ? { forceReply: stored.forceReply } : {}),
  }
}

function viewOriginal(original: Message, reply: Message): NonNullable<MessageView['replyTo']> {
  const text = original.text ?? original.caption ?? original.document?.file_name ?? ''
  const mine = original.from?.id === reply.chat.id
  return { id: original.message_id, mine, text: text.split('\n')[0]!.slice(0, 120) }
}

function viewButton(button: InlineKeyboardButton): ButtonView {
  const look = { text: button.text, ...(button.style ? { style: button.style } : {}) }
  if ('callback_data' in button) return { ...look, kind: 'press' }
  if ('url' in button) return { ...look, kind: 'link', url: button.url }
  if ('web_app' in button) return { ...look, kind: 'link', url: button.web_app.url }
  if ('copy_text' in button) return { ...look, kind: 'copy', copy: button.copy_text.text }
  return { ...look, kind: 'off' }
}
