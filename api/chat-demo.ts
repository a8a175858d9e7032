import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { linkDemoPersonas } from '../bot/demo.ts'
import { createChatPage } from '../bot/emulator/chat-page.ts'
import { demoOptions } from '../bot/emulator/demo-options.ts'
import { startEmulator } from '../bot/emulator/emulator.ts'
import type { Orm } from '../db/orm.ts'

export type ChatDemo = {
  readonly token: string
  readonly apiRoot: string
  readonly middleware: Middleware
  stop(): Promise<void>
}

/** The bot without Telegram: a local Bot API and its page at `/chat`, where every demo person is one tap away. */
export async function startChatDemo({ orm, log, now }: { orm: Orm; log: Logger; now: () => Date }): Promise<ChatDemo> {
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
  log.debug({ people: people.length }, 'chat demo')
  return {
    token: emulator.token,
    apiRoot: emulator.apiRoot,
    async middleware(ctx, next) {
      if (ctx.path !== '/chat' && !ctx.path.startsWith('/chat/')) return next()
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
