import type { Context, Middleware } from 'koa'
import type { Logger } from 'pino'
import { linkDemoPersonas } from '../bot/demo.ts'
import { createChatPage } from '../bot/emulator/chat-page.ts'
import { demoOptions } from '../bot/emulator/demo-options.ts'
import { startEmulator } from '../bot/emulator/emulator.ts'
import type { Orm } from '../db/orm.ts'
import { cookieNameOf } from './http/auth.ts'
import { authenticateLogin } from './usecases/access.ts'

export type ChatDemo = {
  readonly token: string
  readonly apiRoot: string
  readonly middleware: Middleware
  stop(): Promise<void>
}

type ChatDemoParts = { readonly orm: Orm; readonly log: Logger; readonly now: () => Date; readonly publicUrl: string }

/**
 * The bot without Telegram: a local Bot API and its page at `/chat`, where every demo person is one tap away. Who is logged in to the app
 * begins as the person of his role.
 */
export async function startChatDemo({ orm, log, now, publicUrl }: ChatDemoParts): Promise<ChatDemo> {
  const emulator = await startEmulator({
    ...demoOptions(now().getTime()),
    bot: { first_name: 'Воронка', username: 'voronka_demo_bot' },
  })
  const people = await linkDemoPersonas(orm.em.fork(), now())
  const page = createChatPage({
    emulator,
    personas: people.map(({ telegramUserId, name, role }) => ({ id: role, name, role, telegramUserId })),
    authorize: () => people.length > 0,
  })
  const ownChat = async (ctx: Context): Promise<string | null> => {
    const cookie =
      ctx.path === '/chat' && ctx.query['persona'] === undefined ? ctx.cookies.get(cookieNameOf({ publicUrl })) : undefined
    const role = cookie ? (await authenticateLogin(orm.em.fork(), cookie, now()))?.actor.role : undefined
    if (!people.some((person) => person.role === role)) return null
    return `/chat?${new URLSearchParams([...new URLSearchParams(ctx.querystring), ['persona', role ?? '']])}`
  }
  log.debug({ people: people.length }, 'chat demo')
  return {
    token: emulator.token,
    apiRoot: emulator.apiRoot,
    async middleware(ctx, next) {
      if (ctx.path !== '/chat' && !ctx.path.startsWith('/chat/')) return next()
      const address = await ownChat(ctx)
      if (address) return ctx.redirect(address)
      ctx.respond = false
      ctx.res.statusCode = 200
      await page.handle(ctx.req, ctx.res)
    },
    async stop() {
      page.close()
      await emulator.close()
    },
  }
}
