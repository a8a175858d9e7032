/** `GET /api/imports/:id`, and what every import verb answers. */
export type ImportBatchView = {
  readonly id: number
  readonly kind: 'deals' | 'history'
  readonly fileName: string
  readonly state: 'checked' | 'running' | 'done' | 'failed' | 'undone'
  readonly dryRun: boolean
  readonly rowsTotal: number
  readonly rowsTaken: number
  readonly rowsUnchanged: number
  readonly rowsRefused: number
  readonly created: {
    readonly deals: number
    readonly counterparties: number
    readonly employees: number
    readonly departments: number
    readonly dealTypes: number
    readonly statuses: number
  }
  /** Values that a dictionary nearly knows. `applied`: certain, or accepted in the mapping. */
  readonly repairs: readonly {
    readonly column: string
    readonly value: string
    readonly proposal: string
    readonly rows: number
    readonly applied: boolean
  }[]
  /** The first hundred; all of them are in the file of refused rows. */
  readonly problems: readonly {
    readonly row: number
    readonly column: string | null
    readonly code: string
    readonly message: string
  }[]
  /** What one should know of rows that were taken, summed up. */
  readonly warnings: readonly {
    readonly code: string
    readonly column: string | null
    readonly rows: number
    readonly message: string
  }[]
  readonly createdAt: string
  readonly finishedAt: string | null
}
