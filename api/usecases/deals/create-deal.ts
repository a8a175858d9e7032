import { Contact, Counterparty } from '../../../db/entities/counterparty.ts'
import { Deal, ProcessRun } from '../../../db/entities/deal.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { DealType, ProcessTemplateVersion, Stage, Status } from '../../../db/entities/process.ts'
import { type ProcessVersionRow, selectCurrentVersion } from '../../../db/queries/dictionaries.ts'
import { visibleCounterparties } from '../../../db/queries/visibility.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import type { CreateDealInput } from '../../../shared/schemas/deals.ts'
import { type Session, transact } from '../../session.ts'
import { findDealType, readStatuses, refOf, type StatusDictionary } from '../dictionary.ts'
import { announceDeal, openVisit, recordEvent } from './change-deal.ts'
import { type DealCard, showDeal } from './show-deal.ts'

/**
 * Creates a deal of a type: it begins the type's main process at its first stage, whose status it gets.
 * @returns the new deal's card.
 * @throws AppError forbidden, not_found (type, counterparty, contact, owner), currency_unsupported, reassign_outside, employee_inactive
 */
export async function createDeal(session: Session, input: CreateDealInput): Promise<DealCard> {
  return transact(session, async (inside) => {
    if (!isAble(inside.actor, 'deal.create')) throw new AppError('forbidden')
    assertCurrency(inside, input.amount.currency)
    const type = await findDealType(inside, input.type)
    if (type.archived) throw new AppError('not_found', { what: type.code })
    const version = type.templateId === null ? null : await selectCurrentVersion(inside.em, type.templateId)
    const statuses = await readStatuses(inside)
    const owner = await ownerFor(inside, input.ownerId ?? inside.actor.id)
    const { counterparty, contact } = await clientFor(inside, input)
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
      createdAt: inside.now,
      changedAt: inside.now,
    })
    inside.em.persist(deal)
    const stage = version ? startMainRun(inside, deal, version) : null
    openVisit(inside, deal, { kind: 'creation' }, stage)
    recordEvent(inside, deal, { kind: 'deal_created', status: refOf(statuses.byId(deal.status.id)) })
    await inside.em.flush()
    await announceDeal(inside, deal)
    return showDeal(inside, { number: deal.number })
  })
}

/** Deals are kept in the organisation's currency. @throws AppError currency_unsupported */
export function assertCurrency(session: Session, currency: string): void {
  const base = session.organization.baseCurrency
  if (currency !== base) throw new AppError('currency_unsupported', { currency, base })
}

/** Starts the main run at the version's first stage. */
export function startMainRun(session: Session, deal: Deal, version: ProcessVersionRow): Stage {
  const first = version.stages[0]
  if (!first) throw new AppError('not_found', { what: 'stage' })
  const stage = session.em.getReference(Stage, first.id)
  const finished = isLastStage(version, first.id)
  session.em.persist(
    session.em.create(ProcessRun, {
      deal,
      templateVersion: session.em.getReference(ProcessTemplateVersion, version.id),
      isMain: true,
      stage,
      stageSince: session.now,
      state: finished ? 'finished' : 'running',
      startedAt: session.now,
      endedAt: finished ? session.now : null,
    }),
  )
  return stage
}

/** The status of the first stage; where the process gives none, the first open status of the dictionary. */
function firstStatus(version: ProcessVersionRow | null, statuses: StatusDictionary): number {
  const stage = version?.stages[0]
  const byRule = version && stage ? statusForStage(version, stage, { statusId: 0, statusHeld: false }) : null
  const fallback = statuses.all.find((status) => status.category === 'open' && !status.archived)
  const found = byRule ?? fallback?.id
  if (found === undefined) throw new AppError('not_found', { what: 'status' })
  return found
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
