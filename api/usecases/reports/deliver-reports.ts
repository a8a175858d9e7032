import { ReportOrder } from '../../../db/entities/report.ts'
import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { makeReport } from '../../reports/make-report.ts'
import { findActor } from '../access.ts'
import { findQuietEnd, heldKeyOf, wantsNotice } from '../chat/notice-settings.ts'
import { enqueueOutgoing } from '../chat/outgoing.ts'
import { readOrganization } from '../settings.ts'
import { findLinkedChat } from '../telegram.ts'
import { keepFile, readKeptFile } from './keep-file.ts'
import { letterOf } from './letter.ts'
import { readQuery } from './query-words.ts'

/** A letter with one file. `id` is the same whenever the same letter is sent, so that a mail server knows it again. */
export type Letter = {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  readonly file: { readonly name: string; readonly mediaType: string; readonly content: Buffer }
}
/** Sends a letter. @throws LetterRefused when no further try will help; any other error otherwise */
export type SendLetter = (letter: Letter) => Promise<void>
export class LetterRefused extends Error {}

export type DeliveryParts = {
  readonly now: () => Date
  /** Null when mail is not set up. */
  readonly sendLetter: SendLetter | null
  /** Where the app is reached, for the links on reports. */
  readonly appUrl: string | null
}

/** What a reader of the bot's outbox finds: a file that has been made already. */
export type OutgoingFile = {
  readonly kind: 'file'
  readonly chatId: number
  readonly employeeId: number
  readonly fileId: number
  readonly title: string
  readonly sentence: string
  /** The schedule that it comes by; absent where none does. */
  readonly scheduleId?: number
  /** Whether its reader has ordered it himself. */
  readonly isOwn?: boolean
}

/** Minutes to wait after each try that failed; then it is left to people. */
const waitsMin = [1, 5, 15, 60, 180, 360] as const
/** Whoever takes longer over a delivery has died: the largest workbook is made and sent in less. */
const leaseMs = 10 * 60_000

type Claimed = {
  readonly id: number
  readonly orderId: number
  readonly address: string | null
  readonly employeeId: number | null
  readonly attempts: number
}

/** Something that another try will not mend; the code has a sentence in `messages/report.ts`. */
class Undeliverable extends Error {}

/** Brings one report to one reader, if any is due. @returns false when there is none */
export async function deliverNext(em: Em, parts: DeliveryParts): Promise<boolean> {
  const now = parts.now()
  const claimed = await selectRow<Claimed>(
    em,
    sql`with head as (
      select id from report_delivery where state in ('waiting', 'sending') and available_at <= ${now}
      order by available_at, id limit 1 for update skip locked)
    update report_delivery d set state = 'sending', attempts = d.attempts + 1, available_at = ${new Date(now.getTime() + leaseMs)}
    from head where d.id = head.id
    returning d.id::float8 as id, d.order_id::float8 as "orderId", d.address, d.employee_id as "employeeId", d.attempts`,
  )
  if (!claimed) return false
  try {
    await deliver(em.fork(), parts, claimed)
  } catch (error) {
    await settleFailure(em.fork(), claimed, error, parts.now())
  }
  return true
}

async function deliver(em: Em, parts: DeliveryParts, delivery: Claimed): Promise<void> {
  const order = await em.findOneOrFail(ReportOrder, delivery.orderId, { populate: ['employee'] })
  const fileId = order.file?.id ?? (await makeFile(em, parts, order))
  if (delivery.employeeId !== null) return handToBot(em, parts, { delivery, order, fileId, employeeId: delivery.employeeId })
  if (!parts.sendLetter) throw new Undeliverable('mail_off')
  const file = await readKeptFile(em, fileId)
  if (!file) throw new Undeliverable('file_gone')
  await parts.sendLetter({ id: `report-${delivery.id}`, to: delivery.address!, ...letterOf(order), file })
  await selectRows(
    em,
    sql`update report_delivery set state = 'sent', sent_at = ${parts.now()}, last_error = null where id = ${delivery.id}`,
  )
}

/** Makes the report in the name of who ordered it, as he is now; once for all its readers. */
async function makeFile(em: Em, { now, appUrl }: DeliveryParts, order: ReportOrder): Promise<number> {
  const owner = await findActor(em, order.employee.id)
  const organization = await readOrganization(em)
  if (!owner || !organization) throw new Undeliverable('owner_gone')
  const session = {
    em: em.fork(),
    actor: owner.actor,
    now: now(),
    locale: order.locale as Locale,
    door: 'system',
    organization,
  } as const
  const report = await makeReport(session, { ...readQuery(order.query), asOf: order.asOf.toISOString() }, order.format, appUrl)
  return em.transactional(async (inside) => {
    const file = keepFile(inside, report, order.format, now())
    await inside.flush()
    await selectRows(
      inside,
      sql`update report_order set file_id = ${file.id}, title = case when schedule_id is null then ${report.title.slice(0, 300)} else title end,
        sentence = ${report.sentence.slice(0, 2000)} where id = ${order.id}`,
    )
    order.sentence = report.sentence
    if (!order.schedule) order.title = report.title
    return file.id
  })
}

type Handing = { readonly delivery: Claimed; readonly order: ReportOrder; readonly fileId: number; readonly employeeId: number }

/** The bot's outbox has its own tries; the log looks there. */
async function handToBot(em: Em, { now }: DeliveryParts, { delivery, order, fileId, employeeId }: Handing): Promise<void> {
  const chatId = await findLinkedChat(em, employeeId)
  if (chatId === null) throw new Undeliverable('not_linked')
  // Who has ordered it himself gets it, and at the time that he has set.
  const isOwn = order.employee.id === employeeId
  if (!isOwn && !(await wantsNotice(em, employeeId, 'report'))) throw new Undeliverable('unwanted')
  const until = isOwn ? null : await findQuietEnd(em, employeeId, now())
  const plain = { chatId, employeeId, fileId, title: order.title, sentence: order.sentence }
  const payload: OutgoingFile = { kind: 'file', ...plain, isOwn, ...(order.schedule ? { scheduleId: order.schedule.id } : {}) }
  await em.transactional(async (inside) => {
    const dedupeKey = `report-delivery:${delivery.id}:${delivery.attempts}`
    const place = until === null ? { orderKey: `telegram:${chatId}:files` } : { orderKey: heldKeyOf(chatId), availableAt: until }
    await enqueueOutgoing(inside, { ...place, dedupeKey, payload }, now())
    await selectRows(inside, sql`update report_delivery set state = 'handed', last_error = null where id = ${delivery.id}`)
  })
}

async function settleFailure(em: Em, { id, attempts }: Claimed, error: unknown, now: Date): Promise<void> {
  const wait = error instanceof Undeliverable || error instanceof LetterRefused ? undefined : waitsMin[attempts - 1]
  const state = wait === undefined ? 'failed' : 'waiting'
  const problem = String(error instanceof Error ? error.message : error).slice(0, 500)
  const again = new Date(now.getTime() + (wait ?? 0) * 60_000)
  await selectRows(
    em,
    sql`update report_delivery set state = ${state}, available_at = ${again}, last_error = ${problem} where id = ${id}`,
  )
}
