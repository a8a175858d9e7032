import type { Condition } from '../domain/conditions.ts'
import type { Gate } from '../domain/rules.ts'
import type { Assignee, RuleAction, Words } from '../domain/status-rules.ts'
import type { Kit } from '../schemas/kits.ts'
import type { RuleBody, StageDraft } from '../schemas/process.ts'

/** The few words that kits are written in. Amounts in minor units, time in hours. */
export const owner: Assignee = { kind: 'owner' }
export const departmentHead: Assignee = { kind: 'department_head' }
export const executive: Assignee = { kind: 'role', role: 'executive' }
export const fieldWorker: Assignee = { kind: 'role', role: 'field' }

export const tasksClosed: Gate = { kind: 'tasks' }
export const requisites: Gate = { kind: 'requisites' }
/** Some amount has been named. */
export const amountNamed: Gate = { kind: 'amount', fromMinor: 100, toMinor: null }
export const contractSigned: Gate = { kind: 'document', documentType: 'contract', goal: 'signed' }
export const actSigned: Gate = { kind: 'document', documentType: 'act', goal: 'signed' }
export const invoicePaid: Gate = { kind: 'document', documentType: 'invoice', goal: 'paid' }

export function words(ru: string, en: string): { ru: string; en: string } {
  return { ru, en }
}

export function filled(...facts: string[]): Gate {
  return { kind: 'fields', facts }
}

export function task(ru: string, en: string, dueInHours: number, assignee = owner): StageDraft['tasks'][number] {
  return { title: { ru, en }, assignee, dueInHours }
}

type Way = StageDraft['ways'][number]
export function to(stage: string, names: Words | null = null, condition: Condition | null = null): Way {
  return { to: stage, names, condition }
}

type StageParts = Partial<Pick<StageDraft, 'gates' | 'tasks'>> & { readonly limit?: number; readonly ways: Way[] }
export function stage(code: string, names: Words, status: string | null, { limit, ...parts }: StageParts): StageDraft {
  return { code, names, status, timeLimitHours: limit ?? null, gates: [], tasks: [], ...parts }
}

type Traits = Partial<Pick<Kit['fields'][number], 'inList' | 'inFilter' | 'options'>>
export function field(
  code: string,
  ru: string,
  en: string,
  kind: Kit['fields'][number]['kind'],
  traits: Traits = {},
): Kit['fields'][number] {
  return { code, names: { ru, en }, kind, options: [], isRequired: false, inList: false, inFilter: false, ...traits }
}

type RuleParts = Pick<RuleBody, 'trigger' | 'actions'> & Partial<Pick<RuleBody, 'condition' | 'forwardOnly'>>
/** A rule for deals of one type, in force. */
export function rule(dealType: string, ru: string, en: string, parts: RuleParts): RuleBody {
  return { names: { ru, en }, dealTypes: [dealType], condition: { all: [] }, forwardOnly: false, isActive: true, ...parts }
}

export function setStatus(status: string): RuleAction {
  return { kind: 'set_status', status }
}

export function giveTask(ru: string, en: string, dueInHours: number, assignee = owner): RuleAction {
  return { kind: 'create_task', title: { ru, en }, assignee, dueInHours }
}

export function notify(receiver: Assignee, ru: string, en: string): RuleAction {
  return { kind: 'notify', to: receiver, text: { ru, en } }
}

export function statusIn(...statuses: string[]): Condition {
  return { fact: 'status', is: 'oneOf', value: statuses }
}

/** Documents that several kits use; a company has them from the start. */
export const contract = { code: 'contract', names: { ru: 'Договор', en: 'Contract' }, isPayable: false }
export const invoice = { code: 'invoice', names: { ru: 'Счёт', en: 'Invoice' }, isPayable: true }
export const act = { code: 'act', names: { ru: 'Акт', en: 'Acceptance act' }, isPayable: true }
export const protocol = { code: 'protocol', names: { ru: 'Протокол', en: 'Protocol' }, isPayable: false }
