import type { Operator } from './conditions.ts'

/**
 * What rules, gates and branches may ask about a deal. Besides these there are facts by the company's own words:
 * `field.<code>` (a custom field), `document.<type code>` (the furthest state of a document of that type), see `factKindOf`.
 */
export type FactKind = 'text' | 'number' | 'money' | 'day' | 'choice' | 'choices' | 'flag'

/** Whose entries a choice is made from, for editors. */
export type FactSource =
  | 'dealType'
  | 'status'
  | 'stage'
  | 'department'
  | 'employee'
  | 'counterparty'
  | 'role'
  | 'documentState'
  | 'process'

export type FactDeclaration = { readonly kind: FactKind; readonly source?: FactSource }

/** The facts every deal has. Choices carry codes (types, statuses, stages) or ids as text (departments, employees, counterparties). */
export const factDeclarations = {
  type: { kind: 'choice', source: 'dealType' },
  status: { kind: 'choice', source: 'status' },
  stage: { kind: 'choice', source: 'stage' },
  amount: { kind: 'money' },
  currency: { kind: 'text' },
  title: { kind: 'text' },
  counterparty: { kind: 'choice', source: 'counterparty' },
  contact: { kind: 'flag' },
  requisitesComplete: { kind: 'flag' },
  department: { kind: 'choice', source: 'department' },
  owner: { kind: 'choice', source: 'employee' },
  expectedCloseOn: { kind: 'day' },
  daysInStatus: { kind: 'number' },
  hoursInStage: { kind: 'number' },
  openTasks: { kind: 'number' },
  paidAmount: { kind: 'money' },
  tags: { kind: 'choices' },
  isLinked: { kind: 'flag' },
  /** Codes of the processes that run on the deal, the main one among them. */
  runningProcesses: { kind: 'choices', source: 'process' },
} as const satisfies Record<string, FactDeclaration>
export type BuiltInFact = keyof typeof factDeclarations

/** The built-in facts that people write into a deal; besides them, custom fields. Rules that wait for a changed field wait for one of these. */
export const editedFacts: readonly string[] = [
  'title',
  'amount',
  'counterparty',
  'contact',
  'expectedCloseOn',
] satisfies BuiltInFact[]

/** How far a document has come; later ones contain earlier ones, `rejected` and `void` stand beside. */
export const documentStates = ['draft', 'on_approval', 'approved', 'signed', 'rejected', 'void'] as const
export type DocumentState = (typeof documentStates)[number]

export const fieldKinds = [
  'text',
  'number',
  'money',
  'day',
  'choice',
  'several',
  'flag',
  'file',
  'counterparty',
  'employee',
] as const
export type FieldKind = (typeof fieldKinds)[number]

/** The kind of fact that a custom field gives. */
export const factKindOfField: Readonly<Record<FieldKind, FactKind>> = {
  text: 'text',
  number: 'number',
  money: 'money',
  day: 'day',
  choice: 'choice',
  several: 'choices',
  flag: 'flag',
  file: 'flag',
  counterparty: 'choice',
  employee: 'choice',
}

/** Which comparisons make sense for a kind of fact, in the order an editor offers them. */
export const operatorsFor: Readonly<Record<FactKind, readonly Operator[]>> = {
  text: ['is', 'isNot', 'contains', 'isSet', 'isEmpty'],
  number: ['atLeast', 'atMost', 'is', 'isSet', 'isEmpty'],
  money: ['atLeast', 'atMost', 'is', 'isSet', 'isEmpty'],
  day: ['atLeast', 'atMost', 'isSet', 'isEmpty'],
  choice: ['is', 'isNot', 'oneOf', 'noneOf', 'isSet', 'isEmpty'],
  choices: ['oneOf', 'noneOf', 'isSet', 'isEmpty'],
  flag: ['is'],
}

/**
 * The kind of a fact by its key; `fields` are the custom fields by code.
 * @returns undefined for a fact that is not declared
 */
export function factKindOf(fact: string, fields: ReadonlyMap<string, FieldKind>): FactKind | undefined {
  if (fact in factDeclarations) return factDeclarations[fact as BuiltInFact].kind
  if (fact.startsWith('document.')) return 'choice'
  const field = fact.startsWith('field.') ? fields.get(fact.slice('field.'.length)) : undefined
  return field && factKindOfField[field]
}

/** What rules call a field of a deal as its edits are recorded; null for what they do not ask about. */
export function factOfField(field: string): string | null {
  if (field === 'amountMinor') return 'amount'
  return field.startsWith('field.') || field in factDeclarations ? field : null
}
