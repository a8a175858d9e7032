import { defineEntity, p } from '@mikro-orm/core'
import type { NoticeTopic } from '../../shared/domain/notices.ts'
import { Deal } from './deal.ts'
import { Employee } from './organization.ts'

/** Which Telegram account is which employee. At most one live link per account and per employee (partial unique indexes). */
const TelegramLinkSchema = defineEntity({
  name: 'TelegramLink',
  tableName: 'telegram_link',
  properties: {
    id: p.integer().primary().autoincrement(),
    employee: () => p.manyToOne(Employee).index(),
    telegramUserId: p.bigint('number'),
    chatId: p.bigint('number'),
    username: p.string().nullable(),
    linkedAt: p.datetime(),
    endedAt: p.datetime().nullable(),
  },
})
export class TelegramLink extends TelegramLinkSchema.class {}
TelegramLinkSchema.setClass(TelegramLink)

const TelegramLinkCodeSchema = defineEntity({
  name: 'TelegramLinkCode',
  tableName: 'telegram_link_code',
  properties: {
    codeHash: p.string().length(64).primary(),
    employee: () => p.manyToOne(Employee).index(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
})
export class TelegramLinkCode extends TelegramLinkCodeSchema.class {}
TelegramLinkCodeSchema.setClass(TelegramLinkCode)

/** Inbox: every update is stored before Telegram is answered, and handled once, in order per chat. */
const TelegramUpdateSchema = defineEntity({
  name: 'TelegramUpdate',
  tableName: 'telegram_update',
  properties: {
    updateId: p.bigint('number').primary().autoincrement(false),
    /** Order of arrival; update ids are not always ascending. */
    sequence: p.bigint('number').defaultRaw(`nextval('telegram_update_sequence')`),
    chatKey: p.string().length(40),
    body: p.json<Record<string, unknown>>(),
    receivedAt: p.datetime(),
    handledAt: p.datetime().nullable(),
    attempts: p.integer().default(0),
    lastError: p.string().length(500).nullable(),
    retryAt: p.datetime().nullable(),
  },
})
export class TelegramUpdate extends TelegramUpdateSchema.class {}
TelegramUpdateSchema.setClass(TelegramUpdate)

/** A button that was sent: single use, bound to person, chat and the deal's version. */
const BotButtonSchema = defineEntity({
  name: 'BotButton',
  tableName: 'bot_button',
  properties: {
    token: p.string().length(24).primary(),
    employee: () => p.manyToOne(Employee).index(),
    chatId: p.bigint('number'),
    action: p.string().length(40),
    payload: p.json<Record<string, unknown>>(),
    dealVersion: p.integer().nullable(),
    createdAt: p.datetime(),
    expiresAt: p.datetime(),
    usedAt: p.datetime().nullable(),
  },
})
export class BotButton extends BotButtonSchema.class {}
BotButtonSchema.setClass(BotButton)

/** A question the bot has asked in a chat and waits to have answered. One per person and chat. */
const BotDialogSchema = defineEntity({
  name: 'BotDialog',
  tableName: 'bot_dialog',
  properties: {
    chatId: p.bigint('number').primary(),
    employee: () => p.manyToOne(Employee).primary(),
    kind: p.string().length(40),
    payload: p.json<Record<string, unknown>>(),
    promptMessageId: p.bigint('number').nullable(),
    expiresAt: p.datetime(),
  },
})
export class BotDialog extends BotDialogSchema.class {}
BotDialogSchema.setClass(BotDialog)

/** A message that shows a deal: replying to it comments the deal. */
const BotCardSchema = defineEntity({
  name: 'BotCard',
  tableName: 'bot_card',
  properties: {
    chatId: p.bigint('number').primary(),
    messageId: p.bigint('number').primary(),
    deal: () => p.manyToOne(Deal).index(),
    createdAt: p.datetime(),
  },
  primaryKeys: ['chatId', 'messageId'],
})
export class BotCard extends BotCardSchema.class {}
BotCardSchema.setClass(BotCard)

/** Outbox: what is to be sent is written in the transaction that decided it, and sent after it. */
const OutboxMessageSchema = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox_message',
  properties: {
    id: p.bigint('number').primary().autoincrement(),
    channel: p.string().length(20).$type<'telegram'>(),
    /** Messages of one key leave in order. */
    orderKey: p.string().length(60),
    /** The same key is never sent twice. */
    dedupeKey: p.string().length(120).nullable().unique(),
    payload: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(),
    availableAt: p.datetime(),
    attempts: p.integer().default(0),
    sentAt: p.datetime().nullable(),
    failedAt: p.datetime().nullable(),
    lastError: p.string().length(500).nullable(),
  },
})
export class OutboxMessage extends OutboxMessageSchema.class {}
OutboxMessageSchema.setClass(OutboxMessage)

/** What an employee wants to be told of, and when not; `id` is the employee's. Topics that are not named are as everybody's. */
const NoticeSettingsSchema = defineEntity({
  name: 'NoticeSettings',
  tableName: 'notice_settings',
  properties: {
    id: p.integer().primary().autoincrement(false),
    topics: p.json<{ readonly [Topic in NoticeTopic]?: boolean }>().defaultRaw(`'{}'`),
    /** `HH:MM` by the company's clocks; null: never quiet. */
    quietFrom: p.string().length(5).nullable(),
    quietTo: p.string().length(5).nullable(),
  },
})
export class NoticeSettings extends NoticeSettingsSchema.class {}
NoticeSettingsSchema.setClass(NoticeSettings)
