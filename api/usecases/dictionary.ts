import { type DealTypeRow, type Names, type StatusRow, selectDealTypes, selectStatuses } from '../../db/queries/dictionaries.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { rampStep } from '../../shared/domain/funnel-palette.ts'
import type { Locale, StatusRefView } from '../../shared/views/common.ts'
import type { Session } from '../session.ts'

/** The dictionary of statuses in one reading, by id and by code. */
export type StatusDictionary = {
  readonly all: readonly StatusRow[]
  /** Those that were not merged into others. */
  readonly live: readonly StatusRow[]
  byId(id: number): StatusRow
  /** Takes a code or an id as text. @throws AppError not_found */
  find(codeOrId: string): StatusRow
  /** The status that a merged one now counts as. */
  resolve(id: number): StatusRow
  /** As it stands beside a deal, named in the language. */
  view(id: number, locale: Locale): StatusRefView
  /** Rank of a status by id; null when it is lost. */
  rankOf(id: number): number | null
  /** Place 1..8 on the colour ramp: the chosen one, else by the order; null for lost ones. */
  step(status: StatusRow): number | null
}

/** Reads the dictionary of statuses. */
export async function readStatuses(session: Session): Promise<StatusDictionary> {
  return statusDictionary(await selectStatuses(session.em))
}

export function statusDictionary(all: readonly StatusRow[]): StatusDictionary {
  const byId = new Map(all.map((status) => [status.id, status]))
  const onRamp = all.filter((status) => status.category !== 'lost' && !status.archived && status.shownInFunnel)
  const get = (id: number): StatusRow => {
    const status = byId.get(id)
    if (!status) throw new AppError('not_found', { what: `status ${id}` })
    return status
  }
  const step = (status: StatusRow): number | null => {
    if (status.category === 'lost') return null
    if (status.colour !== null) return status.colour
    const lower = onRamp.filter((other) => other.rank <= status.rank).length
    return rampStep(Math.max(0, lower - 1), onRamp.length)
  }
  return {
    all,
    live: all.filter((status) => status.mergedIntoId === null),
    byId: get,
    find(codeOrId) {
      const found = all.find((status) => status.code === codeOrId) ?? byId.get(Number(codeOrId))
      if (!found) throw new AppError('not_found', { what: `status ${codeOrId}` })
      return found
    },
    resolve(id) {
      let status = get(id)
      for (let hops = 0; status.mergedIntoId !== null && hops < all.length; hops++) status = get(status.mergedIntoId)
      return status
    },
    rankOf(id) {
      const { category, rank } = get(id)
      return category === 'lost' ? null : rank
    },
    step,
    view(id, locale) {
      const status = get(id)
      const { code, rank, phase, category, isWon, names, colour } = status
      return {
        id,
        code,
        name: names[locale],
        rank,
        phase,
        category,
        isWon,
        step: step(status),
        ...(colour !== null && { colour }),
      }
    },
  }
}

/** The deal type with this code or id. @throws AppError not_found */
export async function findDealType(session: Session, codeOrId: string): Promise<DealTypeRow> {
  return dealTypeIn(await selectDealTypes(session.em), codeOrId)
}

/** The deal type with this code or id among those read. @throws AppError not_found */
export function dealTypeIn(all: readonly DealTypeRow[], codeOrId: string): DealTypeRow {
  const found = all.find((type) => type.code === codeOrId) ?? all.find((type) => String(type.id) === codeOrId)
  if (!found) throw new AppError('not_found', { what: `deal type ${codeOrId}` })
  return found
}

/** Code and both names, as events keep them. */
export function refOf(row: { readonly code: string; readonly names: Names }): { code: string; name: Names } {
  return { code: row.code, name: row.names }
}
