import { Contact, Counterparty } from '../../../db/entities/counterparty.ts'
import { Deal, DealParticipant } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { DealType, Status } from '../../../db/entities/process.ts'
import { selectCurrentVersion } from '../../../db/queries/dictionaries.ts'
import { visibleCounterparties } from '../../../db/queries/visibility.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { mergeFields } from '../../../shared/domain/custom-fields.ts'
import { assertCurrency } from '../../../shared/domain/money.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { CreateDealInput } from '../../../shared/schemas/deals.ts'
import { type Session, transact } from '../../session.ts'
import { checkDealFields } from '../deal-types/check-fields.ts'
import { defaultOwner } from '../deal-types/default-owner.ts'
import { findDealType, readStatuses, refOf } from '../dictionary.ts'
import { applyRules } from '../rules/apply-rules.ts'
import { announceDeal } from './change-deal.ts'
import { newChange, openVisit, recordEvent } from './deal-record.ts'
import { firstStatus } from './first-status.ts'
import { type DealCard, showDeal } from './show-deal.ts'
import { startRun } from './start-run.ts'

/**
 * Creates a deal of a type: it begins the type's main process at its first stage, whose status it gets. Then the rules hear of it.
 * @returns the new deal's card.
 * Nobody named, it is whose the type's rule says.
 * @throws AppError forbidden, not_found (type, counterparty, contact, owner), input_invalid (custom fields), currency_unknown, reassign_outside, employee_inactive
 */
export async function createDeal(session: Session, input: CreateDealInput): Promise<DealCard> {
  return transact(session, async (inside) => {
    if (!isAble(inside.actor, 'deal.create')) throw new AppError('forbidden')
    assertCurrency(input.amount.currency)
    const type = await findDealType(inside, input.type)
    if (type.archived) throw new AppError('not_found', { what: type.code })
    const version = type.templateId === null ? null : await selectCurrentVersion(inside.em, type.templateId)
    const statuses = await readStatuses(inside)
    const owner = input.ownerId === undefined ? await defaultOwner(inside, type.ownerRule) : await ownerFor(inside, input.ownerId)
    const { counterparty, contact } = await clientFor(inside, input)
    const fields = await checkDealFields(inside, input.fields ?? {}, { typeId: type.id, isWhole: true })
    const deal = inside.em.create(Deal, {
      title: input.title,
      description: input.description,
      type: inside.em.getReference(DealType, type.id),
      counterparty,
      contact,
      owner,
      department: owner.department,
      amountMinor: input.amount.amountMinor,
      currency: input.amount.currency,
      status: inside.em.getReference(Status, firstStatus(version, statuses)),
      statusSince: inside.now,
      expectedCloseOn: input.expectedCloseOn ?? null,
      fields: mergeFields({}, fields.values),
      createdAt: inside.now,
      changedAt: inside.now,
    })
    inside.em.persist(deal)
    const change = newChange(inside, deal, 'own')
    change.heard.push({ event: { kind: 'deal_created' }, runId: null })
    if (inside.door === 'api') change.heard.push({ event: { kind: 'lead_received' }, runId: null })
    const event = recordEvent(inside, deal, { kind: 'deal_created', status: refOf(statuses.byId(deal.status.id)) })
    const stage = version ? (await startRun(change, version, true)).stage : null
    openVisit(inside, deal, { kind: 'creation' }, stage)
    await inside.em.flush()
    // By the type's rule the deal may be another's: who entered it still sees it.
    if (input.ownerId === undefined && owner.id !== inside.actor.id) takePart(inside, deal)
    await applyRules(change, event)
    await inside.em.flush()
    await announceDeal(inside, deal)
    return showDeal(inside, { number: deal.number })
  })
}

function takePart(session: Session, deal: Deal): void {
  session.em.persist(session.em.create(DealParticipant, { deal, employee: session.em.getReference(Employee, session.actor.id) }))
}

/**
 * The employee who may be given a deal by the actor: himself, or anyone with the right to give to others (a head: within his subtree).
 * @throws AppError not_found, forbidden, employee_inactive, reassign_outside
 */
export async function ownerFor(session: Session, employeeId: number): Promise<Employee> {
  const owner = await session.em.findOne(Employee, employeeId)
  if (!owner) throw new AppError('not_found', { what: 'employee' })
  if (owner.deactivatedAt !== null) throw new AppError('employee_inactive', { name: owner.name })
  if (owner.id === session.actor.id) return owner
  if (session.actor.role === 'admin' || session.actor.role === 'executive') return owner
  if (session.actor.role !== 'head') throw new AppError('forbidden')
  const inside = await selectRow(
    session.em,
    sql`select 1 from department_subtree(${session.actor.departmentId}) as id where id = ${owner.department.id}`,
  )
  if (!inside) throw new AppError('reassign_outside')
  return owner
}

/** The counterparty and its contact as references. @throws AppError not_found */
export async function clientFor(
  session: Session,
  input: { readonly counterpartyId?: number | null | undefined; readonly contactId?: number | null | undefined },
): Promise<{ counterparty: Counterparty | null; contact: Contact | null }> {
  const counterpartyId = input.counterpartyId ?? null
  if (counterpartyId === null) {
    if (input.contactId != null) throw new AppError('not_found', { what: 'contact' })
    return { counterparty: null, contact: null }
  }
  const seen = await selectRow(
    session.em,
    sql`select 1 from counterparty where id = ${counterpartyId} and ${visibleCounterparties(session.actor)}`,
  )
  if (!seen) throw new AppError('not_found', { what: 'counterparty' })
  const counterparty = session.em.getReference(Counterparty, counterpartyId)
  if (input.contactId == null) return { counterparty, contact: null }
  const contact = await session.em.findOne(Contact, { id: input.contactId, counterparty, archivedAt: null })
  if (!contact) throw new AppError('not_found', { what: 'contact' })
  return { counterparty, contact }
}
