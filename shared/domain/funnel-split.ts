import type { PartFigures } from '../views/funnel.ts'
import type { DealClass } from './funnel.ts'
import { type CohortInput, classesOf, shareOf } from './funnel-cohort.ts'
import { wilsonInterval } from './funnel-wilson.ts'

/** A class of deals of one slice value: type, counterparty, department or employee, by id. */
export type SlicedClass = DealClass & { readonly slice: number }

export type SplitRow = {
  readonly slice: number
  readonly figures: PartFigures
  readonly amountMinor: PartFigures
  readonly resolved: number | null
  /** The Wilson upper bound of the row's resolved conversion lies below the layer's. */
  readonly worse: boolean
}

const parts = ['reached', 'passed', 'lost', 'open', 'finished'] as const
type Sums = { -readonly [Part in keyof PartFigures]: number }
const emptySums = (): Sums => ({ reached: 0, passed: 0, lost: 0, open: 0, finished: 0 })

/**
 * One layer cut by one slice (product.md, section 3): the rows add up to the layer. Worst resolved conversion first, rows without
 * any last; of equal ones the larger first. Values without deals in the layer have no row. Conversions are by number of deals.
 * @throws AppError not_found when the status is not a layer.
 */
export function splitRows(
  input: Omit<CohortInput, 'classes'> & { readonly classes: readonly SlicedClass[] },
  layerStatusId: number,
): readonly SplitRow[] {
  const bySlice = new Map<number, { figures: Sums; amountMinor: Sums }>()
  const whole = emptySums()
  for (const part of parts) {
    for (const one of classesOf(input, layerStatusId, part)) {
      const row = bySlice.get(one.slice) ?? { figures: emptySums(), amountMinor: emptySums() }
      bySlice.set(one.slice, row)
      row.figures[part] += one.count
      row.amountMinor[part] += one.amountMinor
      whole[part] += one.count
    }
  }
  const wholeShare = shareOf(whole.passed, whole.passed + whole.lost)
  const rows = [...bySlice].map(([slice, { figures, amountMinor }]): SplitRow => {
    const upper = wilsonInterval(figures.passed, figures.passed + figures.lost)?.upper ?? null
    const resolved = shareOf(figures.passed, figures.passed + figures.lost)
    return { slice, figures, amountMinor, resolved, worse: upper !== null && wholeShare !== null && upper < wholeShare }
  })
  return rows.sort((a, b) => (a.resolved ?? 2) - (b.resolved ?? 2) || b.figures.reached - a.figures.reached || a.slice - b.slice)
}
