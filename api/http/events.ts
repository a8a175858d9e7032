import { PassThrough } from 'node:stream'
import type { Context } from 'koa'
import pg from 'pg'
import type { Logger } from 'pino'
import { z } from 'zod'
import { visibleDeals } from '../../db/queries/visibility.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { authenticateLogin, authenticateToken } from '../usecases/access.ts'
import { cookieNameOf, sessionOf } from './auth.ts'
import type { HttpServices } from './context.ts'
import type { Route } from './endpoint.ts'

type Change = { readonly id: number; readonly number: number; readonly version: number }
type Listener = (change: Change) => void

/** Hears of changed deals from every process through PostgreSQL. A lost connection is made anew. */
export type ChangeFeed = { subscribe(listener: Listener): () => void; stop(): Promise<void> }

const reconnectMs = 2_000
const heartbeatMs = 20_000

/** @param url connection string of the database */
export function listenForChanges(url: string, log: Logger): ChangeFeed {
  const listeners = new Set<Listener>()
  let client: pg.Client | null = null
  let stopped = false
  /** Tries until it succeeds: a database that restarts may be away for longer than one try. One loss may be told several times. */
  const reconnect = (lost: pg.Client, error: unknown): void => {
    if (client !== lost || stopped) return
    client = null
    log.warn({ err: error }, 'change feed lost')
    lost.end().catch(() => {})
    setTimeout(connect, reconnectMs).unref()
  }
  const connect = async (): Promise<void> => {
    if (stopped) return
    const fresh = new pg.Client({ connectionString: url })
    client = fresh
    fresh.on('error', (error) => reconnect(fresh, error))
    fresh.on('notification', ({ payload }) => {
      const change = JSON.parse(payload ?? '{}') as Change
      for (const listener of listeners) listener(change)
    })
    await fresh
      .connect()
      .then(() => fresh.query('listen deal_changed'))
      .catch((error: unknown) => reconnect(fresh, error))
  }
  const started = connect()
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async stop() {
      stopped = true
      await started
      await client?.end().catch(() => {})
    },
  }
}

/**
 * `GET /api/events`: server-sent events. `deal` names a changed deal that the session may see, `funnel` says that figures may have changed.
 * The right is looked up anew at every event: a login that has ended hears nothing more.
 */
export function eventsRoute(feed: ChangeFeed): Route {
  return {
    method: 'GET',
    path: '/events',
    summary: 'Server-sent events: what changed, as far as the session may see it',
    schema: z.strictObject({}),
    open: false,
    async handle(ctx, services) {
      await sessionOf(ctx, services)
      ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
      ctx.status = 200
      if (ctx.method === 'HEAD') return
      const stream = new PassThrough()
      const write = (event: string, data: unknown) => stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      const stop = feed.subscribe(
        (change) => void tell(ctx, services, change, write, () => stream.end()).catch(() => stream.end()),
      )
      const heartbeat = setInterval(() => stream.write(': still here\n\n'), heartbeatMs)
      stream.on('close', () => {
        stop()
        clearInterval(heartbeat)
      })
      ctx.req.on('close', () => stream.destroy())
      ctx.body = stream
      write('hello', {})
    },
  }
}

async function tell(
  ctx: Context,
  services: HttpServices,
  change: Change,
  write: (event: string, data: unknown) => void,
  end: () => void,
): Promise<void> {
  const em = services.orm.em.fork()
  const bearer = /^Bearer\s+(\S+)$/i.exec(ctx.get('authorization'))?.[1]
  const who = bearer
    ? await authenticateToken(em, bearer)
    : await authenticateLogin(em, ctx.cookies.get(cookieNameOf(services)) ?? '', services.now())
  if (!who) return end()
  const seen = await selectRow(em, sql`select 1 from deal where deal.id = ${change.id} and ${visibleDeals(who.actor)}`)
  if (!seen) return
  write('deal', { number: change.number, version: change.version })
  write('funnel', {})
}
