import { IsolationLevel } from '@mikro-orm/core'
import type { Em } from '../../../../db/orm.ts'
import {
  beginFlows,
  finishFlows,
  foldTouched,
  isAnyTouched,
  selectFlowState,
  traceNext,
} from '../../../../db/queries/flow-marks.ts'
import { takeCube } from '../../../../db/queries/funnel-cube-state.ts'
import type { CubeDictionary } from './cube-dictionary.ts'
import { isOvertaken } from './is-overtaken.ts'

/** As many as one transaction takes. */
const dealsAtOnce = 5_000
/** So long one step makes flows anew: what changes meanwhile waits to be folded. */
const longestMs = 2_000

/**
 * Brings the kept flows up to date with the deals, or goes on making them by another dictionary, as far as one step goes.
 * @param em a fork without a transaction. @returns false while there is more to do
 */
export async function keepFlows(em: Em, { fingerprint, rungs }: Pick<CubeDictionary, 'fingerprint' | 'rungs'>): Promise<boolean> {
  const state = await selectFlowState(em)
  if (state.fingerprint === fingerprint) return foldFlows(em, fingerprint)
  if (state.making !== fingerprint) await holding(em, (inside) => beginFlows(inside, fingerprint, rungs))
  for (const until = performance.now() + longestMs; performance.now() < until; ) {
    const step = await holding(em, async (inside) => {
      if ((await selectFlowState(inside)).making !== fingerprint) return 'overtaken'
      return (await traceNext(inside, dealsAtOnce)) ? 'more' : 'all'
    })
    if (step === 'all') return finish(em, fingerprint)
    if (step !== 'more') return false
  }
  return false
}

/** Does it in a transaction of its own, unless another process is at it: then null. */
function holding<Result>(em: Em, what: (inside: Em) => Promise<Result>): Promise<Result | null> {
  return em.transactional(async (inside) => ((await takeCube(inside)) ? what(inside) : null))
}

async function foldFlows(em: Em, fingerprint: string): Promise<boolean> {
  while (await isAnyTouched(em)) {
    const taken = await holding(em, async (inside) => {
      const { fingerprint: inForce } = await selectFlowState(inside)
      return inForce === fingerprint ? foldTouched(inside, dealsAtOnce) : null
    })
    if (!taken) return false
    if (taken < dealsAtOnce) break
  }
  return true
}

/** @returns false when changes came in between: the next step tries again */
async function finish(em: Em, fingerprint: string): Promise<boolean> {
  try {
    return await em.transactional(
      async (inside) => {
        if (!(await takeCube(inside)) || (await selectFlowState(inside)).making !== fingerprint) return false
        await finishFlows(inside, fingerprint)
        return true
      },
      { isolationLevel: IsolationLevel.REPEATABLE_READ },
    )
  } catch (error) {
    if (isOvertaken(error)) return false
    throw error
  }
}
