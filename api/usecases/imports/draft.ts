import type { ProcessVersionRow, StatusRow } from '../../../db/queries/dictionaries.ts'
import type { FieldValue } from '../../../shared/domain/custom-fields.ts'
import type { Session } from '../../session.ts'
import type { CustomValues } from './custom-values.ts'
import type { Directory } from './directory.ts'
import type { StatusMatcher, TypeMatcher } from './match-codes.ts'
import type { Step } from './plan-visits.ts'
import type { Reporter } from './report.ts'
import type { RowScope, RowValues } from './row-values.ts'

/** A deal as a file tells it. A field that the file does not have is undefined: an existing deal keeps its own. */
export type DealDraft = {
  readonly externalId: string
  readonly typeId: number
  readonly templateId: number | null
  readonly title: string | undefined
  readonly description: string | undefined
  readonly counterpartyId: number | null | undefined
  readonly ownerId: number | undefined
  readonly departmentId: number | undefined
  readonly amountMinor: number | undefined
  /** With the amount. */
  readonly currency: string | undefined
  readonly expectedCloseOn: string | null | undefined
  readonly lostReason: string | null | undefined
  /** Custom fields that the file has, by code. */
  readonly custom?: Readonly<Record<string, FieldValue>>
  /** ms since 1970; null: when the first visit began. */
  readonly createdAt: number | null
  readonly steps: readonly Step[]
  /** For a deal that has to be made: whose it is. */
  readonly fallback: { readonly ownerId: number; readonly departmentId: number }
}

/** What the readers of rows work with. */
export type ImportScope = RowScope & {
  readonly session: Session
  readonly path: string
  readonly batchId: number
  readonly values: RowValues
  readonly custom: CustomValues
  readonly directory: Directory
  readonly statuses: StatusMatcher
  readonly types: TypeMatcher
  readonly report: Reporter
  /** Called for every row; throws when the import was cancelled, gives way to others now and then. */
  readonly step: (row: number, pass?: 2 | 3) => Promise<void>
  /** Current versions of templates, read once each; null where none is published. */
  readonly versions: Map<number, ProcessVersionRow | null>
  /** When a step without a date began, ms. */
  readonly undatedAt: number
}

/** Order among statuses of one moment: losses last. */
export function placeOfStatus(status: StatusRow): number {
  return status.category === 'lost' ? Number.MAX_SAFE_INTEGER : status.rank
}
