import { listDemoPeople } from '../api/usecases/chat/demo-people.ts'
import { linkAccount } from '../api/usecases/telegram.ts'
import type { Em } from '../db/orm.ts'
import type { Locale, Role } from '../shared/views/common.ts'

/** Somebody of the demo company as the local chat page shows him. */
export type Persona = {
  readonly telegramUserId: number
  readonly employeeId: number
  readonly name: string
  readonly position: string
  readonly role: Role
  readonly locale: Locale
}

/** Ids that Telegram never gave to anybody: one per role, the same at every start. */
const telegramIds: { readonly [R in Role]: number } = {
  manager: 900_001,
  head: 900_002,
  executive: 900_003,
  field: 900_004,
  admin: 900_005,
}

/** Links the demo people (one per role) to accounts of the emulator. Again and again with the same outcome. */
export async function linkDemoPersonas(em: Em, now: Date): Promise<Persona[]> {
  const people = await listDemoPeople(em)
  return em.transactional(async (inside) => {
    const personas: Persona[] = []
    for (const person of people) {
      const telegramUserId = telegramIds[person.role]
      if (!person.linkedTo.includes(telegramUserId)) {
        await linkAccount(
          { em: inside, now },
          { employeeId: person.employeeId, telegramUserId, chatId: telegramUserId, username: null },
        )
      }
      const { linkedTo: _, ...rest } = person
      personas.push({ telegramUserId, ...rest })
    }
    return personas.sort((a, b) => a.telegramUserId - b.telegramUserId)
  })
}
