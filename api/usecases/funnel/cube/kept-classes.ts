import { type KeptClass, selectNewClasses } from '../../../../db/queries/funnel-deals.ts'
import type { LayerPart, Paths } from '../../../../shared/domain/funnel.ts'
import { classesOf } from '../../../../shared/domain/funnel-cohort.ts'
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

/**
 * Ids of the classes whose deals make up a part of a layer or of a chapter. @param placeId of the layer's status, or of the chapter
 * @throws AppError not_found when there is no such layer or chapter
 */
export async function readPartClasses(
  session: Session,
  asked: Asked,
  placeId: number,
  part: LayerPart,
): Promise<readonly number[]> {
  const [paths, book] = [await readPaths(session, asked), await readBook(session, asked)]
  const { strict } = asked.query
  const key = [placeId, part, strict].join()
  const known = book.parts.get(key)
  if (known) return known
  const found = partIds({ asked, paths, placeId, part }, [...book.byId.values()])
  book.parts.set(key, found)
  return found
}

/** All classes, as the question's dictionary reads them. */
export async function readClasses(session: Session, asked: Asked): Promise<readonly KeptClass[]> {
  return [...(await readBook(session, asked)).byId.values()]
}

async function readBook(session: Session, asked: Asked): Promise<Book> {
  const book = books.get(asked.statuses) ?? { byId: new Map(), missing: [], highest: 0, parts: new Map() }
  books.set(asked.statuses, book)
  await readNew(session, asked, book)
  return book
}

function partIds(
  {
    asked,
    paths,
    placeId,
    part,
  }: { readonly asked: Asked; readonly paths: Paths; readonly placeId: number; readonly part: LayerPart },
  classes: readonly KeptClass[],
): number[] {
  const input = { statuses: asked.funnelStatuses, paths, strict: asked.query.strict, classes }
  return classesOf(input, placeId, part).map(({ classId }) => classId)
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
