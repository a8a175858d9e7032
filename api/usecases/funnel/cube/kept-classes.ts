import { type KeptClass, selectNewClasses } from '../../../../db/queries/funnel-deals.ts'
import type { Paths } from '../../../../shared/domain/funnel.ts'
import { classesOf } from '../../../../shared/domain/funnel-cohort.ts'
import type { FunnelPart } from '../../../../shared/views/funnel.ts'
import type { Session } from '../../../session.ts'
import type { StatusDictionary } from '../../dictionary.ts'
import { type Asked, readPaths } from '../ask.ts'
import { resolveClass } from './resolve-class.ts'

/** Classes as one dictionary reads them. A class never changes, so a process reads each once; while a dictionary stands, it is one object. */
type Book = {
  readonly byId: Map<number, KeptClass>
  /** Ids up to the highest that are not there: given up, or written by somebody who has not ended yet. */
  missing: number[]
  highest: number
  readonly parts: Map<string, readonly number[]>
}
const books = new WeakMap<StatusDictionary, Book>()
const mostMissing = 2_000

/** Ids of the classes whose deals make up a part of a layer. @throws AppError not_found when the status is not a layer */
export async function readPartClasses(
  session: Session,
  asked: Asked,
  layerId: number,
  part: FunnelPart,
): Promise<readonly number[]> {
  const book = books.get(asked.statuses) ?? { byId: new Map(), missing: [], highest: 0, parts: new Map() }
  books.set(asked.statuses, book)
  const paths = await readPaths(session, asked)
  await readNew(session, asked, book)
  const { strict } = asked.query
  const key = [layerId, part, strict].join()
  const known = book.parts.get(key)
  if (known) return known
  const found = partIds({ asked, paths, layerId, part }, [...book.byId.values()])
  book.parts.set(key, found)
  return found
}

function partIds(
  {
    asked,
    paths,
    layerId,
    part,
  }: { readonly asked: Asked; readonly paths: Paths; readonly layerId: number; readonly part: FunnelPart },
  classes: readonly KeptClass[],
): number[] {
  const input = { statuses: asked.funnelStatuses, paths, strict: asked.query.strict, classes }
  return classesOf(input, layerId, part).map(({ classId }) => classId)
}

async function readNew(session: Session, asked: Asked, book: Book): Promise<void> {
  const fresh = await selectNewClasses(session.em, book.highest, book.missing)
  if (fresh.length === 0) return
  book.parts.clear()
  for (const one of fresh) book.byId.set(one.classId, resolveClass(one, asked.statuses))
  const highest = Math.max(book.highest, ...fresh.map(({ classId }) => classId))
  const between = Array.from({ length: highest - book.highest }, (_, index) => book.highest + index + 1)
  book.missing = [...book.missing, ...between].filter((id) => !book.byId.has(id))
  book.highest = highest
  // Too many to ask for each time: the next one begins anew.
  if (book.missing.length > mostMissing) books.delete(asked.statuses)
}
