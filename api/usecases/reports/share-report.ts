import { createHash, randomBytes } from 'node:crypto'
import { Employee } from '../../../db/entities/organization.ts'
import { ReportShare } from '../../../db/entities/report.ts'
import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { ListSharesInput, ShareReportInput } from '../../../shared/schemas/reports.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { makeReport } from '../../reports/make-report.ts'
import type { ReportFormat } from '../../reports/render.ts'
import { type Session, transact } from '../../session.ts'
import { type KeptFile, keepFile, readKeptFile } from './keep-file.ts'

export type ShareRow = {
  readonly id: number
  readonly title: string
  readonly format: ReportFormat
  readonly asOf: Date
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly ownerId: number
  readonly ownerName: string
  readonly opened: number
  readonly openedAt: Date | null
}

const dayMs = 86_400_000
/** More live links than anyone keeps in mind. */
const mostLinks = 100

/**
 * Makes a report and a link that shows it, exactly as it is now, to whoever has the link, until it expires, is revoked, or its maker leaves.
 * @param appUrl where the app is reached, for the link on the report
 * @returns the token that the address holds: only its hash is kept
 * @throws AppError forbidden, not_found, input_invalid, share_limit
 */
export async function shareReport(
  session: Session,
  { query, format, expiresInDays }: ShareReportInput,
  appUrl: string | null,
): Promise<{ readonly share: ShareRow; readonly token: string }> {
  const { now, actor } = session
  if (!isAble(actor, 'report.make')) throw new AppError('forbidden')
  const live = await session.em.count(ReportShare, { employee: { id: actor.id }, revokedAt: null, expiresAt: { $gt: now } })
  if (live >= mostLinks) throw new AppError('share_limit', { limit: mostLinks })
  const asOf = query.asOf === undefined ? now : new Date(query.asOf)
  const exact = { ...query, asOf: asOf.toISOString() }
  const report = await makeReport(session, exact, format, appUrl)
  // The pack is of a cohort, whatever the screen shows.
  const pictured = format === 'pack' ? { ...exact, basis: 'cohort' as const } : exact
  const picture = format === 'png' ? report : await makeReport(session, pictured, 'png', appUrl)
  const token = randomBytes(32).toString('base64url')
  const id = await transact(session, async ({ em }) => {
    const file = keepFile(em, report, format, now)
    const share = em.create(ReportShare, {
      tokenHash: hashOf(token),
      employee: em.getReference(Employee, actor.id),
      title: report.title.slice(0, 300),
      sentence: report.sentence.slice(0, 2000),
      format,
      locale: session.locale,
      asOf,
      file,
      picture: format === 'png' ? file : keepFile(em, picture, 'png', now),
      createdAt: now,
      expiresAt: new Date(now.getTime() + expiresInDays * dayMs),
    })
    em.persist(share)
    await em.flush()
    return share.id
  })
  const [share] = await selectShares(session.em, sql`s.id = ${id}`)
  return { share: share!, token }
}

/** The actor's links, the newest first; with `all` everybody's, for who administers. @throws AppError forbidden */
export function listShares(session: Session, { all }: ListSharesInput): Promise<ShareRow[]> {
  if (all === '0') return selectShares(session.em, sql`s.employee_id = ${session.actor.id}`)
  if (!isAble(session.actor, 'settings.edit')) throw new AppError('forbidden')
  return selectShares(session.em, sql`true`)
}

/** Ends a link at once: one's own, or anybody's for who administers. @throws AppError not_found */
export async function revokeShare(session: Session, { id }: { readonly id: number }): Promise<void> {
  await transact(session, async ({ em, actor, now }) => {
    const share = await em.findOne(ReportShare, id)
    if (!share || (share.employee.id !== actor.id && !isAble(actor, 'settings.edit')))
      throw new AppError('not_found', { what: 'link' })
    share.revokedAt ??= now
    await em.flush()
  })
}

function selectShares(em: Em, condition: ReturnType<typeof sql>): Promise<ShareRow[]> {
  return selectRows<ShareRow>(
    em,
    sql`select s.id, s.title, s.format, s.as_of as "asOf", s.created_at as "createdAt", s.expires_at as "expiresAt", s.revoked_at as "revokedAt",
      s.employee_id as "ownerId", e.name as "ownerName", s.opened, s.opened_at as "openedAt"
    from report_share s join employee e on e.id = s.employee_id where ${condition} order by s.id desc limit 500`,
  )
}

/** What a link shows. */
export type OpenShare = {
  readonly id: number
  readonly title: string
  readonly sentence: string
  readonly format: ReportFormat
  readonly locale: Locale
  readonly asOf: Date
  readonly expiresAt: Date
  readonly ownerName: string
  readonly organizationName: string
  readonly timeZone: string
  readonly fileId: number
  readonly pictureId: number
}
type FoundShare = OpenShare & { readonly ended: boolean }

/**
 * What stands behind a token, for a stranger.
 * @returns null when there is no such link; `ended` when it has expired, was revoked, or whoever made it is no longer with us
 */
export async function findShare(em: Em, token: string, now: Date): Promise<OpenShare | 'ended' | null> {
  const found = await selectRow<FoundShare>(
    em,
    sql`select s.id, s.title, s.sentence, s.format, s.locale, s.as_of as "asOf", s.expires_at as "expiresAt", e.name as "ownerName",
      o.name as "organizationName", o.time_zone as "timeZone", s.file_id as "fileId", s.picture_id as "pictureId",
      s.expires_at <= ${now} or s.revoked_at is not null or s.file_id is null or e.deactivated_at is not null as ended
    from report_share s join employee e on e.id = s.employee_id join organization o on o.id = 1 where s.token_hash = ${hashOf(token)}`,
  )
  if (!found) return null
  return found.ended ? 'ended' : found
}

/** The bytes of a shared report or of its picture. */
export function readSharedFile(em: Em, share: OpenShare, what: 'file' | 'picture'): Promise<KeptFile | null> {
  return readKeptFile(em, what === 'file' ? share.fileId : share.pictureId)
}

/** Counts that a link was opened. */
export async function countOpening(em: Em, share: OpenShare, now: Date): Promise<void> {
  await selectRows(em, sql`update report_share set opened = opened + 1, opened_at = ${now} where id = ${share.id}`)
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
