import type { Phase } from '../../../../shared/views/common.ts'
import type { FunnelPart, PartFigures } from '../../../../shared/views/funnel.ts'

/** A row of the funnel: a layer, or a whole chapter that is folded. `index`, `last`: its first and last layer; `head`: the chapter that begins with it. */
export type FunnelRow = {
  readonly kind: 'layer' | 'folded'
  readonly phase: Phase
  readonly index: number
  readonly last: number
  readonly head: Phase | null
  /** The chapter right above it, when that one is folded. */
  readonly aboveFolded: Phase | null
}

/** Lays out the rows. @param phases of the layers, in order; @param folded chapters; null where the funnel has no chapters */
export function rowsOf(phases: readonly Phase[], folded: readonly Phase[] | null): readonly FunnelRow[] {
  return phases.flatMap((phase, index): FunnelRow[] => {
    const above = phases[index - 1]
    const begins = phase !== above
    const kind = folded?.includes(phase) ? 'folded' : 'layer'
    if (kind === 'folded' && !begins) return []
    const next = phases.findIndex((other, at) => at > index && other !== phase)
    const last = kind === 'layer' ? index : (next < 0 ? phases.length : next) - 1
    const aboveFolded = begins && above && folded?.includes(above) ? above : null
    return [{ kind, phase, index, last, head: begins && folded ? phase : null, aboveFolded }]
  })
}

/** What the head of a chapter tells: how many went on, or, where the path ends in it, how many are finished: none went on, and that is no loss. */
export function headParts({ passed, finished }: Pick<PartFigures, 'passed' | 'finished'>): readonly FunnelPart[] {
  return passed === 0 && finished > 0 ? ['reached', 'finished'] : ['reached', 'passed']
}
