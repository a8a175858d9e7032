import assert from 'node:assert/strict'
import type { Session } from '../../api/session.ts'
import { decideApproval } from '../../api/usecases/approvals/decide-approval.ts'
import { addContact, createCounterparty, editCounterparty } from '../../api/usecases/counterparties.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { createDocument } from '../../api/usecases/documents/create-document.ts'
import { recordPayment } from '../../api/usecases/documents/payments.ts'
import { setDocumentState } from '../../api/usecases/documents/set-document-state.ts'
import { listTasks } from '../../api/usecases/tasks/list-tasks.ts'
import { setTaskState } from '../../api/usecases/tasks/set-task-state.ts'
import type { Orm } from '../../db/orm.ts'
import { continueSequence, insertRows } from '../../db/seeds/insert-rows.ts'
import { loadEmptyCompany } from '../../db/seeds/load-empty.ts'
import type { DocumentState } from '../../shared/domain/facts.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { CreateDeal, EditDeal } from '../../shared/schemas/deals.ts'
import { CreateCounterparty } from '../../shared/schemas/directory.ts'
import { CreateDocument, RecordPayment } from '../../shared/schemas/documents.ts'
import { DecideApproval, ListTasks } from '../../shared/schemas/work.ts'
import type { Role } from '../../shared/views/common.ts'
import { type Clock, standingClock } from '../support/clock.ts'
import { freshDatabase } from '../support/database.ts'
import { organization } from '../support/world.ts'
import { seen } from './deal-facts.ts'

/** A company as it is before anything was set up, with one person in each role. */
export type Office = { readonly orm: Orm; readonly clock: Clock; readonly as: (role: Role) => Session }

const roles: readonly Role[] = ['admin', 'executive', 'head', 'manager', 'field']

/** @param staff who works there, the administrator first */
export async function emptyOffice(staff = roles): Promise<Office> {
  const orm = await freshDatabase()
  const clock = standingClock()
  await loadEmptyCompany(orm.em.fork(), organization)
  const people = staff.map((role, index) => ({ id: index + 1, login: role, name: `Лицо ${role}`, role, department_id: 1 }))
  await insertRows(
    orm.em.fork(),
    'employee',
    { id: 'int', login: 'text', name: 'text', role: 'text', department_id: 'int' },
    people,
  )
  await continueSequence(orm.em.fork(), 'employee', people.length)
  const as = (role: Role): Session => {
    const { id, name } = people.find((person) => person.role === role)!
    const actor = { id, name, role, departmentId: 1 }
    return { em: orm.em.fork(), actor, now: clock.now(), locale: 'ru', door: 'web', organization }
  }
  return { orm, clock, as }
}

/** The main run, or the one of a template. */
export function runOf({ runs, versions }: DealCard, template?: string): DealCard['runs'][number] {
  const codeOf = (versionId: number) => versions.find(({ id }) => id === versionId)?.templateCode
  const run = runs.find((one) => (template === undefined ? one.isMain : codeOf(one.templateVersionId) === template))
  assert.ok(run, `no run of ${template ?? 'the main process'}`)
  return run
}

/** What a deal turns out to be; set when a gate asks for it. */
export type Plan = { readonly amountMinor: number; readonly fields: Readonly<Record<string, string | number>> }

/** A deal of a manager who does what the card says is missing, by the verbs of the product alone. */
export type Walk = {
  readonly card: () => Promise<DealCard>
  /** Takes a run (the main one unless its template is named) to a stage. */
  readonly to: (stage: string, template?: string) => Promise<DealCard>
  readonly takeDocument: (type: string, goal: DocumentState) => Promise<DealCard>
  readonly set: (fields: Plan['fields']) => Promise<DealCard>
}

export async function startDeal(office: Office, type: string, plan: Plan, number?: number): Promise<Walk> {
  const { as, clock } = office
  const { counterparty } = await createCounterparty(as('manager'), CreateCounterparty.parse({ name: `ООО «Клиент ${type}»` }))
  const amount = { amountMinor: 0, currency: 'RUB' }
  const input = CreateDeal.parse({ title: `Сделка ${type}`, type, amount, ownerId: as('manager').actor.id })
  const deal = number ?? (await createDeal(as('admin'), input)).deal.number
  const card = () => showDeal(as('manager'), { number: deal })
  const edit = async (fields: object) => editDeal(as('manager'), EditDeal.parse({ ...seen(await card()), ...fields }))
  const sum = { amountMinor: plan.amountMinor, currency: 'RUB' }

  async function takeDocument(code: string, goal: DocumentState | 'paid'): Promise<DealCard> {
    const find = async () => (await card()).documents.find(({ row }) => row.typeCode === code && row.state !== 'void')?.row
    if (!(await find())) {
      const payable = code === 'invoice' || code === 'act' ? { amount: sum } : {}
      await createDocument(
        as('manager'),
        CreateDocument.parse({ deal, type: code, number: '1', datedOn: '2026-11-20', ...payable }),
      )
    }
    const steps: readonly [DocumentState, Role][] = [
      ['on_approval', 'manager'],
      ['approved', 'head'],
      ['signed', 'manager'],
    ]
    const wanted = goal === 'paid' ? 2 : steps.findIndex(([state]) => state === goal) + 1
    for (const [state, role] of steps.slice(0, wanted)) {
      const { id, version, next } = { ...(await find())!, next: (await showDeal(as(role), { number: deal })).documents }
      if (next.find(({ row }) => row.id === id)!.next.includes(state)) await setDocumentState(as(role), { id, version, state })
    }
    if (goal !== 'paid') return card()
    const { id, version } = (await find())!
    return recordPayment(as('manager'), RecordPayment.parse({ id, version, amount: sum, paidOn: '2026-11-21' }))
  }

  async function meet(gate: Gate, run: number, stage: string): Promise<unknown> {
    switch (gate.kind) {
      case 'fields': {
        const own = gate.facts.filter((fact) => fact.startsWith('field.')).map((fact) => fact.slice('field.'.length))
        if (own.length > 0) await edit({ fields: Object.fromEntries(own.map((code) => [code, plan.fields[code]])) })
        if (gate.facts.includes('counterparty')) await edit({ counterpartyId: counterparty.id })
        if (!gate.facts.includes('contact')) return
        const { contacts } = await addContact(as('manager'), { id: counterparty.id, name: 'Анна' })
        return edit({ contactId: contacts[0]!.id })
      }
      case 'amount':
        return edit({ amount: sum })
      case 'document':
        return takeDocument(gate.documentType, gate.goal as DocumentState)
      case 'requisites':
        return editCounterparty(as('manager'), {
          id: counterparty.id,
          version: counterparty.version,
          inn: '7701234567',
          kpp: '770101001',
          address: 'Москва',
        })
      case 'tasks': {
        const { rows } = await listTasks(as('admin'), ListTasks.parse({ deal, state: 'open' }))
        for (const { id, version } of rows) await setTaskState(as('admin'), { id, version, state: 'done' })
        return
      }
      case 'approval':
        return decideApproval(as(gate.role), DecideApproval.parse({ ...seen(await card()), run, stage, approved: true }))
      case 'time':
        return clock.advance({ days: gate.hours / 24 })
    }
  }

  async function to(stage: string, template?: string): Promise<DealCard> {
    const now = await card()
    const run = runOf(now, template)
    const way = now.ways.get(run.id)?.find((one) => one.stage.code === stage)
    assert.ok(way, `${type}: no way to ${stage}`)
    for (const { gate } of way.missing) await meet(gate!, run.id, stage)
    return moveDeal(as('manager'), { ...seen(await card()), stage, run: run.id })
  }
  return { card, to, takeDocument, set: (fields) => edit({ fields }) }
}
