import type { PastDealRow } from '../../../db/queries/past.ts'
import type { Facts, FactValue } from '../../../shared/domain/conditions.ts'
import type { DealEventBody, FieldChange } from '../../../shared/domain/events.ts'
import type { FieldKind } from '../../../shared/domain/facts.ts'

/** Kinds of custom fields by deal type and code: `product_sale warranty`. */
export type FieldKinds = ReadonlyMap<string, FieldKind>

/** The facts a deal was made with: today's with the recorded edits taken back. What has no history stands as it is today, see `unsureFacts`. */
export function firstFacts(row: PastDealRow, kinds: FieldKinds): Facts {
  const facts: Record<string, FactValue> = {
    type: row.type,
    amount: inBase(row.amountMinor, row),
    currency: row.currency,
    title: row.title,
    counterparty: row.counterpartyId === null ? null : String(row.counterpartyId),
    contact: row.hasContact,
    requisitesComplete: row.requisitesComplete,
    department: row.departmentIds.map(String),
    owner: String(row.ownerId),
    expectedCloseOn: row.expectedCloseOn,
    tags: row.tags,
    isLinked: row.isLinked,
    paidAmount: 0,
    ...Object.fromEntries(Object.entries(row.fields).map(([code, value]) => [`field.${code}`, value])),
  }
  for (const { body } of row.events.toReversed()) {
    if (body.kind === 'deal_reassigned') facts['owner'] = String(body.from.id)
    if (body.kind === 'deal_edited')
      for (const change of body.changes) Object.assign(facts, factAfter(change.field, change.before, row, kinds))
  }
  return facts
}

/** What the changes of one edit made of the facts. */
export function factsAfter(changes: readonly FieldChange[], row: PastDealRow, kinds: FieldKinds): Facts {
  return Object.assign({}, ...changes.map(({ field, after }) => factAfter(field, after, row, kinds)))
}

/** A sum as rules and gates ask for it: in the organisation's currency, at today's rate. */
export function inBase(amountMinor: number, { basePerMinor }: PastDealRow): number | null {
  return basePerMinor === null ? null : Math.round(amountMinor * basePerMinor)
}

/** Facts of this deal that history does not keep, or keeps by name only. */
export function unsureFacts({ events }: PastDealRow): ReadonlySet<string> {
  const bodies = events.map(({ body }) => body)
  const isChanged = (field: string) =>
    bodies.some((body) => body.kind === 'deal_edited' && body.changes.some((change) => change.field === field))
  return new Set([
    'requisitesComplete',
    'tags',
    ...(isChanged('counterparty') ? ['counterparty'] : []),
    ...(bodies.some((body: DealEventBody) => body.kind === 'deal_reassigned') ? ['department'] : []),
  ])
}

type Recorded = FieldChange['before']

/** The fact that a recorded value of a field gives; nothing for fields that rules do not ask about. */
function factAfter(field: string, value: Recorded, row: PastDealRow, kinds: FieldKinds): Facts {
  switch (field) {
    case 'amountMinor':
      return { amount: inBase(Number(value), row) }
    case 'title':
    case 'expectedCloseOn':
      return { [field]: value }
    case 'contact':
      return { contact: value !== null }
    case 'counterparty':
      // History keeps the name: enough to know that there was one.
      return { counterparty: value === null ? null : value === row.counterparty ? String(row.counterpartyId) : String(value) }
    default: {
      if (!field.startsWith('field.')) return {}
      return { [field]: typedValue(value, kinds.get(`${row.type} ${field.slice('field.'.length)}`)) }
    }
  }
}

function typedValue(value: Recorded, kind: FieldKind | undefined): FactValue {
  if (value === null) return null
  switch (kind) {
    case 'flag':
      return value === 'true'
    case 'file':
      return true
    case 'several':
      return String(value).split(', ')
    default:
      return value
  }
}
