import type { Message } from '@grammyjs/types'
import type { ChatState, StoredMessage } from './state.ts'

/**
 * A chat as text, for comparing with a kept copy: one paragraph a message with number, author, marks, text and keyboard.
 * @param last how many of the newest messages; all when not given
 */
export function dumpChat(chat: ChatState, last = chat.messages.length): string {
  const shown = chat.messages.filter((stored) => !stored.deleted).slice(-last)
  const lines = shown.map(dumpMessage)
  if (chat.keyboard) lines.push(`⌨\n${dumpRows(chat.keyboard.rows)}`)
  return `${lines.join('\n\n')}\n`
}

export function dumpMessage(stored: StoredMessage): string {
  const { message } = stored
  const marks = [
    message.reply_to_message ? `↩${message.reply_to_message.message_id}` : '',
    stored.silent ? 'silent' : '',
    message.edit_date === undefined ? '' : 'edited',
    stored.forceReply ? 'asks for a reply' : '',
    ...stored.botReactions.map((reaction) => ('emoji' in reaction ? reaction.emoji : reaction.type)),
  ].filter(Boolean)
  const author = stored.fromBot ? 'bot' : (message.from?.first_name ?? '?')
  const head = `#${message.message_id} ${author}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`
  const keyboard = message.reply_markup?.inline_keyboard.map((row) => row.map((button) => button.text)) ?? []
  return [head, dumpMedia(message), message.text ?? message.caption ?? '', dumpRows(keyboard)].filter(Boolean).join('\n')
}

function dumpMedia(message: Message): string {
  const photo = message.photo?.at(-1)
  if (photo) return `<photo ${photo.width}×${photo.height}>`
  const file = message.document ?? message.video ?? message.audio
  if (file) return `<file ${file.file_name ?? file.file_id}>`
  return message.voice ? '<voice>' : ''
}

function dumpRows(rows: string[][]): string {
  return rows.map((row) => row.map((text) => `[${text}]`).join(' ')).join('\n')
}
