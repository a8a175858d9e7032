import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'

export interface Pool {
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>
  end(): Promise<void>
}

/** Serves `POST /<id>` (201 when the row is committed), `GET /` (all ids), `GET /ordered`, `GET /slow` (answers after 1 s), `GET /stream` (events, never ends), `GET /endless` (neither),
 * `GET /throw` (a bug outside any handler). */
export async function createPool(url: string): Promise<Pool> {
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  pool.on('error', () => {})
  await pool.query('create table if not exists kept (id text primary key)')

  const routes: Record<string, () => Promise<string>> = {
    'GET /': () => list('select id from kept'),
    'GET /ordered': () => list('select id from kept order by id'),
    'GET /slow': async () => delay(1_000, 'late but whole'),
    'GET /throw': async () => String(setImmediate(() => Promise.reject(new Error('a bug outside any handler')))),
  }
  const list = async (sql: string) => JSON.stringify((await pool.query<{ id: string }>(sql)).rows.map(({ id }) => id))
  const insert = async (id: string) => String((await pool.query('insert into kept values ($1)', [id])).rowCount)

  return {
    async answer(request, response) {
      const path = request.url ?? '/'
      if (path === '/endless') return void response.write('begun')
      if (path === '/stream') return void response.setHeader('Content-Type', 'text/event-stream').write(': begun\n\n')
      const route =
        request.method === 'POST' ? () => insert(decodeURIComponent(path.slice(1))) : routes[`${request.method} ${path}`]
      try {
        response.end(await route?.())
      } catch {
        response.writeHead(503).end()
      }
    },
    end: () => pool.end(),
  }
}
