import type { Message, MessageEntity, ReplyParameters } from '@grammyjs/types'
import { pushBounded } from '../bounded.ts'
import { badRequest } from '../refusal.ts'
import {
  addMessage,
  botAsUser,
  type ChatState,
  type EmulatorState,
  findChat,
  findMessage,
  findWritableChat,
  type StoredMessage,
} from '../state.ts'
import { type CaptionArgs, captionContent, type MediaKind, mediaContent, textContent } from './message-content.ts'
import type { Args, MethodTable } from './method.ts'

type Markup = NonNullable<Args<'sendMessage'>['reply_markup']>
type SendArgs = {
  chat_id: number | string
  disable_notification?: boolean
  protect_content?: boolean
  message_thread_id?: number
  reply_parameters?: ReplyParameters
  reply_to_message_id?: number
  reply_markup?: Markup
}

export const messageMethods: MethodTable = {
  sendMessage: (state, args) => send(state, args, () => textContent(args.text, args.parse_mode, args.entities)).message,
  sendPhoto: (state, args) => sendMedia(state, args, 'photo', args.photo),
  sendDocument: (state, args) => sendMedia(state, args, 'document', args.document),
  sendVideo: (state, args) => sendMedia(state, args, 'video', args.video),
  sendAnimation: (state, args) => sendMedia(state, args, 'animation', args.animation),
  sendAudio: (state, args) => sendMedia(state, args, 'audio', args.audio),
  sendVoice: (state, args) => sendMedia(state, args, 'voice', args.voice),
  sendMediaGroup: (state, args) => {
    if (args.media.length < 2 || args.media.length > 10) throw badRequest('limit', 'media group must have 2-10 items')
    return args.media.map((item) =>
      sendMedia(state, { ...args, ...pickCaption(item as CaptionArgs) }, item.type as MediaKind, item.media as string),
    )
  },
  forwardMessage: (state, args) => {
    const source = findSource(state, args)
    const origin = {
      forward_origin: { type: 'user', sender_user: source.message.from!, date: source.message.date },
    } as Partial<Message>
    return send(state, args, () => ({ ...contentOf(source.message), ...origin })).message
  },
  copyMessage: (state, args) => {
    const source = findSource(state, args)
    const copied = send(state, args, () => ({ ...contentOf(source.message), ...captionContent(args) }))
    return { message_id: copied.message.message_id }
  },
  sendChatAction: (state, args) => {
    const chat = findWritableChat(state, args.chat_id)
    pushBounded(chat.actions, { action: args.action, at: state.clock.now() }, 500)
    state.changes.emit('change', { kind: 'action', chatId: chat.chat.id, action: args.action })
    return true
  },
  setMessageReaction: (state, args) => {
    const chat = findChat(state, args.chat_id)
    const stored = findMessage(chat, args.message_id)
    if (!stored) throw badRequest('state', 'message to react not found')
    if ((args.reaction ?? []).length > 1) throw badRequest('limit', 'REACTIONS_TOO_MANY')
    stored.botReactions = [...(args.reaction ?? [])]
    state.changes.emit('change', { kind: 'reaction', chatId: chat.chat.id, stored })
    return true
  },
}

function sendMedia(
  state: EmulatorState,
  args: SendArgs & CaptionArgs,
  kind: MediaKind,
  source: Parameters<typeof mediaContent>[2],
) {
  return send(state, args, () => ({ ...captionContent(args), ...mediaContent(state, kind, source) })).message
}

/** Finds the chat, then reads the content, so that a blocked chat stores no file; then adds the message with its keyboard. */
function send(state: EmulatorState, args: SendArgs, readContent: () => Partial<Message>): StoredMessage {
  const chat = findWritableChat(state, args.chat_id)
  const reply = findReply(chat, args)
  const content = readContent()
  const markup = args.reply_markup
  const stored = addMessage(
    state,
    chat,
    botAsUser(state),
    {
      ...(args.message_thread_id === undefined ? {} : { message_thread_id: args.message_thread_id }),
      ...(reply ? { reply_to_message: reply } : {}),
      ...content,
      ...(args.protect_content ? { has_protected_content: true } : {}),
      ...(markup && 'inline_keyboard' in markup && markup.inline_keyboard.length > 0 ? { reply_markup: markup } : {}),
    } as Partial<Message>,
    { silent: args.disable_notification === true, forceReply: readForceReply(markup) },
  )
  applyKeyboard(state, chat, markup)
  return stored
}

function findReply(chat: ChatState, args: SendArgs): Message['reply_to_message'] {
  const wanted = args.reply_parameters?.message_id ?? args.reply_to_message_id
  if (wanted === undefined) return undefined
  const stored = findMessage(chat, wanted)
  if (!stored && !args.reply_parameters?.allow_sending_without_reply) throw badRequest('state', 'message to be replied not found')
  if (!stored) return undefined
  const { reply_to_message: _, ...message } = stored.message
  return message as Message['reply_to_message']
}

function readForceReply(markup: Markup | undefined): StoredMessage['forceReply'] {
  if (markup === undefined || !('force_reply' in markup) || !markup.force_reply) return undefined
  return 'input_field_placeholder' in markup && markup.input_field_placeholder
    ? { placeholder: markup.input_field_placeholder }
    : {}
}

function applyKeyboard(state: EmulatorState, chat: ChatState, markup: Markup | undefined): void {
  if (markup === undefined || (!('keyboard' in markup) && !('remove_keyboard' in markup))) return
  const rows =
    'keyboard' in markup ? markup.keyboard.map((row) => row.map((key) => (typeof key === 'string' ? key : key.text))) : []
  chat.keyboard = 'keyboard' in markup ? { rows, oneTime: markup.one_time_keyboard === true } : undefined
  state.changes.emit('change', { kind: 'keyboard', chatId: chat.chat.id })
}

function findSource(state: EmulatorState, args: { from_chat_id: number | string; message_id: number }): StoredMessage {
  const source = findMessage(findChat(state, args.from_chat_id), args.message_id)
  if (!source) throw badRequest('state', 'message to forward not found')
  return source
}

const CONTENT = [
  'text',
  'entities',
  'caption',
  'caption_entities',
  'photo',
  'document',
  'video',
  'animation',
  'audio',
  'voice',
] as const

function contentOf(message: Message): Partial<Message> {
  return Object.fromEntries(CONTENT.flatMap((field) => (message[field] === undefined ? [] : [[field, message[field]]])))
}

function pickCaption(item: CaptionArgs): CaptionArgs {
  return { caption: item.caption, parse_mode: item.parse_mode, caption_entities: item.caption_entities as MessageEntity[] }
}
