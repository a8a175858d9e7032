import { Deal } from '../../../db/entities/deal.ts'
import { DealType, Status } from '../../../db/entities/process.ts'
import type { ActionOutcome } from '../../../db/entities/rules.ts'
import { selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { selectCurrentVersion } from '../../../db/queries/dictionaries.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { takeOverFields } from '../../../shared/domain/custom-fields.ts'
import type { Session } from '../../session.ts'
import { announceDeal } from '../deals/change-deal.ts'
import { newChange, openVisit, recordCompanion, recordEvent } from '../deals/deal-record.ts'
import { firstStatus } from '../deals/first-status.ts'
import { startRun } from '../deals/start-run.ts'
import { findDealType, readStatuses, refOf } from '../dictionary.ts'
import { applyRules } from './apply-rules.ts'
import type { ActionContext, ActionOf } from './do-action.ts'

/**
 * A deal of a type for the same client, owner, department and amount, at the first stage of its process, with the values of the custom fields
 * that both types have. Rules hear of it as of any new deal, as the next step of the same chain. The date that a rule answers to is not taken
 * over: it is the old deal's. What a rule makes each period does not make more of its kind: else they would double each time.
 * @returns with the required fields that are left to fill in: they hinder nothing. @throws AppError not_found
 */
export async function createLinkedDeal(
  { change, event, heard, rule }: ActionContext,
  action: ActionOf<'create_deal'>,
): Promise<Omit<ActionOutcome, 'action'>> {
  const { session, deal } = change
  const type = await findDealType(session, action.dealType)
  if (type.archived) throw new AppError('not_found', { what: type.code })
  if (heard.event.kind === 'period_began' && (await isMadeBy(session, deal.id, rule.id))) return { outcome: 'skipped' }
  const version = type.templateId === null ? null : await selectCurrentVersion(session.em, type.templateId)
  const statuses = await readStatuses(session)
  const until = heard.event.kind === 'date_near' ? heard.event.fact : null
  const own = Object.fromEntries(Object.entries(deal.fields).filter(([code]) => `field.${code}` !== until))
  const fields = await selectCustomFields(session.em)
  const taken = takeOverFields(
    own,
    fields.filter(({ typeId }) => typeId === deal.type.id),
    fields.filter(({ typeId }) => typeId === type.id),
  )
  const linked = session.em.create(Deal, {
    title: `${action.title[session.locale]}: ${deal.title}`.slice(0, 300),
    type: session.em.getReference(DealType, type.id),
    counterparty: deal.counterparty ?? null,
    contact: deal.contact ?? null,
    owner: deal.owner,
    department: deal.department,
    amountMinor: deal.amountMinor,
    currency: deal.currency,
    status: session.em.getReference(Status, firstStatus(version, statuses)),
    statusSince: session.now,
    fields: taken.values,
    parent: deal,
    createdAt: session.now,
    changedAt: session.now,
  })
  session.em.persist(linked)
  const making = newChange(session, linked, 'own', change.chain)
  making.heard.push({ event: { kind: 'deal_created' }, runId: null })
  const made = recordEvent(session, linked, { kind: 'deal_created', status: refOf(statuses.byId(linked.status.id)) })
  const stage = version ? (await startRun(making, version, true)).stage : null
  openVisit(session, linked, { kind: 'rule', rule: { id: rule.id, name: rule.names }, eventId: event.id }, stage)
  await session.em.flush()
  recordCompanion(change, { kind: 'deal_linked', deal: { number: linked.number, title: linked.title } })
  recordEvent(session, linked, { kind: 'deal_linked', deal: { number: deal.number, title: deal.title } })
  await applyRules(making, made)
  await session.em.flush()
  await announceDeal(session, linked)
  if (taken.empty.length === 0) return { outcome: 'done' }
  return { outcome: 'done', problem: 'fields_empty', fields: taken.empty.map(({ names }) => names) }
}

/** Was the deal itself made by this rule? Its first visit says so. */
async function isMadeBy({ em }: Session, dealId: number, ruleId: number): Promise<boolean> {
  const first = await selectRow<{ ruleId: number | null }>(
    em,
    sql`select (cause -> 'rule' ->> 'id')::int as "ruleId" from status_visit where deal_id = ${dealId} order by id limit 1`,
  )
  return first?.ruleId === ruleId
}
