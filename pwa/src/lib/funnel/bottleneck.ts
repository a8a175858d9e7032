import { primaryBottleneck } from '../../../../shared/domain/funnel-bottleneck.ts'
import type { BottleneckView, CohortFunnelView, CohortLayerView } from '../../../../shared/views/funnel.ts'

export type FoundBottleneck = {
  readonly layer: CohortLayerView
  readonly next: CohortLayerView | null
  readonly bottleneck: BottleneckView
}

/** The one bottleneck that is shown, with the layer after it. Null when no layer is marked. */
export function findBottleneck(view: CohortFunnelView): FoundBottleneck | null {
  const layer = primaryBottleneck(view.layers)
  if (!layer?.bottleneck) return null
  return { layer, next: view.layers[view.layers.indexOf(layer) + 1] ?? null, bottleneck: layer.bottleneck }
}
