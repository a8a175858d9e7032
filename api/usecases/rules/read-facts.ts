import { type DealFactsRow, selectDealFacts } from '../../../db/queries/rules.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { Facts } from '../../../shared/domain/conditions.ts'
import type { Session } from '../../session.ts'

const hourMs = 3_600_000

/**
 * The facts of a deal under the names that rules, gates and branches use (`shared/domain/facts.ts`).
 * @param runId the run meant by stage, time and approvals; null: the main one. @throws AppError not_found
 */
export async function readFacts(session: Session, dealId: number, runId: number | null): Promise<Facts> {
  const row = await selectDealFacts(session.em, dealId, runId)
  if (!row) throw new AppError('not_found')
  return toFacts(row, session.now)
}

/** Pure: the row as facts at a moment. Time is calendar time. */
export function toFacts(row: DealFactsRow, now: Date): Facts {
  const hoursSince = (since: Date | null): number | null =>
    since === null ? null : Math.max(0, Math.floor((now.getTime() - since.getTime()) / hourMs))
  const byPrefix = (prefix: string, entries: readonly (readonly [string, Facts[string]])[]): Facts =>
    Object.fromEntries(entries.map(([key, value]) => [`${prefix}.${key}`, value]))
  return {
    type: row.type,
    status: row.status,
    stage: row.stage,
    amount: row.amountMinor,
    currency: row.currency,
    title: row.title,
    counterparty: row.counterpartyId === null ? null : String(row.counterpartyId),
    contact: row.contactId !== null,
    requisitesComplete: row.requisitesComplete,
    department: row.departmentIds.map(String),
    owner: String(row.ownerId),
    expectedCloseOn: row.expectedCloseOn,
    daysInStatus: Math.floor((hoursSince(row.statusSince) ?? 0) / 24),
    hoursInStage: hoursSince(row.stageSince),
    openTasks: row.openTasks,
    paidAmount:
      row.basePerMinor === null
        ? null
        : Math.round(row.documents.reduce((sum, document) => sum + document.paidMinor, 0) * row.basePerMinor),
    tags: row.tags,
    isLinked: row.isLinked,
    runningProcesses: row.runningProcesses,
    ...byPrefix('field', Object.entries(row.fields)),
    ...byPrefix(
      'document',
      row.documents.map(({ type, state }) => [type, state]),
    ),
    ...byPrefix(
      'paid',
      row.documents.map(({ type, paidMinor, dueMinor }) => [type, paidMinor > 0 && paidMinor >= (dueMinor ?? 0)]),
    ),
    ...byPrefix(
      'approval',
      row.approvals.map((role) => [role, true]),
    ),
  }
}
