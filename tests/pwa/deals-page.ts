import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import type { Locale, Role } from '../../shared/views/common.ts'
import { type PageOptions, useStandIn } from './app-page.ts'
import { type DealServer, startDealServer } from './deals-server.ts'

export type DealPage = { readonly page: Page; readonly server: DealServer; readonly complaints: string[] }
export type DealPageOptions = PageOptions & { readonly role?: Role; readonly lang?: Locale }

/** The app on deals that can be changed, for a manager, in Russian, where the options say nothing else. */
export function useDeals(): (context: TestContext, path: string, options?: DealPageOptions) => Promise<DealPage | null> {
  const open = useStandIn(startDealServer)
  return (context, path, { role = 'manager', lang = 'ru', ...options } = {}) =>
    open(context, path, { locale: lang === 'en' ? 'en-GB' : 'ru-RU', ...options }, async (server) => {
      server.reset(role, lang)
      if (lang === 'en') await fetch(`${server.url}/api/session`, { method: 'PATCH', body: JSON.stringify({ locale: 'en' }) })
    })
}
