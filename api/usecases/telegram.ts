import { randomInt } from 'node:crypto'
import { Employee } from '../../db/entities/organization.ts'
import { TelegramLink, TelegramLinkCode } from '../../db/entities/telegram.ts'
import type { Em } from '../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { type Session, transact } from '../session.ts'
import { sha256 } from './access.ts'

/** Someone who writes from Telegram and is nobody here yet: no session exists. */
export type TelegramVisitor = { readonly em: Em; readonly now: Date }

/** A one-time code: shown once, only its SHA-256 is kept. */
export type LinkCode = { readonly code: string; readonly expiresAt: Date }

/** Whom a code would link, so that the person can say whether it is he. */
export type LinkPreview = {
  readonly codeHash: string
  readonly employeeId: number
  readonly name: string
  readonly login: string
}

const codeLifeMs = 10 * 60_000
/** Letters only, none that is taken for another: Telegram voids logins whose numeric codes are sent in a chat. 12 of 23 are 54 bits. */
const codeLetters = 'ABCDEFGHJKMNPQRSTUVWXYZ'
const codeLength = 12

/** Makes a code by which the actor links his Telegram account; an earlier one stops working. */
export function createLinkCode(session: Session): Promise<LinkCode> {
  return transact(session, async ({ em, actor, now }) => {
    const code = Array.from({ length: codeLength }, () => codeLetters[randomInt(codeLetters.length)]).join('')
    const expiresAt = new Date(now.getTime() + codeLifeMs)
    await em.nativeDelete(TelegramLinkCode, { employee: { id: actor.id }, usedAt: null })
    em.persist(
      em.create(TelegramLinkCode, {
        codeHash: sha256(code),
        employee: em.getReference(Employee, actor.id),
        createdAt: now,
        expiresAt,
        usedAt: null,
      }),
    )
    await em.flush()
    return { code, expiresAt }
  })
}

/** A code as people type it: any case, groups by spaces or dashes. @returns null when the text cannot be a code */
export function readLinkCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  return code.length === codeLength && [...code].every((letter) => codeLetters.includes(letter)) ? code : null
}

/** Whom the code belongs to; nothing is linked yet. @throws AppError link_code_wrong */
export async function previewLinkCode({ em, now }: TelegramVisitor, input: { readonly code: string }): Promise<LinkPreview> {
  const codeHash = sha256(input.code)
  const found = await findLiveCode(em, codeHash, now)
  return { codeHash, employeeId: found.employee.id, name: found.employee.name, login: found.employee.login }
}

/**
 * Links a Telegram account to the code's employee and uses the code up. A link that either of them had ends.
 * @throws AppError link_code_wrong
 */
export async function redeemLinkCode(
  { em, now }: TelegramVisitor,
  input: {
    readonly codeHash: string
    readonly telegramUserId: number
    readonly chatId: number
    readonly username: string | null
  },
): Promise<{ employeeId: number }> {
  const code = await findLiveCode(em, input.codeHash, now)
  code.usedAt = now
  await em.flush()
  await linkAccount({ em, now }, { ...input, employeeId: code.employee.id })
  return { employeeId: code.employee.id }
}

/** Makes the one live link of an employee and an account. Whoever calls has made sure that they belong together. */
export async function linkAccount(
  { em, now }: TelegramVisitor,
  input: {
    readonly employeeId: number
    readonly telegramUserId: number
    readonly chatId: number
    readonly username: string | null
  },
): Promise<void> {
  const live = await em.find(TelegramLink, {
    endedAt: null,
    $or: [{ telegramUserId: input.telegramUserId }, { employee: { id: input.employeeId } }],
  })
  for (const link of live) await endLink(em, link, now)
  await em.flush()
  const { employeeId, telegramUserId, chatId, username } = input
  const employee = em.getReference(Employee, employeeId)
  em.persist(em.create(TelegramLink, { employee, telegramUserId, chatId, username, linkedAt: now, endedAt: null }))
  await em.flush()
}

/** Ends the actor's link: buttons already sent to him stop working. @returns false when there was none */
export function unlinkTelegram(session: Session): Promise<boolean> {
  return transact(session, async ({ em, actor, now }) => {
    const link = await em.findOne(TelegramLink, { employee: { id: actor.id }, endedAt: null })
    if (!link) return false
    await endLink(em, link, now)
    await em.flush()
    return true
  })
}

/** Ends the link of a chat that cannot be reached any more. */
export async function endLinkOfChat({ em, now }: TelegramVisitor, input: { readonly chatId: number }): Promise<void> {
  for (const link of await em.find(TelegramLink, { chatId: input.chatId, endedAt: null })) await endLink(em, link, now)
  await em.flush()
}

async function endLink(em: Em, link: TelegramLink, now: Date): Promise<void> {
  link.endedAt = now
  await selectRows(em, sql`update bot_button set expires_at = least(expires_at, ${now}) where employee_id = ${link.employee.id}`)
  await selectRows(em, sql`delete from bot_dialog where employee_id = ${link.employee.id}`)
}

async function findLiveCode(em: Em, codeHash: string, now: Date): Promise<TelegramLinkCode> {
  const found = await em.findOne(
    TelegramLinkCode,
    { codeHash, usedAt: null, expiresAt: { $gt: now } },
    { populate: ['employee'] },
  )
  if (!found || found.employee.deactivatedAt !== null) throw new AppError('link_code_wrong')
  return found
}

/** The employee whose account this is, or null. That he is active is for `findActor` to say. */
export async function findLinkedEmployee(em: Em, telegramUserId: number): Promise<number | null> {
  const found = await selectRow<{ employeeId: number }>(
    em,
    sql`select employee_id as "employeeId" from telegram_link where telegram_user_id = ${telegramUserId} and ended_at is null`,
  )
  return found?.employeeId ?? null
}

/** The private chat in which an employee is reached, or null when he is not linked. */
export async function findLinkedChat(em: Em, employeeId: number): Promise<number | null> {
  const found = await selectRow<{ chatId: number }>(
    em,
    sql`select chat_id::float8 as "chatId" from telegram_link where employee_id = ${employeeId} and ended_at is null`,
  )
  return found?.chatId ?? null
}

/** Whether the actor has a live link. */
export async function isTelegramLinked(session: Session): Promise<boolean> {
  return (await findLinkedChat(session.em, session.actor.id)) !== null
}
