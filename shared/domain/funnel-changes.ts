/**
 * What two pictures of the funnel differ in, layer by layer: for showing what a change of the dictionary would do before it is made.
 */
export type ComparedLayer = {
  readonly code: string
  /** Figures by name; null where there is nothing to divide. */
  readonly figures: Readonly<Record<string, number | null>>
}

export type LayerChange = {
  readonly code: string
  /** `gone` and `new` layers stand in one of the two only; a `moved` one changed its place among those that stand in both. */
  readonly kind: 'gone' | 'new' | 'moved' | 'same_place'
  readonly figures: readonly { readonly name: string; readonly before: number | null; readonly after: number | null }[]
}

/** The layers that differ, in the order of the second picture, those that are gone last. Layers that do not differ are left out. */
export function compareFunnels(before: readonly ComparedLayer[], after: readonly ComparedLayer[]): readonly LayerChange[] {
  const beforeByCode = new Map(before.map((layer) => [layer.code, layer]))
  const afterCodes = new Set(after.map((layer) => layer.code))
  const keptBefore = before.map((layer) => layer.code).filter((code) => afterCodes.has(code))
  const keptAfter = after.map((layer) => layer.code).filter((code) => beforeByCode.has(code))
  const unmoved = longestCommonOrder(keptBefore, keptAfter)
  const changes = after.map((layer): LayerChange => {
    const was = beforeByCode.get(layer.code)
    const kind = !was ? 'new' : unmoved.has(layer.code) ? 'same_place' : 'moved'
    return { code: layer.code, kind, figures: figureChanges(was, layer) }
  })
  const gone = before
    .filter((layer) => !afterCodes.has(layer.code))
    .map((layer): LayerChange => ({ code: layer.code, kind: 'gone', figures: figureChanges(layer, undefined) }))
  return [...changes.filter(({ kind, figures }) => kind !== 'same_place' || figures.length > 0), ...gone]
}

function figureChanges(before: ComparedLayer | undefined, after: ComparedLayer | undefined): LayerChange['figures'] {
  const names = Object.keys({ ...before?.figures, ...after?.figures })
  return names
    .map((name) => ({ name, before: before?.figures[name] ?? null, after: after?.figures[name] ?? null }))
    .filter((figure) => figure.before !== figure.after)
}

/** The most that can be left standing: a longest common subsequence, so that one layer carried across the funnel counts as one move. */
function longestCommonOrder(one: readonly string[], other: readonly string[]): ReadonlySet<string> {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0))
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      lengths[i]![j] = one[i] === other[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  const kept = new Set<string>()
  for (let i = 0, j = 0; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) {
      kept.add(one[i]!)
      i++
      j++
    } else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++
    else j++
  }
  return kept
}
