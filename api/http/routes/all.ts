import type { Route } from '../endpoint.ts'
import type { ChangeFeed } from '../events.ts'
import { eventsRoute } from '../events.ts'
import { calendarRoutes } from './calendar.ts'
import { compareRoutes } from './compare.ts'
import { dashboardRoutes } from './dashboards.ts'
import { dealTypeRoutes } from './deal-types.ts'
import { dealRoutes } from './deals.ts'
import { directoryRoutes } from './directory.ts'
import { documentRoutes } from './documents.ts'
import { exchangeRateRoutes } from './exchange-rates.ts'
import { fileRoutes } from './files.ts'
import { funnelRoutes } from './funnel.ts'
import { importRoutes } from './imports.ts'
import { kitRoutes } from './kits.ts'
import { outcomeRoutes } from './outcomes.ts'
import { processRoutes } from './processes.ts'
import { reportRoutes } from './reports.ts'
import { ruleRoutes } from './rules.ts'
import { sessionRoutes } from './session.ts'
import { statusRoutes } from './statuses.ts'
import { telegramRoutes } from './telegram.ts'
import { workRoutes } from './work.ts'

/** What the routes must know of the bot. */
export type BotAddress = { readonly mode: 'webhook' | 'polling' | 'demo' | 'off'; readonly username: () => string | null }

/** Every route of the API: the router, the OpenAPI document and the permission matrix read this one list. */
export function allRoutes({ feed, bot }: { readonly feed: ChangeFeed; readonly bot: BotAddress }): readonly Route[] {
  return [
    ...sessionRoutes,
    ...telegramRoutes((code) => startUrl(bot, code)),
    ...dealRoutes,
    ...workRoutes,
    ...funnelRoutes,
    ...compareRoutes,
    ...outcomeRoutes,
    ...reportRoutes,
    ...dashboardRoutes,
    ...directoryRoutes,
    ...statusRoutes,
    ...processRoutes,
    ...importRoutes,
    ...ruleRoutes,
    ...documentRoutes,
    ...dealTypeRoutes,
    ...fileRoutes,
    ...calendarRoutes,
    ...exchangeRateRoutes,
    ...kitRoutes,
    eventsRoute(feed),
  ]
}

function startUrl(bot: BotAddress, code: string): string | null {
  const name = bot.username()
  if (bot.mode === 'demo') return `/chat?start=${code}`
  return name === null || bot.mode === 'off' ? null : `https://t.me/${name}?start=${code}`
}
