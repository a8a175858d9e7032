import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Orm } from '../db/orm.ts'
import { receiveUpdate } from './inbox.ts'

export const webhookPath = '/telegram/webhook'

/** The secret that Telegram sends with every update: made from the token, so that nothing more need be kept. */
export function webhookSecret(token: string): string {
  return createHmac('sha256', token).update('voronka webhook').digest('base64url')
}

/**
 * The webhook without its HTTP: stores the update and says what to answer.
 * @returns handler (secret header, parsed body) -> HTTP status: 403 for a wrong or missing secret, 200 once the update is stored.
 */
export function createWebhook(parts: {
  readonly orm: Orm
  readonly token: string
  readonly now: () => Date
  readonly wake: () => void
}): (secret: string | undefined, body: unknown) => Promise<200 | 403> {
  const expected = digest(parts.token, webhookSecret(parts.token))
  return async (secret, body) => {
    // Equal lengths whatever was sent, so that the time tells nothing.
    if (!timingSafeEqual(expected, digest(parts.token, secret ?? ''))) return 403
    await receiveUpdate(parts.orm.em.fork(), body, parts.now())
    parts.wake()
    return 200
  }
}

function digest(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
