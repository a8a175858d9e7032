import { resolve } from 'node:path'
import pino from 'pino'
import { z } from 'zod'
import { createHttpApp } from '../../api/http/app.ts'
import { endpoint } from '../../api/http/endpoint.ts'
import { listenForChanges } from '../../api/http/events.ts'
import { createRateLimits } from '../../api/http/rate-limits.ts'
import { allRoutes } from '../../api/http/routes/all.ts'
import { readOrganization } from '../../api/usecases/settings.ts'
import { openOrm } from '../../db/orm.ts'
import { preparedAnswers, readAnswer } from './limit.ts'

/**
 * The door of `npm start` with one route more, `/api/bench/limit`: the nine rows of L through the same session, checks and presentation as a funnel.
 * In: DATABASE_URL. Prints its port; ends with its parent.
 */
const url = process.env['DATABASE_URL'] ?? ''
const orm = await openOrm(url)
const log = pino({ level: 'error' }, pino.destination(2))
const feed = listenForChanges(url, log)
const limit = endpoint(
  'GET',
  '/bench/limit',
  z.strictObject({ slice: z.coerce.number().int().min(1).max(preparedAnswers) }),
  (session, { slice }) => readAnswer(session.em, slice),
  (layers) => ({ layers }),
  { summary: 'Rows added up beforehand' },
)
const app = createHttpApp({
  services: {
    orm,
    log,
    now: () => new Date(),
    demoLogins: true,
    publicUrl: 'http://localhost',
    limits: await createRateLimits(orm),
    organization: async () => (await readOrganization(orm.em.fork()))!,
    telegram: { mode: 'off', botUsername: () => null, token: null },
  },
  routes: [...allRoutes({ feed, bot: { mode: 'off', username: () => null } }), limit],
  extras: [],
  appFolder: resolve(import.meta.dirname, '../../pwa/build'),
})
const server = app.listen(0, '127.0.0.1', () => {
  // Connections rest while other addresses are asked.
  server.keepAliveTimeout = 120_000
  console.log(`ready: http://127.0.0.1:${(server.address() as { port: number }).port}`)
})
// Whose parent was killed is handed on to another.
const parent = process.ppid
setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()
