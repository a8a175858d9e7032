/** An entry into a status; `at` in ms since 1970, null where the file has no date. */
export type Step = {
  readonly statusId: number
  readonly at: number | null
  readonly ownerId: number
  readonly departmentId: number
  readonly actorId: number | null
  readonly amountMinor: number
  readonly currency: string
}
export type DatedStep = Step & { readonly at: number }
export type KnownVisit = { readonly statusId: number; readonly enteredAt: number }
export type VisitPlan =
  | { readonly ok: true; readonly append: readonly DatedStep[] }
  | { readonly ok: false; readonly reason: 'dates_reversed' | 'history_differs' }

/**
 * Which steps of a file are new to a deal. Steps that the deal has already are left out; new ones must come after its last visit, for
 * earlier visits are never rewritten. Neighbouring steps into one status are one visit.
 * @param known the deal's visits in order, none for a new deal
 * @param undatedAt when a step without a date began, ms
 */
export function planVisits(known: readonly KnownVisit[], steps: readonly Step[], undatedAt: number): VisitPlan {
  const has = (step: Step) =>
    known.some((visit) => visit.statusId === step.statusId && (step.at === null || visit.enteredAt === step.at))
  const last = known.at(-1)
  const fresh = steps.filter((step) => !has(step)).map((step): DatedStep => ({ ...step, at: step.at ?? undatedAt }))
  const append: DatedStep[] = []
  let [statusId, at] = [last?.statusId ?? null, last?.enteredAt ?? Number.NEGATIVE_INFINITY]
  for (const step of fresh) {
    if (step.at < at) return { ok: false, reason: append.length === 0 && last ? 'history_differs' : 'dates_reversed' }
    at = step.at
    if (step.statusId === statusId) continue
    append.push(step)
    statusId = step.statusId
  }
  return { ok: true, append }
}

/** Steps in order of time; those of one moment by rank, losses last, then as they stand in the file. */
export function sortSteps<S extends DatedStep>(steps: readonly S[], placeOf: (statusId: number) => number): S[] {
  return steps.toSorted((a, b) => a.at - b.at || placeOf(a.statusId) - placeOf(b.statusId))
}
