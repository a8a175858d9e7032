import { IsolationLevel } from '@mikro-orm/core'
import type { Em } from '../../../../db/orm.ts'
import { type SummaryKeys, selectCubeState } from '../../../../db/queries/funnel-cube.ts'
import {
  deleteFormerCells,
  foldRows,
  insertAllCells,
  insertClassPacks,
  selectBareClasses,
} from '../../../../db/queries/funnel-cube-build.ts'
import {
  countPending,
  finishSummaries,
  lockBuild,
  noteFold,
  refreshDeals,
  selectTouchedDeals,
  summariseAll,
  switchBuild,
  switchKeys,
  takeCube,
} from '../../../../db/queries/funnel-cube-state.ts'
import { countMarks, foldMarks } from '../../../../db/queries/funnel-marks.ts'
import { keepMoves } from '../../../../db/queries/funnel-queues.ts'
import { countStands, foldStands } from '../../../../db/queries/funnel-stands.ts'
import { type Day, dayOf } from '../../../../shared/domain/periods.ts'
import { readCubeDictionary } from './cube-dictionary.ts'
import { isOvertaken } from './is-overtaken.ts'
import { keepFlows } from './keep-flows.ts'

/** What is done for the kept sums in the background: so many rows were folded, or the sums were made anew, or the company is not there yet. */
export type Upkeep = { readonly did: 'folded'; readonly rows: number } | { readonly did: 'built' | 'waits' | 'nothing' }

/** As many rows of the queue as one transaction takes: the cells that it writes are locked until its end. */
const rowsAtOnce = 20_000
const dealsAtOnce = 1_000
const mostTries = 3

/**
 * Brings the kept sums of the funnel up to date with the dictionary and the queue, as far as one step goes. Several processes may call it at once: one works.
 * @param em a fork without a transaction
 */
export async function keepCube(em: Em, now: Date): Promise<Upkeep> {
  const dictionary = await readCubeDictionary(em)
  if (!dictionary) return { did: 'nothing' }
  const state = await selectCubeState(em)
  const { keys, fingerprint } = dictionary
  const { timeZone } = keys
  if (!state) await summariseAll(em, keys)
  else if (!areSame(state, keys)) {
    await switchKeys(em, keys)
    return { did: 'waits' }
  } else if (!state.isSummarised) {
    if (!state.isSettled) return { did: 'waits' }
    await summariseTouched(em)
    return { did: 'waits' }
  } else if (state.fingerprint === fingerprint && !state.isMoved) {
    await keepDays(em, dayOf(now, timeZone), timeZone)
    const areKept = await keepFlows(em, dictionary)
    const folded = await foldDeltas(em, now)
    return folded.did === 'nothing' && !areKept ? { did: 'waits' } : folded
  }
  return (await buildCube(em, now)) ? { did: 'built' } : { did: 'waits' }
}

function areSame(one: SummaryKeys, other: SummaryKeys): boolean {
  const textOf = ({ anchorIds, wonIds, lostIds, timeZone }: SummaryKeys) => JSON.stringify([anchorIds, wonIds, lostIds, timeZone])
  return textOf(one) === textOf(other)
}

/** Until what is counted by day is there and added up; somebody else may be at it. */
export async function keepDays(em: Em, today: Day, timeZone: string): Promise<void> {
  const step = () =>
    em.transactional(async (inside) => {
      if (!(await takeCube(inside))) return false
      const steps = [await keepMoves(inside, today, timeZone), await foldMarks(inside), await foldStands(inside)]
      return steps.includes(true)
    })
  for (let tries = 0; tries < mostTries && (await step()); tries++);
}

async function summariseTouched(em: Em): Promise<void> {
  let busy: number[] = []
  for (let after = 0; ; ) {
    const ids = await selectTouchedDeals(em, after, dealsAtOnce)
    if (ids.length === 0) break
    busy.push(...(await refreshDeals(em, ids)))
    after = ids.at(-1)!
  }
  for (let tries = 0; busy.length > 0 && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    busy = await refreshDeals(em, busy)
  }
  if (busy.length === 0) await finishSummaries(em)
}

/**
 * Makes all sums anew from the summaries, as of one moment, while people go on working; readers have the former ones until the end.
 * @returns false when another process is at it, or changes came in between too often
 */
export async function buildCube(em: Em, now: Date): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries++) {
    try {
      const built = await em.transactional((inside) => buildOnce(inside, now), { isolationLevel: IsolationLevel.REPEATABLE_READ })
      if (built) await deleteFormerCells(em)
      return built
    } catch (error) {
      if (!isOvertaken(error)) throw error
    }
  }
  return false
}

async function buildOnce(em: Em, now: Date): Promise<boolean> {
  if (!(await takeCube(em))) return false
  const [dictionary, state] = [await readCubeDictionary(em), await selectCubeState(em)]
  if (!dictionary || !state?.isSummarised || !areSame(state, dictionary.keys)) return false
  const build = state.build + 1
  await insertClassPacks(em, build, await dictionary.packsOf(await selectBareClasses(em, build)))
  await insertAllCells(em, build)
  await countMarks(em)
  await countStands(em)
  await switchBuild(em, build, dictionary.fingerprint, now)
  return true
}

/** Takes what is in the queue into the sums; all of it, in transactions of a bounded size. @param limit rows for each. @returns rows taken */
export async function foldDeltas(em: Em, now: Date, limit = rowsAtOnce): Promise<Upkeep> {
  let rows = 0
  for (;;) {
    const taken = (await countPending(em)) === 0 ? 0 : await em.transactional((inside) => foldOnce(inside, now, limit))
    rows += taken
    if (taken < limit) return rows === 0 ? { did: 'nothing' } : { did: 'folded', rows }
  }
}

async function foldOnce(em: Em, now: Date, limit: number): Promise<number> {
  if (!(await takeCube(em))) return 0
  const dictionary = await readCubeDictionary(em)
  const build = dictionary && (await lockBuild(em, dictionary.fingerprint))
  if (!dictionary || build === null) return 0
  await insertClassPacks(em, build, await dictionary.packsOf(await selectBareClasses(em, build)))
  const taken = await foldRows(em, build, limit)
  await noteFold(em, now)
  return taken
}
