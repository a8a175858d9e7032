import { indexKnown, type KnownIndex, proposeRepair } from '../../../shared/domain/near-miss.ts'
import type { Reporter } from './report.ts'

export type KnownName = { readonly id: number; readonly name: string; readonly archived: boolean }

export type NameBookOptions<Extra> = {
  /** The column as the user knows it, for proposals. */
  readonly column: string
  readonly known: readonly KnownName[]
  readonly report: Reporter
  /** Brings an archived entry back. */
  readonly revive: (ids: readonly number[]) => Promise<void>
  /** Makes entries. @returns their ids in the same order */
  readonly create: (wanted: readonly (readonly [string, Extra])[]) => Promise<readonly number[]>
}

export type NameBook<Extra> = {
  /** Makes sure that every name has an entry: known ones are found, the rest created. */
  ensure(wanted: ReadonlyMap<string, Extra>): Promise<void>
  /** @throws Error for a name that was not ensured */
  idOf(name: string): number
}

/** Slips are looked for against at most so many names, and for at most so many unknown ones: it costs milliseconds each. */
const [mostKnown, mostAsked] = [20_000, 2_000]

/**
 * The entries of one dictionary by name. A name that differs only in what is certain (blanks, quotes, look-alike letters) is the known
 * one; a likelier slip is proposed, and taken as written until a person agrees.
 */
export function openNameBook<Extra>({ column, known, report, revive, create }: NameBookOptions<Extra>): NameBook<Extra> {
  const ids = new Map<string, number>()
  const archived = new Map<string, number>()
  for (const { id, name, archived: isArchived } of known) {
    const map = isArchived ? archived : ids
    if (!map.has(name)) map.set(name, id)
  }
  const proposals = new Map<string, { value: string; certain: boolean }>()
  let index: KnownIndex | null = null
  let asked = 0

  const findNear = (name: string): number | null => {
    if (ids.size + archived.size > mostKnown || asked >= mostAsked) return null
    asked++
    index ??= indexKnown([...ids.keys()])
    const proposal = proposeRepair(name, index)
    if (!proposal) return null
    proposals.set(name, proposal)
    return proposal.certain ? (ids.get(proposal.value) ?? null) : null
  }

  return {
    async ensure(wanted) {
      const missing: [string, Extra][] = []
      const returning: number[] = []
      for (const [name, extra] of wanted) {
        if (ids.has(name)) continue
        const old = archived.get(name)
        const near = old === undefined ? findNear(name) : null
        if (old !== undefined) {
          returning.push(old)
          ids.set(name, old)
        } else if (near !== null) ids.set(name, near)
        else missing.push([name, extra])
      }
      if (returning.length > 0) await revive(returning)
      if (missing.length === 0) return
      const made = await create(missing)
      for (const [place, [name]] of missing.entries()) ids.set(name, made[place]!)
    },
    idOf(name) {
      const id = ids.get(name)
      if (id === undefined) throw new Error(`${column} has no entry for a name that was asked for`)
      const proposal = proposals.get(name)
      if (proposal) report.repair(column, name, proposal.value, proposal.certain)
      return id
    },
  }
}
