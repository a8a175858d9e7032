import type { Message } from '@grammyjs/types'
import { dumpChat } from './dump.ts'
import type { ChatState, StoredMessage } from './state.ts'

/** One chat as a test sees it. */
export type ChatDriver = {
  id: number
  /** Every message that is not deleted, oldest first. */
  messages(): StoredMessage[]
  /** The newest message of the bot, or of anybody when `of` is 'all'. @throws Error when there is none. */
  last(of?: 'bot' | 'all'): StoredMessage
  /** Texts and captions of the bot's messages, oldest first. */
  texts(): string[]
  /** Labels of the inline keyboard of a message (the newest that has one when not given), row by row. */
  buttons(message?: StoredMessage | Message): string[][]
  /** The newest message that says this; a space is a space to whoever reads, whether it breaks or not. @throws Error when there is none. */
  find(part: string): StoredMessage
  dump(last?: number): string
  actions(): string[]
}

function asRead(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ')
}

export function createChatDriver(chat: ChatState): ChatDriver {
  const messages = () => chat.messages.filter((stored) => !stored.deleted)
  const fail = (problem: string) => new Error(`${problem} in chat ${chat.chat.id}:\n${dumpChat(chat, 10)}`)

  return {
    id: chat.chat.id,
    messages,
    last(of = 'bot') {
      const found = messages().findLast((stored) => of === 'all' || stored.fromBot)
      if (!found) throw fail('no message')
      return found
    },
    texts: () => messages().flatMap(({ fromBot, message }) => (fromBot ? [message.text ?? message.caption ?? ''] : [])),
    buttons(given) {
      const message = given ? ('message' in given ? given.message : given) : undefined
      const shown = message ?? messages().findLast((stored) => stored.message.reply_markup)?.message
      return shown?.reply_markup?.inline_keyboard.map((row) => row.map((button) => button.text)) ?? []
    },
    find(part) {
      const found = messages().findLast(({ message }) => asRead(message.text ?? message.caption ?? '').includes(asRead(part)))
      if (!found) throw fail(`no message with "${part}"`)
      return found
    },
    dump: (last) => dumpChat(chat, last),
    actions: () => chat.actions.map(({ action }) => action),
  }
}
