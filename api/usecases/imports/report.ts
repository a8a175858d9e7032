import type { Cell } from '../../../shared/domain/import-values.ts'
import type { ImportKey } from '../../../shared/messages/ru/import.ts'
import type { Locale } from '../../../shared/views/common.ts'
import type { ImportBatchView } from '../../../shared/views/imports.ts'
import { errorFileHead, errorFileLine } from '../../imports/error-file.ts'
import { sayImport } from './sentences.ts'

export type Values = Readonly<Record<string, string | number>>
export type Refusal = { readonly code: ImportKey; readonly column: string | null; readonly values: Values }
export type CreatedKind = keyof ImportBatchView['created']

/** What stands in `import_batch.report`; sentences are made when it is read, in the reader's language. */
export type ImportReport = {
  readonly rowsTotal: number
  readonly rowsTaken: number
  readonly rowsUnchanged: number
  readonly rowsRefused: number
  readonly created: ImportBatchView['created']
  readonly repairs: ImportBatchView['repairs']
  readonly problems: readonly (Refusal & { readonly row: number })[]
  readonly warnings: readonly {
    readonly code: ImportKey
    readonly column: string | null
    readonly rows: number
    readonly values: Values
  }[]
  /** Ids of the entries that were made or revived, so that an undo can put them away. */
  readonly createdIds: Readonly<Partial<Record<CreatedKind, readonly number[]>>>
}

export type Reporter = {
  total(rows: number): void
  taken(rows: number): void
  unchanged(rows: number): void
  refuse(row: { readonly rowNumber: number; readonly cells: readonly Cell[] }, refusal: Refusal): void
  warn(code: ImportKey, column: string | null, values?: Values, rows?: number): void
  repair(column: string, value: string, proposal: string, applied: boolean, rows?: number): void
  created(kind: CreatedKind, ids: readonly number[]): void
  report(): ImportReport
  /** The file of refused rows, or null when all were taken. */
  refusedFile(): string | null
}

const shownProblems = 100
/** Characters: the file lies in a column of the batch. */
const largestFile = 16_000_000

/** Gathers what becomes of the rows. Deals are only counted: there may be a million of them. */
export function createReporter(header: readonly string[], locale: Locale): Reporter {
  const t = sayImport[locale]
  const rows = { total: 0, taken: 0, unchanged: 0, refused: 0 }
  const made = new Map<CreatedKind, { count: number; ids: number[] }>()
  const repairs = new Map<string, { column: string; value: string; proposal: string; rows: number; applied: boolean }>()
  const warnings = new Map<string, { code: ImportKey; column: string | null; rows: number; values: Values }>()
  const problems: (Refusal & { row: number })[] = []
  const lines: string[] = []
  let length = 0
  const warn: Reporter['warn'] = (code, column, values = {}, count = 1) => {
    const known = warnings.get(`${code} ${column}`)
    if (known) known.rows += count
    else warnings.set(`${code} ${column}`, { code, column, rows: count, values })
  }
  return {
    total(count) {
      rows.total += count
    },
    taken(count) {
      rows.taken += count
    },
    unchanged(count) {
      rows.unchanged += count
    },
    refuse(row, refusal) {
      rows.refused++
      if (problems.length < shownProblems) problems.push({ ...refusal, row: row.rowNumber })
      const reason = `${refusal.column === null ? '' : `${refusal.column}: `}${t(refusal.code, refusal.values)}`
      const line = errorFileLine({ rowNumber: row.rowNumber, reason, cells: row.cells })
      if (length + line.length > largestFile) return warn('refused_file_cut', null)
      length += line.length
      lines.push(line)
    },
    warn,
    repair(column, value, proposal, applied, count = 1) {
      const known = repairs.get(`${column} ${value}`)
      if (known) known.rows += count
      else repairs.set(`${column} ${value}`, { column, value, proposal, rows: count, applied })
    },
    created(kind, ids) {
      const known = made.get(kind) ?? { count: 0, ids: [] }
      known.count += ids.length
      if (kind !== 'deals') known.ids.push(...ids)
      made.set(kind, known)
    },
    report: () => ({
      rowsTotal: rows.total,
      rowsTaken: rows.taken,
      rowsUnchanged: rows.unchanged,
      rowsRefused: rows.refused,
      created: {
        deals: made.get('deals')?.count ?? 0,
        counterparties: made.get('counterparties')?.count ?? 0,
        employees: made.get('employees')?.count ?? 0,
        departments: made.get('departments')?.count ?? 0,
        dealTypes: made.get('dealTypes')?.count ?? 0,
        statuses: made.get('statuses')?.count ?? 0,
      },
      repairs: [...repairs.values()].sort((a, b) => b.rows - a.rows).slice(0, 500),
      problems,
      warnings: [...warnings.values()],
      createdIds: Object.fromEntries([...made].map(([kind, { ids }]) => [kind, ids])),
    }),
    refusedFile: () =>
      lines.length === 0 ? null : errorFileHead({ header, titles: { row: t('row'), reason: t('reason') } }) + lines.join(''),
  }
}

/** What a batch says before anything is known. */
export const emptyReport: ImportReport = createReporter([], 'en').report()
