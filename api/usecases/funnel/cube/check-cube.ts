import type { Em } from '../../../../db/orm.ts'
import { isFlowKept } from '../../../../db/queries/flow-marks.ts'
import { selectCubeState } from '../../../../db/queries/funnel-cube.ts'
import {
  selectWrongCells,
  selectWrongFlows,
  selectWrongMarks,
  selectWrongMoves,
  selectWrongPacks,
  selectWrongStands,
  selectWrongSummaries,
  selectWrongTraces,
} from '../../../../db/queries/funnel-cube-check.ts'
import { selectAllClasses } from '../../../../db/queries/funnel-deals.ts'
import { readCubeDictionary } from './cube-dictionary.ts'

export type CubeFault = {
  readonly what:
    | 'funnel_summaries'
    | 'funnel_packs'
    | 'funnel_cells'
    | 'funnel_moves'
    | 'funnel_marks'
    | 'funnel_stands'
    | 'funnel_traces'
    | 'funnel_flows'
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
  note('funnel_moves', await selectWrongMoves(em, sampleSize))
  if (await isFlowKept(em, dictionary.fingerprint)) {
    note('funnel_traces', await selectWrongTraces(em, sampleSize))
    note('funnel_flows', await selectWrongFlows(em, sampleSize))
  }
  if (state.fingerprint !== dictionary.fingerprint || state.isMoved) return faults
  note('funnel_marks', await selectWrongMarks(em, sampleSize))
  note('funnel_stands', await selectWrongStands(em, sampleSize))
  const packs = await dictionary.packsOf(await selectAllClasses(em))
  note('funnel_packs', await selectWrongPacks(em, state.build, packs, sampleSize))
  note('funnel_cells', await selectWrongCells(em, state.build, packs, sampleSize))
  return faults
}
