import { checkDraft, type Known } from '../../shared/domain/process-draft.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'

export const sale = { code: 'sale', fields: new Set(['place']), documentTypes: new Set(['contract']) }
/** What the company of these drafts has. */
export const known: Known = {
  statuses: new Set(['new', 'won', 'other']),
  documentTypes: new Set(['contract', 'act', 'bill']),
  payableTypes: new Set(['bill']),
  fields: new Map([
    ['place', 'text'],
    ['size', 'number'],
  ]),
  employees: new Set([1]),
  roles: new Set(['admin', 'head']),
  dealTypes: [sale],
  givenOnlyHere: new Set(),
}
/** The findings as `!kind stage what`: an error, `?` a warning. */
export const found = (given: ProcessDraft, more: Partial<Known> = {}) =>
  checkDraft(given, { ...known, ...more }).map(
    ({ kind, stage: code, what, isError }) => `${isError ? '!' : '?'}${kind} ${code} ${what}`,
  )
