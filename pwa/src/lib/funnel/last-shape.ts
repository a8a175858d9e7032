import type { FunnelView } from '../../../../shared/views/funnel.ts'

/** Widths of the bars as last seen, 0..1, so that the grey bars of the loading state stand where the real ones will. */
const storageKey = 'voronka.shape'

function sizesOf(view: FunnelView): readonly number[] {
  switch (view.basis) {
    case 'cohort':
      return view.layers.map((layer) => layer.reached)
    case 'snapshot':
      return view.layers.map((layer) => layer.count)
    case 'flow':
      return view.layers.map((layer) => layer.entered)
  }
}

export function keepShape(view: FunnelView): void {
  const sizes = sizesOf(view)
  const largest = Math.max(1, ...sizes)
  localStorage.setItem(storageKey, JSON.stringify(sizes.map((size) => Number((size / largest).toFixed(3)))))
}

export function lastShape(): readonly number[] | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? 'null')
    return Array.isArray(kept) && kept.length > 0 && kept.every((width) => typeof width === 'number') ? kept : undefined
  } catch {
    return undefined
  }
}
