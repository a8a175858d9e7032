import type { Middleware } from 'koa'

type WebhookOwner = {
  readonly webhook: {
    readonly path: string
    readonly handle: (secret: string | undefined, body: unknown) => Promise<200 | 403>
  } | null
}

const mostBytes = 1_000_000

/** The door Telegram knocks at. The update is stored before 200 is answered; anything wrong with the body is 400, so that nothing is retried for ever. */
export function receiveTelegram({ webhook }: WebhookOwner): Middleware {
  return async (ctx, next) => {
    if (!webhook || ctx.path !== webhook.path) return next()
    if (ctx.method !== 'POST') {
      ctx.status = 405
      return
    }
    const body = await readJson(ctx.req)
    ctx.status = body === null ? 400 : await webhook.handle(ctx.get('x-telegram-bot-api-secret-token') || undefined, body)
    ctx.body = ''
  }
}

async function readJson(request: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > mostBytes) return null
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return null
  }
}
