import { NoInput } from '../../../shared/schemas/directory.ts'
import type { TelegramLinkView } from '../../../shared/views/session.ts'
import { createLinkCode, unlinkTelegram } from '../../usecases/telegram.ts'
import { endpoint, type Route } from '../endpoint.ts'

/** @param startUrl where a code is redeemed with one tap; null when there is no such address */
export function telegramRoutes(startUrl: (code: string) => string | null): readonly Route[] {
  const presentCode = ({ code, expiresAt }: { code: string; expiresAt: Date }): TelegramLinkView => ({
    code,
    startUrl: startUrl(code),
    expiresAt: expiresAt.toISOString(),
  })
  return [
    endpoint('POST', '/telegram/link', NoInput, createLinkCode, presentCode, {
      summary: 'A one-time code that links Telegram',
      status: 201,
    }),
    endpoint('DELETE', '/telegram/link', NoInput, unlinkTelegram, () => undefined, { summary: 'Unlink Telegram' }),
  ]
}
