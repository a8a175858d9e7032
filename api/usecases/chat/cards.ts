import type { Em } from '../../../db/orm.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'

export type CardPlace = { readonly chatId: number; readonly messageId: number }

/** Remembers which deal a message shows, so that an answer to the message is a comment on the deal. */
export async function keepCard(em: Em, place: CardPlace, dealNumber: number, now: Date): Promise<void> {
  await selectRows(
    em,
    sql`insert into bot_card (chat_id, message_id, deal_id, created_at)
    select ${place.chatId}, ${place.messageId}, id, ${now} from deal where number = ${dealNumber}
    on conflict (chat_id, message_id) do update set deal_id = excluded.deal_id`,
  )
}

/** Number of the deal that a message shows, or null. Whether the reader may see the deal is for the use-case to say. */
export async function findCardDeal(em: Em, place: CardPlace): Promise<number | null> {
  const found = await selectRow<{ number: number }>(
    em,
    sql`select deal.number::float8 as number from bot_card join deal on deal.id = bot_card.deal_id
    where bot_card.chat_id = ${place.chatId} and bot_card.message_id = ${place.messageId}`,
  )
  return found?.number ?? null
}
