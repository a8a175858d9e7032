import type { Chat, InlineKeyboardButton, Message, User } from '@grammyjs/types'
import { setBounded } from './bounded.ts'
import { type ChatDriver, createChatDriver } from './chat-driver.ts'
import { dumpChat } from './dump.ts'
import { formatText } from './formatted-text.ts'
import { mediaContent } from './methods/message-content.ts'
import {
  addChat,
  addMessage,
  botAsUser,
  type ChatState,
  type EmulatorState,
  findMessage,
  type InlineQueryState,
  pushUpdate,
  type QueryState,
  type StoredMessage,
} from './state.ts'
import { UploadedFile } from './uploaded-file.ts'

const MAX_QUERIES = 2_000

/** Who a person is; `started: false` is somebody who never wrote to the bot, so that it may not write first. */
export type Profile = {
  id: number
  first_name?: string
  last_name?: string
  username?: string
  language_code?: string
  started?: boolean
}
/** Where a person acts: the private chat with the bot, or a group. */
export type At = { chat?: ChatDriver }
export type MessageLike = StoredMessage | Message

export type UserDriver = {
  id: number
  profile: User
  chat: ChatDriver
  send(text: string, at?: At): StoredMessage
  reply(to: MessageLike, text: string): StoredMessage
  sendDocument(name: string, bytes: Buffer, options?: At & { caption?: string; replyTo?: MessageLike }): StoredMessage
  sendPhoto(bytes: Buffer, options?: At & { caption?: string; replyTo?: MessageLike }): StoredMessage
  sendContact(phone: string, options?: { userId?: number }): StoredMessage
  edit(message: MessageLike, text: string): void
  /**
   * Presses a button by its label, or by a part of it when no label is equal: in the given message, else in the newest that has it.
   * A button of the keyboard under the input sends its text; a link gives its address and tells the bot nothing.
   */
  press(label: string, message?: MessageLike): Press
  /** A press with data no button has, or of a message of another chat: what a hostile client can send. */
  pressData(data: string, message?: MessageLike): Press
  react(message: MessageLike, emoji: string | null): void
  inlineQuery(query: string): InlineQueryState
  block(): void
  unblock(): void
}
/** `query` fills its `answer` when the bot has answered. */
export type Press = { query?: QueryState; url?: string; sent?: StoredMessage; answer(): QueryState['answer'] }

export function createUserDriver(state: EmulatorState, given: Profile): UserDriver {
  const { started = true, ...names } = given
  const user: User = { first_name: `User ${given.id}`, language_code: 'ru', ...names, is_bot: false }
  state.users.set(user.id, user)
  const { language_code: _, is_bot: __, ...chatNames } = user
  const ownChat = addChat(state, { ...chatNames, type: 'private' } as Chat, started)
  const chat = createChatDriver(ownChat)
  const chatOf = (at?: At): ChatState => (at?.chat ? state.chats.get(at.chat.id)! : ownChat)

  function post(target: ChatState, content: Partial<Message>, replyTo?: MessageLike): StoredMessage {
    if (target === ownChat) target.started = true
    if (ownChat.blocked) throw new Error(`user ${user.id} blocked the bot: unblock first`)
    const { reply_to_message: _, ...original } = replyTo ? plain(replyTo) : ({} as Message)
    const reply = replyTo ? { reply_to_message: original as Message['reply_to_message'] } : {}
    const stored = addMessage(state, target, user, { ...reply, ...content })
    if (target.keyboard?.oneTime && target === ownChat) target.keyboard = undefined
    if (reachesBot(state, target, stored.message)) pushUpdate(state, target.chat.id, { message: stored.message } as never)
    return stored
  }

  function ask(message: Message, data: string): Press {
    const query: QueryState = { id: queryId(state), chatId: message.chat.id, userId: user.id, data, askedAt: state.clock.now() }
    setBounded(state.queries, query.id, query, MAX_QUERIES)
    const chatInstance = String(message.chat.id)
    const callback_query = { id: query.id, from: user, message, chat_instance: chatInstance, data }
    pushUpdate(state, message.chat.id, { callback_query } as never)
    return { query, answer: () => query.answer }
  }

  function setBlocked(blocked: boolean): void {
    ownChat.blocked = blocked
    const member = (left: boolean) =>
      left ? { status: 'kicked', user: botAsUser(state), until_date: 0 } : { status: 'member', user: botAsUser(state) }
    const change = { chat: ownChat.chat, from: user, date: Math.floor(state.clock.now() / 1000) }
    pushUpdate(state, user.id, {
      my_chat_member: { ...change, old_chat_member: member(!blocked), new_chat_member: member(blocked) },
    } as never)
  }

  return {
    id: user.id,
    profile: user,
    chat,
    send: (text, at) => post(chatOf(at), textOf(text)),
    reply: (to, text) => post(state.chats.get(plain(to).chat.id)!, textOf(text), to),
    sendDocument: (name, bytes, options) =>
      post(
        chatOf(options),
        {
          ...captionOf(options?.caption),
          ...mediaContent(state, 'document', new UploadedFile(name, 'application/octet-stream', bytes)),
        },
        options?.replyTo,
      ),
    sendPhoto: (bytes, options) =>
      post(
        chatOf(options),
        { ...captionOf(options?.caption), ...mediaContent(state, 'photo', new UploadedFile('photo.jpg', 'image/jpeg', bytes)) },
        options?.replyTo,
      ),
    sendContact: (phone, options) =>
      post(ownChat, { contact: { phone_number: phone, first_name: user.first_name, user_id: options?.userId ?? user.id } }),
    edit(message, text) {
      const target = state.chats.get(plain(message).chat.id)!
      const stored = findMessage(target, plain(message).message_id)!
      const { entities: _, ...rest } = stored.message
      stored.message = { ...rest, ...textOf(text), edit_date: Math.floor(state.clock.now() / 1000) } as Message
      state.changes.emit('change', { kind: 'edit', chatId: target.chat.id, stored })
      pushUpdate(state, target.chat.id, { edited_message: stored.message } as never)
    },
    press(label, message) {
      const target = message ? state.chats.get(plain(message).chat.id)! : ownChat
      const found = findButton(target, label, message)
      if (!found) {
        const key = target.keyboard?.rows.flat().find((text) => text === label)
        if (key === undefined) throw new Error(`no button "${label}" in chat ${target.chat.id}:\n${dumpChat(target, 10)}`)
        return { sent: post(target, textOf(key)), answer: () => undefined }
      }
      const { button, owner } = found
      if ('callback_data' in button) return ask(owner, button.callback_data)
      const url = 'url' in button ? button.url : 'web_app' in button ? button.web_app.url : undefined
      return { ...(url === undefined ? {} : { url }), answer: () => undefined }
    },
    pressData: (data, message) => ask(message ? plain(message) : chat.last().message, data),
    react(message, emoji) {
      const target = plain(message)
      const reaction = emoji === null ? [] : [{ type: 'emoji', emoji }]
      const head = { chat: target.chat, message_id: target.message_id, user, date: Math.floor(state.clock.now() / 1000) }
      pushUpdate(state, target.chat.id, { message_reaction: { ...head, old_reaction: [], new_reaction: reaction } } as never)
    },
    inlineQuery(query) {
      const asked: InlineQueryState = { id: queryId(state), userId: user.id, askedAt: state.clock.now() }
      setBounded(state.inlineQueries, asked.id, asked, MAX_QUERIES)
      pushUpdate(state, `inline/${user.id}`, {
        inline_query: { id: asked.id, from: user, query, offset: '', chat_type: 'private' },
      } as never)
      return asked
    },
    block: () => setBlocked(true),
    unblock: () => setBlocked(false),
  }
}

/** Telegram shows a group's messages to a bot in privacy mode only when they are commands, replies to it, or name it. */
function reachesBot(state: EmulatorState, chat: ChatState, message: Message): boolean {
  if (chat.chat.type === 'private') return true
  const text = message.text ?? message.caption ?? ''
  const command = /^\/\w+(?:@(\w+))?/.exec(text)
  if (command) return command[1] === undefined || command[1].toLowerCase() === state.bot.username.toLowerCase()
  return message.reply_to_message?.from?.id === state.bot.id || text.includes(`@${state.bot.username}`)
}

function findButton(
  chat: ChatState,
  label: string,
  message: MessageLike | undefined,
): { button: InlineKeyboardButton; owner: Message } | undefined {
  const wanted = message && plain(message).message_id
  const shown = chat.messages.filter(
    (stored) => !stored.deleted && (wanted === undefined || stored.message.message_id === wanted),
  )
  const fits = [(text: string) => text === label, (text: string) => text.includes(label)]
  for (const fit of fits) {
    for (const { message: owner } of shown.toReversed()) {
      const button = owner.reply_markup?.inline_keyboard.flat().find((candidate) => fit(candidate.text))
      if (button) return { button, owner }
    }
  }
  return undefined
}

function plain(message: MessageLike): Message {
  return 'message' in message && 'fromBot' in message ? message.message : (message as Message)
}

function textOf(text: string): Partial<Message> {
  const formatted = formatText(text, undefined)
  return { text: formatted.text, ...(formatted.entities.length > 0 ? { entities: formatted.entities } : {}) }
}

function captionOf(caption: string | undefined): Partial<Message> {
  return caption === undefined ? {} : { caption }
}

function queryId(state: EmulatorState): string {
  state.lastQueryId += 1
  return `8${String(state.lastQueryId).padStart(12, '0')}`
}
