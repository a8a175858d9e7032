import { primaryBottleneck } from '../../../../shared/domain/funnel-bottleneck.ts'
import type { CohortFunnelView, CohortLayerView } from '../../../../shared/views/funnel.ts'

/** `place`: `Переговоры → Договор`, as the server's sentence names it. */
export type FoundBottleneck = { readonly layer: CohortLayerView; readonly place: string }

/** The one bottleneck that is shown. Null when no layer is marked. */
export function findBottleneck(view: CohortFunnelView): FoundBottleneck | null {
  const layer = primaryBottleneck(view.layers)
  if (!layer) return null
  const next = view.layers[view.layers.indexOf(layer) + 1]
  return { layer, place: next ? `${layer.status.name} → ${next.status.name}` : layer.status.name }
}

/**
 * The reasons out of the funnel's one sentence, which every surface shares: what stands after the place's name.
 * `Узкое место: Переговоры → Договор: проходят 53 %.` -> `Проходят 53 %.`; the whole sentence when it does not name the place.
 */
export function reasonOf(sentence: string, place: string): string {
  const at = sentence.indexOf(place)
  if (at < 0) return sentence
  const reason = sentence.slice(at + place.length).replace(/^[:,\s]+/, '')
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}
