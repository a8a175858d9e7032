import { selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { kits } from '../../../shared/kits/all.ts'
import type { Kit, ShowKitInput } from '../../../shared/schemas/kits.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { assertSettings } from '../people.ts'

/** A starter kit as it would be, or is, in this company. */
export type KitCard = {
  readonly kit: Kit
  readonly installed: boolean
  readonly statuses: StatusDictionary
  readonly currency: string
}

/** All starter kits. @throws AppError forbidden */
export async function listKits(session: Session): Promise<readonly KitCard[]> {
  assertSettings(session)
  const types = await selectRows<{ code: string }>(session.em, sql`select code from deal_type`)
  const statuses = await readStatuses(session)
  const currency = session.organization.baseCurrency
  return kits.map((kit) => ({ kit, installed: types.some(({ code }) => code === kit.code), statuses, currency }))
}

/** One of them. @throws AppError forbidden, not_found */
export async function showKit(session: Session, { code }: ShowKitInput): Promise<KitCard> {
  const card = (await listKits(session)).find(({ kit }) => kit.code === code)
  if (!card) throw new AppError('not_found', { what: `kit ${code}` })
  return card
}

/** @throws AppError not_found */
export function findKit(code: string): Kit {
  const kit = kits.find((one) => one.code === code)
  if (!kit) throw new AppError('not_found', { what: `kit ${code}` })
  return kit
}
