import type { BotCommand } from '@grammyjs/types'
import type { Locale } from '../shared/views/common.ts'
import type { TelegramApi } from './telegram-api.ts'
import { botText } from './texts.ts'

/** Names are Latin by Telegram's rule; what they do is said in the reader's language. */
const commands = [
  'deals',
  'find',
  'new',
  'tasks',
  'approvals',
  'report',
  'schedule',
  'notify',
  'app',
  'settings',
  'help',
  'unlink',
] as const

function described(locale: Locale): BotCommand[] {
  const t = botText(locale)
  return commands.map((command) => ({ command, description: t(`command.${command}`) }))
}

/** Registers the menu of commands: in Russian for everybody, in English for those whose Telegram speaks it, Russian by name too. */
export async function registerCommands(api: TelegramApi): Promise<void> {
  const scope = { type: 'all_private_chats' as const }
  await api.call('setMyCommands', { commands: described('ru'), scope })
  await api.call('setMyCommands', { commands: described('en'), scope, language_code: 'en' })
}
