import type { BarFigures } from '../../../../shared/domain/funnel-bars.ts'
import { flowLayersToDraw } from '../../../../shared/domain/funnel-flow.ts'
import { snapshotLayersToDraw } from '../../../../shared/domain/funnel-snapshot.ts'
import type { FunnelView } from '../../../../shared/views/funnel.ts'

/** A layer of one side as it is drawn. `share`: those that pass, of deals that pass; else undefined. */
export type ComparedBar = { readonly bar: BarFigures; readonly share: number | null | undefined }

/** By the code of the layer, in deals or in money as the question counts. */
export function barsOf(view: FunnelView): ReadonlyMap<string, ComparedBar> {
  const byAmount = view.slice.by === 'amount'
  if (view.basis === 'cohort')
    return new Map(
      view.layers.map((layer) => [
        layer.status.code,
        { bar: byAmount ? layer.amountMinor : layer, share: layer.conversion.resolved },
      ]),
    )
  const drawn = view.basis === 'snapshot' ? snapshotLayersToDraw(view.layers) : flowLayersToDraw(view.layers)
  return new Map(drawn.map((layer) => [layer.status.code, { bar: byAmount ? layer.amountMinor : layer, share: undefined }]))
}
