/** `GET /api/kits`: `{ items }`, in the order they are offered; everything in words of the caller's language. */
export type KitView = {
  readonly code: string
  readonly name: string
  readonly summary: string
  readonly icon: string
  /** The deal type is there, under the kit's code. */
  readonly installed: boolean
  readonly process: KitProcessView
  readonly furtherProcesses: readonly KitProcessView[]
  readonly rules: readonly { readonly name: string; readonly sentence: string }[]
  /** Names of the deal type's own fields and documents. */
  readonly fields: readonly string[]
  readonly documents: readonly string[]
  /** Names of the statuses that the company does not have yet. */
  readonly newStatuses: readonly string[]
}

export type KitProcessView = { readonly code: string; readonly name: string; readonly stages: readonly KitStageView[] }

export type KitStageView = {
  readonly code: string
  readonly name: string
  /** As the company calls it; `step` is its place 1..8 on the ramp. */
  readonly status: { readonly name: string; readonly step: number | null } | null
  readonly timeLimitHours: number | null
  /** What must hold to enter it, a sentence each. */
  readonly gates: readonly string[]
  /** Titles of the tasks that it gives. */
  readonly tasks: readonly string[]
  readonly ways: readonly {
    /** Name of the stage that it leads to. */
    readonly to: string
    readonly name: string | null
    readonly kind: 'forward' | 'back'
    /** When it is offered, in words; null: always. */
    readonly condition: string | null
  }[]
}
