import { Status } from '../../db/entities/process.ts'
import type { StatusRow } from '../../db/queries/dictionaries.ts'
import { countDealsStanding, lockStatuses, selectGivers, writeStatusOrder } from '../../db/queries/status-use.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { CreateStatusInput, EditStatusInput, OrderStatusesInput } from '../../shared/schemas/statuses.ts'
import { type Session, transact } from '../session.ts'
import { readStatuses, type StatusDictionary } from './dictionary.ts'
import { assertSettings } from './people.ts'

/** The dictionary with one entry of it. */
export type StatusEntry = { readonly statuses: StatusDictionary; readonly id: number }

export function listStatuses(session: Session): Promise<StatusDictionary> {
  return readStatuses(session)
}

/** The statuses that have an order of their own: neither lost nor archived. */
export function inOrder(statuses: StatusDictionary): readonly StatusRow[] {
  return statuses.all.filter((status) => status.category !== 'lost' && !status.archived).sort((a, b) => a.rank - b.rank)
}

/** Adds a status to the dictionary. @throws AppError forbidden, already_exists (code or name), not_found (after), status_category_fixed */
export function createStatus(session: Session, input: CreateStatusInput): Promise<StatusEntry> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await lockStatuses(inside.em)
    const statuses = await readStatuses(inside)
    const { names, after, category, code = freeCode(statuses, input.names.en) } = input
    if (statuses.all.some((status) => status.code === code)) throw new AppError('already_exists', { what: code })
    assertNamesFree(statuses, names, null)
    if (category === 'lost' && input.isWon) throw new AppError('status_category_fixed')
    const status = inside.em.create(Status, {
      code,
      nameRu: names.ru,
      nameEn: names.en,
      rank: freeRank(statuses),
      phase: input.phase,
      category,
      isWon: input.isWon,
      shownInFunnel: input.shownInFunnel,
      probabilityPct: category === 'lost' ? 0 : input.probabilityPct,
      timeLimitHours: input.timeLimitHours ?? null,
      targetConversionPct: input.targetConversionPct ?? null,
      colour: input.colour ?? null,
      archivedAt: null,
      mergedInto: null,
    })
    inside.em.persist(status)
    await inside.em.flush()
    if (category !== 'lost' && after !== undefined) await moveBehind(inside, status.id, after)
    return { statuses: await readStatuses(inside), id: status.id }
  })
}

/**
 * Changes a status. An archived one is offered nowhere any more and is no layer; coming back, it stands where it stood.
 * @throws AppError forbidden, not_found, version_stale, already_exists (name), status_category_fixed, status_merged, status_archived (shown though
 * archived), status_given, status_has_deals, status_last
 */
export function editStatus(session: Session, input: EditStatusInput): Promise<StatusDictionary> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await lockStatuses(inside.em)
    const statuses = await readStatuses(inside)
    const status = await findStatus(inside, input.code)
    if (status.version !== input.version) throw new AppError('version_stale', { current: { version: status.version } })
    assertNotMerged(inside, statuses, statuses.byId(status.id))
    if (input.names) assertNamesFree(statuses, input.names, status.id)
    assertKindStays(status, input)
    const returns = input.archived === false && status.archivedAt !== null
    if (input.archived === true && status.archivedAt === null) await archive(inside, status, statuses)
    const oldRank = status.rank
    if (returns) {
      status.archivedAt = null
      status.shownInFunnel = true
      status.rank = freeRank(statuses)
    }
    if (input.shownInFunnel === true && status.archivedAt !== null)
      throw new AppError('status_archived', { status: statuses.byId(status.id).names[inside.locale] })
    assignFields(status, input)
    await inside.em.flush()
    if (returns && status.category !== 'lost') {
      const before = inOrder(statuses).filter((other) => other.rank <= oldRank)
      await moveBehind(inside, status.id, before.at(-1)?.code ?? null)
    }
    const after = await readStatuses(inside)
    assertSomeLeft(after)
    return after
  })
}

function assignFields(status: Status, input: EditStatusInput): void {
  if (input.names) {
    status.nameRu = input.names.ru
    status.nameEn = input.names.en
  }
  if (input.phase !== undefined) status.phase = input.phase
  if (input.category !== undefined) status.category = input.category
  if (input.isWon !== undefined) status.isWon = input.isWon
  if (input.probabilityPct !== undefined) status.probabilityPct = input.probabilityPct
  if (input.timeLimitHours !== undefined) status.timeLimitHours = input.timeLimitHours
  if (input.targetConversionPct !== undefined) status.targetConversionPct = input.targetConversionPct
  if (input.colour !== undefined) status.colour = input.colour
  if (input.shownInFunnel !== undefined) status.shownInFunnel = input.shownInFunnel
}

/**
 * Puts all statuses that are neither lost nor archived in an order.
 * @throws AppError forbidden, conflict with the present order when it is not the one the caller saw, or when not just these are named
 */
export function orderStatuses(session: Session, { codes, seen }: OrderStatusesInput): Promise<StatusDictionary> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    await lockStatuses(inside.em)
    const statuses = await readStatuses(inside)
    const present = inOrder(statuses).map((status) => status.code)
    if (seen.join() !== present.join()) throw new AppError('conflict', { current: { order: present } })
    await writeStatusOrder(inside.em, idsInOrder(statuses, codes))
    return readStatuses(inside)
  })
}

/** Ids of an order that names every ordered status once. @throws AppError conflict with the present order */
export function idsInOrder(statuses: StatusDictionary, codes: readonly string[]): number[] {
  const present = inOrder(statuses)
  const ids = codes.flatMap((code) => present.find((status) => status.code === code)?.id ?? [])
  if (ids.length !== codes.length || new Set(ids).size !== present.length || ids.length !== present.length)
    throw new AppError('conflict', { current: { order: present.map((status) => status.code) } })
  return ids
}

async function moveBehind(session: Session, id: number, after: string | null): Promise<void> {
  const statuses = await readStatuses(session)
  const others = inOrder(statuses).filter((status) => status.id !== id)
  const place = after === null ? 0 : others.findIndex((status) => status.code === after) + 1
  if (after !== null && place === 0) throw new AppError('not_found', { what: after })
  await writeStatusOrder(session.em, others.map((status) => status.id).toSpliced(place, 0, id))
}

async function archive(session: Session, status: Status, statuses: StatusDictionary): Promise<void> {
  const counted = statuses.all.filter((other) => statuses.resolve(other.id).id === status.id)
  const ids = counted.map((other) => other.id)
  const name = statuses.byId(status.id).names[session.locale]
  const givers = await selectGivers(
    session.em,
    ids,
    counted.map((other) => other.code),
  )
  if (givers.length > 0) {
    const by = [...new Set(givers.map((names) => `«${names[session.locale]}»`))].join(', ')
    throw new AppError('status_given', { status: name, by })
  }
  const deals = await countDealsStanding(session.em, ids)
  if (deals > 0) throw new AppError('status_has_deals', { status: name, count: deals })
  status.archivedAt = session.now
  status.shownInFunnel = false
}

/** A lost status stays lost and is never a win; the others are never lost: the past of its deals would change its meaning. */
function assertKindStays(status: Status, { category = status.category, isWon = status.isWon }: EditStatusInput): void {
  if ((category === 'lost') !== (status.category === 'lost')) throw new AppError('status_category_fixed')
  if (category === 'lost' && isWon) throw new AppError('status_category_fixed')
}

/** Some status must be left to begin in, and some to be lost in. @throws AppError status_last */
export function assertSomeLeft(statuses: StatusDictionary): void {
  for (const category of ['open', 'lost'] as const)
    if (!statuses.all.some((status) => status.category === category && !status.archived)) throw new AppError('status_last')
}

/** @throws AppError status_merged */
export function assertNotMerged(session: Session, statuses: StatusDictionary, status: StatusRow): void {
  if (status.mergedIntoId === null) return
  const into = statuses.resolve(status.id).names[session.locale]
  throw new AppError('status_merged', { status: status.names[session.locale], into })
}

/** @throws AppError not_found */
export async function findStatus(session: Session, code: string): Promise<Status> {
  const status = await session.em.findOne(Status, { code })
  if (!status) throw new AppError('not_found', { what: `status ${code}` })
  return status
}

/** Two of the same name could not be told apart in a list; a merged one keeps its name for history only. */
function assertNamesFree(statuses: StatusDictionary, names: StatusRow['names'], ownId: number | null): void {
  for (const locale of ['ru', 'en'] as const) {
    const same = statuses.all.find(
      (other) =>
        other.id !== ownId && other.mergedIntoId === null && other.names[locale].toLowerCase() === names[locale].toLowerCase(),
    )
    if (same) throw new AppError('already_exists', { what: names[locale] })
  }
}

/** Behind all, archived and lost ones too, so that it is nobody else's. */
function freeRank(statuses: StatusDictionary): number {
  return Math.max(0, ...statuses.all.map((status) => status.rank)) + 1
}

/** `Final check` -> `final-check`, with a number behind it where that is taken. */
function freeCode(statuses: StatusDictionary, name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const base = words.slice(0, 50).replace(/-$/, '') || 'status'
  const taken = new Set(statuses.all.map((status) => status.code.toLowerCase()))
  for (let number = 1; ; number++) {
    const code = number === 1 ? base : `${base}-${number}`
    if (!taken.has(code)) return code
  }
}
