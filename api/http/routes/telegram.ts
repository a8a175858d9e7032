import { NoInput } from '../../../shared/schemas/directory.ts'
import { EditNotices } from '../../../shared/schemas/notices.ts'
import type { TelegramLinkView } from '../../../shared/views/session.ts'
import { presentNotices } from '../../presenters/notices.ts'
import { editNoticeSettings, showNoticeSettings } from '../../usecases/chat/notice-settings.ts'
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
    endpoint('GET', '/telegram/notices', NoInput, showNoticeSettings, presentNotices, {
      summary: 'What one is told of in Telegram, and the quiet hours',
    }),
    endpoint('PATCH', '/telegram/notices', EditNotices, editNoticeSettings, presentNotices, {
      summary: 'Turn notices in Telegram on or off by what they are about; set the quiet hours, or (null) none',
    }),
    endpoint('DELETE', '/telegram/link', NoInput, unlinkTelegram, () => undefined, { summary: 'Unlink Telegram' }),
  ]
}
