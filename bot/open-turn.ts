import type { Update } from '@grammyjs/types'
import type { OrganizationSettings } from '../api/session.ts'
import { findActor } from '../api/usecases/access.ts'
import { attributeTransaction } from '../api/usecases/chat/transaction.ts'
import { readOrganization } from '../api/usecases/settings.ts'
import { findLinkedEmployee } from '../api/usecases/telegram.ts'
import type { Em } from '../db/orm.ts'
import type { FetchedFiles } from './fetched-files.ts'
import { botText, localeOfTelegram } from './texts.ts'
import type { Turn } from './turn.ts'

export type TurnParts = {
  /** Where people reach the app, for links; null where Telegram would not take the address. */
  readonly appUrl: string | null
  /** Whether letters can go from here. */
  readonly mailIsSetUp: boolean
}

/**
 * Finds out who speaks, with his role and language as they are now.
 * @returns null for updates that call for nothing: of groups, of channels, of kinds unknown here.
 */
export async function openTurn(
  parts: TurnParts,
  em: Em,
  update: Update,
  now: Date,
  files: FetchedFiles = new Map(),
): Promise<Turn | null> {
  const query = update.callback_query ?? null
  const message = update.message ?? update.edited_message ?? null
  const chat = query?.message?.chat ?? message?.chat ?? update.my_chat_member?.chat
  const from = query?.from ?? message?.from ?? update.my_chat_member?.from
  if (!chat || !from || from.is_bot) return null
  const session = chat.type === 'private' ? await findSession(em, from.id, now) : null
  const locale = session?.locale ?? localeOfTelegram(from.language_code)
  return {
    update,
    em,
    now,
    chatId: chat.id,
    isPrivate: chat.type === 'private',
    from,
    message,
    query,
    session,
    locale,
    t: botText(locale),
    appUrl: parts.appUrl,
    mailIsSetUp: parts.mailIsSetUp,
    button: null,
    answer: null,
    files,
  }
}

async function findSession(em: Em, telegramUserId: number, now: Date): Promise<Turn['session']> {
  const employeeId = await findLinkedEmployee(em, telegramUserId)
  const found = employeeId === null ? null : await findActor(em, employeeId)
  const organization: OrganizationSettings | null = found && (await readOrganization(em))
  if (!found || !organization) return null
  await attributeTransaction(em, found.actor.id)
  return { em, actor: found.actor, now, locale: found.locale, door: 'bot', organization }
}
