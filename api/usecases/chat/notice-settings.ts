import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import {
  isWanted,
  type NoticeChoices,
  type NoticeTopic,
  noticeTopics,
  type QuietHours,
  quietUntil,
} from '../../../shared/domain/notices.ts'
import type { EditNoticesInput } from '../../../shared/schemas/notices.ts'
import { type Session, transact } from '../../session.ts'
import { findLinkedChat } from '../telegram.ts'
import { enqueueOutgoing, type NewOutgoing, retimeOutgoing } from './outgoing.ts'

export type NoticeSettings = { readonly topics: { readonly [Topic in NoticeTopic]: boolean }; readonly quiet: QuietHours | null }

/** What the actor is told of in Telegram, and when not. */
export async function showNoticeSettings({ em, actor }: Session): Promise<NoticeSettings> {
  const { choices, quiet } = await readSettings(em, actor.id)
  const topics = Object.fromEntries(noticeTopics.map((topic) => [topic, isWanted(choices, topic)]))
  return { topics: topics as NoticeSettings['topics'], quiet }
}

/** Changes what is named and leaves the rest, so that two doors at once do not undo each other. Notices that wait for a morning wait for the new one. */
export function editNoticeSettings(session: Session, { topics = {}, quiet }: EditNoticesInput): Promise<NoticeSettings> {
  return transact(session, async (inside) => {
    const { em, actor, now } = inside
    const [from, to] = [quiet?.from ?? null, quiet?.to ?? null]
    await selectRows(
      em,
      sql`insert into notice_settings (id, topics, quiet_from, quiet_to) values (${actor.id}, ${JSON.stringify(topics)}::jsonb, ${from}, ${to})
      on conflict (id) do update set topics = notice_settings.topics || excluded.topics
        ${quiet === undefined ? sql`` : sql`, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to`}`,
    )
    const chatId = quiet === undefined ? null : await findLinkedChat(em, actor.id)
    if (chatId !== null) {
      const until = quietUntil(quiet ?? null, inside.organization.timeZone, now) ?? now
      await retimeOutgoing(em, heldKeyOf(chatId), until)
    }
    return showNoticeSettings(inside)
  })
}

export type NewNotice = {
  readonly topic: NoticeTopic
  readonly reader: { readonly employeeId: number; readonly chatId: number }
  readonly dedupeKey: string
  readonly payload: NewOutgoing['payload']
}

/**
 * Writes a notice to be sent once the transaction has committed, in quiet hours at their end.
 * @returns false when its reader does not want to be told of such things
 */
export async function enqueueNotice(em: Em, { topic, reader, dedupeKey, payload }: NewNotice, now: Date): Promise<boolean> {
  const { employeeId, chatId } = reader
  const { choices, quiet, timeZone } = await readSettings(em, employeeId)
  if (!isWanted(choices, topic)) return false
  const until = quietUntil(quiet, timeZone, now)
  // What waits for the morning stands in a line of its own: answers to what people ask at night do not wait behind it.
  const place = until === null ? { orderKey: `telegram:${chatId}` } : { orderKey: heldKeyOf(chatId), availableAt: until }
  await enqueueOutgoing(em, { ...place, dedupeKey, payload }, now)
  return true
}

/** Whether a person still wants to be told, now that it is sent. */
export async function wantsNotice(em: Em, employeeId: number, topic: NoticeTopic): Promise<boolean> {
  return isWanted((await readSettings(em, employeeId)).choices, topic)
}

/** When a person is left alone again no more; null when he may be disturbed now. */
export async function findQuietEnd(em: Em, employeeId: number, now: Date): Promise<Date | null> {
  const { quiet, timeZone } = await readSettings(em, employeeId)
  return quietUntil(quiet, timeZone, now)
}

/** The line of what waits for the end of the quiet hours. */
export function heldKeyOf(chatId: number): string {
  return `telegram:${chatId}:held`
}

type Read = { readonly choices: NoticeChoices; readonly quiet: QuietHours | null; readonly timeZone: string }

async function readSettings(em: Em, employeeId: number): Promise<Read> {
  const row = await selectRow<{ choices: NoticeChoices | null; from: string | null; to: string | null; timeZone: string }>(
    em,
    sql`select s.topics as choices, s.quiet_from as "from", s.quiet_to as "to", o.time_zone as "timeZone"
    from organization o left join notice_settings s on s.id = ${employeeId} where o.id = 1`,
  )
  const { choices = null, from = null, to = null, timeZone = 'UTC' } = row ?? {}
  return { choices: choices ?? {}, quiet: from === null || to === null ? null : { from, to }, timeZone }
}
