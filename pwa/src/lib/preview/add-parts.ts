import type { PreviewFigures, RulePreviewView } from '../../../../shared/views/processes.ts'

const shownDeals = 200
type Layer = RulePreviewView['layers'][number]

/** Two parts of one long play as one: counts and sums add up, of the deals those with the largest sums are kept. */
export function addParts(so: RulePreviewView | null, part: RulePreviewView): RulePreviewView {
  if (!so) return part
  return {
    total: part.total,
    next: part.next,
    deals: so.deals + part.deals,
    differing: so.differing + part.differing,
    refused: so.refused + part.refused,
    items: [...so.items, ...part.items].sort((a, b) => b.amount.amountMinor - a.amount.amountMinor).slice(0, shownDeals),
    layers: part.layers.map((layer) =>
      addLayer(
        so.layers.find(({ status }) => status.code === layer.status.code),
        layer,
      ),
    ),
    gone: sumBy([...so.gone, ...part.gone], ({ code }) => code, 'moves'),
    unknown: sumBy([...so.unknown, ...part.unknown], ({ kind, name }) => `${kind} ${name}`, 'deals'),
  }
}

function addLayer(so: Layer | undefined, { status, before, after }: Layer): Layer {
  return so ? { status, before: addFigures(so.before, before), after: addFigures(so.after, after) } : { status, before, after }
}

function addFigures(a: PreviewFigures, b: PreviewFigures): PreviewFigures {
  const names = Object.keys(a) as (keyof PreviewFigures)[]
  return Object.fromEntries(names.map((name) => [name, a[name] + b[name]])) as PreviewFigures
}

function sumBy<Count extends string, Entry extends Readonly<Record<Count, number>>>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
  count: Count,
): Entry[] {
  const sums = new Map<string, Entry>()
  for (const entry of entries) {
    const known = sums.get(keyOf(entry))
    sums.set(keyOf(entry), known ? { ...known, [count]: known[count] + entry[count] } : entry)
  }
  return [...sums.values()]
}
