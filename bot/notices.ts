import type { Session } from '../api/session.ts'
import { findActor } from '../api/usecases/access.ts'
import { wantsNotice } from '../api/usecases/chat/notice-settings.ts'
import type { Notice } from '../api/usecases/chat/notify-deal-event.ts'
import { showDeal } from '../api/usecases/deals/show-deal.ts'
import { readOrganization } from '../api/usecases/settings.ts'
import { findLinkedChat } from '../api/usecases/telegram.ts'
import type { Em } from '../db/orm.ts'
import { AppError } from '../shared/domain/app-error.ts'
import { topicOfEvent } from '../shared/domain/notices.ts'
import { describeEvent } from '../shared/messages/describe.ts'
import { formatMoneyShort, formatReference } from '../shared/messages/format.ts'
import type { Locale } from '../shared/views/common.ts'
import { openDealButton } from './features/deal-card.ts'
import { lessKey } from './features/notify.ts'
import { bold, cutText, escapeHtml, line } from './html.ts'
import { issueKeyboard, pressKey } from './keyboards.ts'
import type { OutgoingCall } from './outgoing.ts'
import { botText } from './texts.ts'

/**
 * A session of the person to whom a message goes, as he is now.
 * @returns null when he is deactivated, or no longer linked to that chat.
 */
export async function readerSession(em: Em, reader: { employeeId: number; chatId: number }, now: Date): Promise<Session | null> {
  const found = await findActor(em, reader.employeeId)
  const organization = await readOrganization(em)
  if (!found || !organization || (await findLinkedChat(em, reader.employeeId)) !== reader.chatId) return null
  return { em, actor: found.actor, now, locale: found.locale, door: 'bot', organization }
}

/** Puts a notification in words; null when the reader may not see the deal any more, or does not want to. */
export async function renderNotice(em: Em, notice: Notice, now: Date): Promise<OutgoingCall | null> {
  const session = await readerSession(em, notice, now)
  const topic = topicOfEvent(notice.body)
  if (!session || (topic !== null && !(await wantsNotice(em, notice.employeeId, topic)))) return null
  const card = await showDeal(session, { number: notice.dealNumber }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'not_found') return null
    throw error
  })
  if (!card) return null
  const t = botText(session.locale)
  const { deal } = card
  const lines = [
    sayWhat(notice, session),
    bold(line(deal.title, 200)),
    `${formatReference(deal.number, session.locale)}${deal.counterpartyName ? ` · ${line(deal.counterpartyName, 80)}` : ''} · ${bold(formatMoneyShort(deal.amountMinor, deal.currency, session.locale))}`,
    ...quoteOf(notice, session.locale),
  ]
  const reply_markup = await issueKeyboard(
    em,
    notice,
    [
      [
        pressKey(t('key.openCard'), openDealButton, { number: deal.number }),
        ...(topic === null ? [] : [lessKey(session.locale, topic)]),
      ],
    ],
    now,
  )
  const args = { chat_id: notice.chatId, text: lines.join('\n'), parse_mode: 'HTML' as const, reply_markup }
  return { kind: 'call', method: 'sendMessage', args, card: deal.number }
}

function sayWhat({ body, actorName }: Notice, session: Session): string {
  const t = botText(session.locale)
  const person = line(actorName, 100)
  if (body.kind === 'rule_fired') return t('notice.rule', { rule: line(body.rule.name[session.locale], 100) })
  if (body.kind === 'comment_added') return t('notice.comment', { person })
  if (body.kind === 'deal_reassigned') return t('notice.reassigned', { person })
  return t('notice.document', { person, what: sayEvent(body, session) })
}

/** `Счёт № 7 · согласован`. */
function sayEvent(body: Notice['body'], { locale, organization }: Session): string {
  const { title, detail } = describeEvent(body, locale, { timeZone: organization.timeZone, currency: organization.baseCurrency })
  return line([title, detail].filter(Boolean).join(' · '), 300)
}

function quoteOf({ body }: Notice, locale: Locale): string[] {
  const text = quotedText(body, locale)
  return text === '' ? [] : ['', `<blockquote>${escapeHtml(cutText(text, 1000))}</blockquote>`]
}

/** What others wrote for the reader, if they did. */
function quotedText(body: Notice['body'], locale: Locale): string {
  switch (body.kind) {
    case 'comment_added':
      return body.text
    case 'deal_reassigned':
      return body.comment ?? ''
    case 'rule_fired':
      return body.notice?.[locale] ?? ''
    default:
      return ''
  }
}
