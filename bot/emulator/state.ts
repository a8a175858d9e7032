import { EventEmitter } from 'node:events'
import type { BotCommand, Chat, Message, ReactionType, Update, User, UserFromGetMe } from '@grammyjs/types'
import { pushBounded } from './bounded.ts'
import type { Clock } from './clock.ts'
import { createFileStore, type FileStore } from './file-store.ts'
import { badRequest, forbidden } from './refusal.ts'
import type { UpdateQueue } from './update-queue.ts'

export type ReplyKeyboard = { rows: string[][]; oneTime: boolean }
export type StoredMessage = {
  message: Message
  fromBot: boolean
  silent: boolean
  deleted: boolean
  /** What the bot put under a message of its own or of another. */
  botReactions: ReactionType[]
  forceReply: { placeholder?: string } | undefined
}
export type ChatState = {
  chat: Chat
  messages: StoredMessage[]
  lastMessageId: number
  /** false: the person never wrote to the bot, so it may not write first. */
  started: boolean
  blocked: boolean
  keyboard: ReplyKeyboard | undefined
  actions: { action: string; at: number }[]
  pinned: number[]
}
export type CallbackAnswer = { text?: string; showAlert: boolean; url?: string }
export type QueryState = { id: string; chatId: number; userId: number; data: string; askedAt: number; answer?: CallbackAnswer }
export type InlineQueryState = { id: string; userId: number; askedAt: number; answer?: Record<string, unknown> }
/** What a watcher of chats is told; `message` for new, edited and deleted messages and reactions. */
export type Change =
  | { kind: 'message' | 'edit' | 'delete' | 'reaction'; chatId: number; stored: StoredMessage }
  | { kind: 'answer'; chatId: number; query: QueryState }
  | { kind: 'action'; chatId: number; action: string }
  | { kind: 'keyboard'; chatId: number }
  | { kind: 'commands' }

export type EmulatorState = {
  bot: UserFromGetMe
  clock: Clock
  users: Map<number, User>
  chats: Map<number, ChatState>
  files: FileStore
  queries: Map<string, QueryState>
  inlineQueries: Map<string, InlineQueryState>
  commands: Map<string, BotCommand[]>
  settings: Map<string, unknown>
  updates: UpdateQueue
  changes: EventEmitter<{ change: [Change] }>
  maxMessages: number
  firstId: number
  lastQueryId: number
}

export function createState(options: {
  bot: UserFromGetMe
  clock: Clock
  updates: UpdateQueue
  maxMessages: number
  firstId: number
  maxFileBytes: number
}): EmulatorState {
  const { maxFileBytes, ...rest } = options
  const changes = new EventEmitter<{ change: [Change] }>()
  changes.setMaxListeners(0)
  return {
    ...rest,
    changes,
    users: new Map(),
    chats: new Map(),
    files: createFileStore(options.clock, maxFileBytes),
    queries: new Map(),
    inlineQueries: new Map(),
    lastQueryId: options.firstId,
    commands: new Map(),
    settings: new Map(),
  }
}

/** The bot as others see it: without what only getMe tells. */
export function botAsUser({ bot }: EmulatorState): User {
  return { id: bot.id, is_bot: true, first_name: bot.first_name, username: bot.username }
}

export function addChat(state: EmulatorState, chat: Chat, started: boolean): ChatState {
  const added: ChatState = {
    chat,
    messages: [],
    lastMessageId: state.firstId,
    started,
    blocked: false,
    keyboard: undefined,
    actions: [],
    pinned: [],
  }
  state.chats.set(chat.id, added)
  return added
}

/** @throws Refusal 400 when the bot does not know the chat. */
export function findChat(state: EmulatorState, chatId: unknown): ChatState {
  const found =
    typeof chatId === 'string' && chatId.startsWith('@')
      ? [...state.chats.values()].find(({ chat }) => 'username' in chat && `@${chat.username}` === chatId)
      : state.chats.get(Number(chatId))
  if (!found) throw badRequest('state', 'chat not found')
  return found
}

/** @throws Refusal 403 when the person blocked the bot or never wrote to it. */
export function findWritableChat(state: EmulatorState, chatId: unknown): ChatState {
  const found = findChat(state, chatId)
  if (found.blocked) throw forbidden('bot was blocked by the user')
  if (!found.started) throw forbidden("bot can't initiate conversation with a user")
  return found
}

export function findMessage(chat: ChatState, messageId: unknown): StoredMessage | undefined {
  return chat.messages.find((stored) => stored.message.message_id === messageId && !stored.deleted)
}

/** Adds a message with the next number of its chat, forgets the oldest over the bound and tells the watchers. */
export function addMessage(
  state: EmulatorState,
  chat: ChatState,
  from: User,
  content: Partial<Message>,
  extras: Partial<StoredMessage> = {},
): StoredMessage {
  chat.lastMessageId += 1
  const message = {
    message_id: chat.lastMessageId,
    from,
    chat: chat.chat,
    date: Math.floor(state.clock.now() / 1000),
    ...content,
  } as Message
  const stored: StoredMessage = {
    message,
    fromBot: from.id === state.bot.id,
    silent: false,
    deleted: false,
    botReactions: [],
    forceReply: undefined,
    ...extras,
  }
  pushBounded(chat.messages, stored, state.maxMessages)
  state.changes.emit('change', { kind: 'message', chatId: chat.chat.id, stored })
  return stored
}

/** Queues an update for the bot; the order is kept within a chat. */
export function pushUpdate(state: EmulatorState, chatKey: string | number, update: Omit<Update, 'update_id'>): void {
  state.updates.push(String(chatKey), update)
}
