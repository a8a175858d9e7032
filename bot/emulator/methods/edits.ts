import { isDeepStrictEqual } from 'node:util'
import type { InlineKeyboardMarkup, Message } from '@grammyjs/types'
import { badRequest } from '../refusal.ts'
import { type ChatState, type EmulatorState, findChat, findMessage, type StoredMessage } from '../state.ts'
import { type CaptionArgs, captionContent, type MediaKind, mediaContent, textContent } from './message-content.ts'
import type { MethodTable } from './method.ts'

type EditTarget = {
  chat_id?: number | string
  message_id?: number
  inline_message_id?: string
  reply_markup?: InlineKeyboardMarkup
}

const DELETABLE_SECONDS = 48 * 60 * 60
const MEDIA = ['photo', 'document', 'video', 'animation', 'audio', 'voice'] as const

export const editMethods: MethodTable = {
  editMessageText: (state, args) => {
    if (args.text === undefined) throw badRequest('unsupported', 'rich messages are not emulated')
    const stored = findEditable(state, args)
    if (stored.message.text === undefined) throw badRequest('state', 'there is no text in the message to edit')
    return edit(state, stored, args, ['text', 'entities'], textContent(args.text, args.parse_mode, args.entities))
  },
  editMessageCaption: (state, args) => {
    const stored = findEditable(state, args)
    if (!hasMedia(stored)) throw badRequest('state', 'there is no caption in the message to edit')
    return edit(state, stored, args, ['caption', 'caption_entities'], captionContent(args))
  },
  editMessageMedia: (state, args) => {
    const stored = findEditable(state, args)
    if (!hasMedia(stored)) throw badRequest('state', 'there is no media in the message to edit')
    const content = {
      ...captionContent(args.media as CaptionArgs),
      ...mediaContent(state, args.media.type as MediaKind, args.media.media as string),
    }
    return edit(state, stored, args, [...MEDIA, 'caption', 'caption_entities'], content)
  },
  editMessageReplyMarkup: (state, args) => edit(state, findEditable(state, args), args, [], {}),
  deleteMessage: (state, args) => {
    const chat = findChat(state, args.chat_id)
    const stored = findMessage(chat, args.message_id)
    if (!stored) throw badRequest('state', 'message to delete not found')
    remove(state, chat, stored)
    return true
  },
  deleteMessages: (state, args) => {
    if (args.message_ids.length < 1 || args.message_ids.length > 100)
      throw badRequest('limit', 'message_ids must have 1-100 items')
    const chat = findChat(state, args.chat_id)
    for (const id of args.message_ids) {
      const stored = findMessage(chat, id)
      if (stored) remove(state, chat, stored)
    }
    return true
  },
  pinChatMessage: (state, args) => {
    const chat = findChat(state, args.chat_id)
    if (!findMessage(chat, args.message_id)) throw badRequest('state', 'message to pin not found')
    chat.pinned = [...chat.pinned.filter((id) => id !== args.message_id), args.message_id]
    return true
  },
  unpinChatMessage: (state, args) => {
    const chat = findChat(state, args.chat_id)
    chat.pinned = chat.pinned.filter((id) => id !== (args.message_id ?? chat.pinned.at(-1)))
    return true
  },
}

function hasMedia(stored: StoredMessage): boolean {
  return MEDIA.some((field) => stored.message[field] !== undefined)
}

function findEditable(state: EmulatorState, target: EditTarget): StoredMessage {
  if (target.inline_message_id !== undefined) throw badRequest('unsupported', 'messages sent inline are not emulated')
  if (target.chat_id === undefined || target.message_id === undefined) {
    throw badRequest('schema', 'message identifier is not specified')
  }
  const stored = findMessage(findChat(state, target.chat_id), target.message_id)
  if (!stored) throw badRequest('state', 'message to edit not found')
  if (!stored.fromBot) throw badRequest('state', "message can't be edited")
  return stored
}

/** Replaces `fields` by `content`; a missing keyboard takes the old one away, as Telegram does. */
function edit(
  state: EmulatorState,
  stored: StoredMessage,
  target: EditTarget,
  fields: readonly (keyof Message)[],
  content: Partial<Message>,
): Message {
  const rest = { ...stored.message }
  for (const field of [...fields, 'reply_markup'] as const) delete rest[field]
  const keyboard = target.reply_markup?.inline_keyboard.length ? { reply_markup: target.reply_markup } : {}
  const changed = { ...rest, ...content, ...keyboard } as Message
  if (isDeepStrictEqual(changed, stored.message)) {
    throw badRequest(
      'state',
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  }
  stored.message = { ...changed, edit_date: Math.floor(state.clock.now() / 1000) } as Message
  state.changes.emit('change', { kind: 'edit', chatId: stored.message.chat.id, stored })
  return stored.message
}

function remove(state: EmulatorState, chat: ChatState, stored: StoredMessage): void {
  const age = state.clock.now() / 1000 - stored.message.date
  if (age > DELETABLE_SECONDS) throw badRequest('state', "message can't be deleted for everyone")
  stored.deleted = true
  state.changes.emit('change', { kind: 'delete', chatId: chat.chat.id, stored })
}
