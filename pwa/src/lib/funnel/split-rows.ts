import type { FunnelSplitView, PartFigures } from '../../../../shared/views/funnel.ts'

/** A row of the split, or the rest of them folded into one (`id` null, `folded` their number). */
export type SplitRow = {
  readonly id: number | null
  readonly name: string
  readonly figures: PartFigures
  readonly amountMinor: PartFigures
  readonly resolved: number | null
  readonly worse: boolean
  readonly folded: number
}

function addParts(one: PartFigures, other: PartFigures): PartFigures {
  return {
    reached: one.reached + other.reached,
    passed: one.passed + other.passed,
    lost: one.lost + other.lost,
    open: one.open + other.open,
    finished: one.finished + other.finished,
  }
}

/** The first `shown` rows and one that adds up the rest; a rest of one row is shown itself. */
export function foldRows(rows: FunnelSplitView['rows'], shown: number): readonly SplitRow[] {
  const whole = rows.map((row) => ({ ...row, folded: 0 }))
  if (rows.length <= shown + 1) return whole
  const rest = rows.slice(shown)
  const figures = rest.map((row) => row.figures).reduce(addParts)
  const resolved = figures.passed + figures.lost > 0 ? figures.passed / (figures.passed + figures.lost) : null
  const folded: SplitRow = {
    id: null,
    name: '',
    figures,
    amountMinor: rest.map((row) => row.amountMinor).reduce(addParts),
    resolved,
    worse: false,
    folded: rest.length,
  }
  return [...whole.slice(0, shown), folded]
}

export type SplitSegment = { readonly kind: 'passed' | 'open' | 'lost'; readonly left: number; readonly width: number }

/** Segments of one bar in per cent of the track; what is finished is drawn as passed. @param largest reached of the list. */
export function segmentsOf(parts: PartFigures, largest: number): readonly SplitSegment[] {
  let left = 0
  const sizes = [
    { kind: 'passed', size: parts.passed + parts.finished },
    { kind: 'open', size: parts.open },
    { kind: 'lost', size: parts.lost },
  ] as const
  return sizes.flatMap(({ kind, size }) => {
    if (size <= 0) return []
    const segment = { kind, left, width: (size / largest) * 100 }
    left += segment.width
    return [segment]
  })
}
