import type { StatusRow } from '../../../db/queries/dictionaries.ts'
import { type KitStatus, kitStatuses, statusesOf } from '../../../shared/kits/kit-statuses.ts'
import type { Kit } from '../../../shared/schemas/kits.ts'
import { CreateStatus } from '../../../shared/schemas/statuses.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { createStatus, editStatus, inOrder } from '../statuses.ts'

/**
 * Sees to it that the company has the statuses of a kit. One that it has by code, else by name, is used, also when it was renamed, moved or
 * merged; an archived one comes back; a missing one is put behind the nearest of those that come before it in the kits' order.
 * @returns code in the kit -> code in the company
 */
export async function settleStatuses(session: Session, kit: Kit): Promise<ReadonlyMap<string, string>> {
  const codes = new Map<string, string>()
  for (const wanted of statusesOf(kit)) {
    const statuses = await readStatuses(session)
    const found = findStatusOf(statuses, wanted)
    codes.set(wanted.code, found ? found.code : await addStatus(session, statuses, wanted))
    if (found?.archived) await editStatus(session, { code: found.code, version: found.version, archived: false })
  }
  return codes
}

/** The status of the company that stands for one of a kit. Lost ones never do. */
export function findStatusOf(statuses: StatusDictionary, { code, names }: KitStatus): StatusRow | undefined {
  const ofSameName = (row: StatusRow) =>
    row.mergedIntoId === null &&
    (['ru', 'en'] as const).some((locale) => row.names[locale].toLowerCase() === names[locale].toLowerCase())
  const found = statuses.all.find((row) => row.code === code) ?? statuses.all.find(ofSameName)
  const counted = found && statuses.resolve(found.id)
  return counted?.category === 'lost' ? undefined : counted
}

async function addStatus(session: Session, statuses: StatusDictionary, { code, ...status }: KitStatus): Promise<string> {
  const isTaken = statuses.all.some((row) => row.code === code)
  const after = placeOf(statuses, code)
  const made = await createStatus(session, CreateStatus.parse({ ...status, ...(isTaken ? {} : { code }), after }))
  return made.statuses.byId(made.id).code
}

/** The status that a missing one goes behind; null: to the front. */
export function placeOf(statuses: StatusDictionary, code: string): string | null {
  const present = inOrder(statuses)
  const before = kitStatuses.slice(
    0,
    kitStatuses.findIndex((status) => status.code === code),
  )
  const nearest = before.reverse().flatMap((status) => findStatusOf(statuses, status) ?? [])
  return nearest.find((row) => present.some(({ id }) => id === row.id))?.code ?? null
}
