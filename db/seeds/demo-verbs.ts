/** One thing that somebody does to a deal, as the use-cases take it. Ids are those of the seeds. */
export type DemoVerb = { readonly at: Date; readonly actorId: number; readonly door: 'web' | 'bot' } & DemoDeed

export type DemoDeed =
  | {
      readonly verb: 'create'
      readonly typeCode: string
      readonly title: string
      readonly description: string
      readonly counterpartyId: number
      readonly contactId: number | null
      readonly ownerId: number
      readonly amountMinor: number
      readonly expectedCloseOn: string | null
    }
  | { readonly verb: 'move'; readonly stage: string; readonly comment?: string }
  | { readonly verb: 'setStatus'; readonly status: string; readonly reason: string; readonly hold: boolean }
  | { readonly verb: 'liftHold' }
  | { readonly verb: 'lose'; readonly status: string; readonly reason: string }
  | { readonly verb: 'reopen'; readonly reason: string }
  | { readonly verb: 'reassign'; readonly employeeId: number; readonly comment: string }
  | { readonly verb: 'participants'; readonly employeeIds: readonly number[] }
  | { readonly verb: 'edit'; readonly amountMinor?: number; readonly expectedCloseOn?: string; readonly probabilityPct?: number }
  /** Takes the deed before it back, within the ten minutes. */
  | { readonly verb: 'undo' }
  | { readonly verb: 'comment'; readonly text: string }

/** A deal's whole life, oldest deed first; the first one creates it. */
export type DealScript = readonly DemoVerb[]
