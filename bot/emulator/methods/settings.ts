import type { BotCommand, BotCommandScope } from '@grammyjs/types'
import { badRequest } from '../refusal.ts'
import { type EmulatorState, findChat } from '../state.ts'
import type { MethodTable } from './method.ts'

type Place = { scope?: BotCommandScope; language_code?: string }

export const settingMethods: MethodTable = {
  getMe: (state) => state.bot,
  logOut: () => true,
  close: () => true,
  getUpdates: (state, args) => state.updates.poll(args),
  setWebhook: (state, args) => {
    state.updates.setWebhook(args)
    if (args.drop_pending_updates) state.updates.dropPending()
    return true
  },
  deleteWebhook: (state, args) => {
    state.updates.setWebhook({ url: '' })
    if (args.drop_pending_updates) state.updates.dropPending()
    return true
  },
  getWebhookInfo: (state) => state.updates.webhookInfo(),
  setMyCommands: (state, args) => {
    if (args.scope && 'chat_id' in args.scope) findChat(state, args.scope.chat_id)
    state.commands.set(commandsKey(args), [...args.commands])
    state.changes.emit('change', { kind: 'commands' })
    return true
  },
  getMyCommands: (state, args) => state.commands.get(commandsKey(args)) ?? [],
  deleteMyCommands: (state, args) => {
    state.commands.delete(commandsKey(args))
    state.changes.emit('change', { kind: 'commands' })
    return true
  },
  setMyName: (state, args) => setText(state, 'name', args.name ?? '', 64, args.language_code),
  getMyName: (state, args) => ({ name: getText(state, 'name', args.language_code) || state.bot.first_name }),
  setMyDescription: (state, args) => setText(state, 'description', args.description ?? '', 512, args.language_code),
  getMyDescription: (state, args) => ({ description: getText(state, 'description', args.language_code) }),
  setMyShortDescription: (state, args) => setText(state, 'short', args.short_description ?? '', 120, args.language_code),
  getMyShortDescription: (state, args) => ({ short_description: getText(state, 'short', args.language_code) }),
  setChatMenuButton: (state, args) => {
    if (args.chat_id !== undefined) findChat(state, args.chat_id)
    state.settings.set(`menu/${args.chat_id ?? ''}`, args.menu_button ?? { type: 'default' })
    return true
  },
  getChatMenuButton: (state, args) =>
    state.settings.get(`menu/${args.chat_id ?? ''}`) ?? state.settings.get('menu/') ?? { type: 'commands' },
}

/**
 * The command menu a person sees in a private chat: core.telegram.org/bots/api#determining-list-of-commands.
 * @returns commands in their order, empty when none are set
 */
export function visibleCommands(state: EmulatorState, chatId: number, language: string | undefined): BotCommand[] {
  const scopes: BotCommandScope[] = [{ type: 'chat', chat_id: chatId }, { type: 'all_private_chats' }, { type: 'default' }]
  for (const scope of scopes) {
    for (const language_code of [language, undefined]) {
      const commands = state.commands.get(commandsKey({ scope, language_code }))
      if (commands && commands.length > 0) return commands
    }
  }
  return []
}

function commandsKey({ scope = { type: 'default' }, language_code }: Place): string {
  const chat = 'chat_id' in scope ? scope.chat_id : ''
  const user = 'user_id' in scope ? scope.user_id : ''
  return [scope.type, chat, user, language_code ?? ''].join('/')
}

function setText(state: EmulatorState, kind: string, text: string, limit: number, language: string | undefined): true {
  if (text.length > limit) throw badRequest('limit', `bot ${kind} is too long`)
  state.settings.set(`${kind}/${language ?? ''}`, text)
  return true
}

function getText(state: EmulatorState, kind: string, language: string | undefined): string {
  return String(state.settings.get(`${kind}/${language ?? ''}`) || state.settings.get(`${kind}/`) || '')
}
