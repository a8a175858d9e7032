import type { Em } from '../../../../db/orm.ts'
import { selectCubeState } from '../../../../db/queries/funnel-cube.ts'
import { selectWrongCells, selectWrongLayers, selectWrongSummaries } from '../../../../db/queries/funnel-cube-check.ts'
import { selectAllClasses } from '../../../../db/queries/funnel-deals.ts'
import { readCubeDictionary } from './cube-dictionary.ts'

export type CubeFault = {
  readonly what: 'funnel_summaries' | 'funnel_layers' | 'funnel_cells'
  readonly total: number
  readonly sample: readonly string[]
}

/**
 * Recomputes from the visits all that the funnel keeps, and names what differs. What nobody reads, since it is being made anew, is not looked at.
 * The transaction must see one moment.
 */
export async function checkCube(em: Em, sampleSize: number): Promise<CubeFault[]> {
  const [dictionary, state] = [await readCubeDictionary(em), await selectCubeState(em)]
  if (!dictionary || !state?.isSummarised) return []
  const faults: CubeFault[] = []
  const note = (what: CubeFault['what'], { cells, sample }: { readonly cells: number; readonly sample: readonly string[] }) => {
    if (cells > 0) faults.push({ what, total: cells, sample })
  }
  note('funnel_summaries', await selectWrongSummaries(em, sampleSize))
  if (state.fingerprint !== dictionary.fingerprint || state.isMoved) return faults
  const layers = await dictionary.layersOf(await selectAllClasses(em))
  note('funnel_layers', await selectWrongLayers(em, state.build, layers, sampleSize))
  note('funnel_cells', await selectWrongCells(em, state.build, layers, sampleSize))
  return faults
}
