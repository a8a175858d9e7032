import { type SplitKey, selectSplitClasses } from '../../../../db/queries/funnel.ts'
import { type SplitClass, selectSummedSplit } from '../../../../db/queries/funnel-deals.ts'
import type { Session } from '../../../session.ts'
import { type Asked, toDealClass } from '../ask.ts'
import { latestOf } from './read-sums.ts'
import { resolveClass } from './resolve-class.ts'

/** The classes by the values of one slice: from the summaries, else from the visits. */
export async function readSplitClasses(session: Session, asked: Asked, by: SplitKey): Promise<readonly SplitClass[]> {
  const { em, actor: viewer, locale } = session
  const { slice, span, bits } = asked
  const summed = await selectSummedSplit(em, { viewer, slice, bits, span: { ...span, asOf: latestOf(asked) } }, by, locale)
  if (summed) return summed.map((row) => resolveClass(row, asked.statuses))
  const rows = await selectSplitClasses(em, viewer, slice, span, bits, by, locale)
  return rows.map((row) => ({ ...toDealClass(row, bits), key: row.key, name: row.name }))
}
