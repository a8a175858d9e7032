import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { after } from 'node:test'
import pino from 'pino'
import { createHttpApp } from '../../api/http/app.ts'
import type { HttpServices } from '../../api/http/context.ts'
import type { Route } from '../../api/http/endpoint.ts'
import { listenForChanges } from '../../api/http/events.ts'
import { serveHealth } from '../../api/http/health.ts'
import { serveMetrics } from '../../api/http/metrics.ts'
import { createRateLimits } from '../../api/http/rate-limits.ts'
import { allRoutes } from '../../api/http/routes/all.ts'
import { type Name, organization, password, type World } from './world.ts'

/** What came back: the body read as JSON where it is JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any; readonly text: string }

export type Ask = {
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly raw?: string
  readonly version?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** One person at the API, over real HTTP, as a browser of the same site. */
export type Client = {
  readonly request: (method: string, path: string, ask?: Ask) => Promise<Answer>
  readonly get: (path: string) => Promise<Answer>
  readonly cookie: string
}

export type TestServer = {
  readonly url: string
  readonly routes: readonly Route[]
  readonly services: HttpServices
  /** Lines that the server logged as failures (500). */
  readonly failures: readonly string[]
  readonly stranger: Client
  /** Logs in by password, once per person. */
  readonly login: (name: Name) => Promise<Client>
  /** Logs in anew. */
  readonly loginAgain: (name: Name) => Promise<Client>
  readonly withCookie: (cookie: string) => Client
}

const running: (() => Promise<void>)[] = []
after(() => Promise.all(running.map((stop) => stop())))

/** Serves the whole door on a free port until the file's tests end. */
export async function startServer(world: World, changed: Partial<HttpServices> = {}): Promise<TestServer> {
  const failures: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => void failures.push(line) })
  const databaseUrl = String(world.orm.config.get('clientUrl'))
  const feed = listenForChanges(databaseUrl, pino({ level: 'silent' }))
  const services: HttpServices = {
    orm: world.orm,
    log,
    now: world.clock.now,
    demoLogins: false,
    publicUrl: 'http://localhost',
    limits: await createRateLimits(world.orm),
    organization: () => Promise.resolve(organization),
    telegram: { mode: 'off', botUsername: () => null, token: null },
    ...changed,
  }
  const routes = allRoutes({ feed, bot: { mode: 'off', username: () => null } })
  const app = createHttpApp({
    services,
    routes,
    extras: [serveHealth(world.orm), serveMetrics()],
    appFolder: resolve(import.meta.dirname, '../../pwa/build'),
  })
  const server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  running.push(async () => {
    server.close()
    server.closeAllConnections()
    await feed.stop()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const withCookie = (cookie: string) => clientOf(url, cookie)
  const stranger = withCookie('')
  const loginAgain = async (name: Name): Promise<Client> => {
    const { status, headers } = await stranger.request('POST', '/api/session', { body: { login: name, password } })
    if (status !== 200) throw new Error(`${name} cannot log in: ${status}`)
    return withCookie(headers.getSetCookie()[0]!.split(';')[0]!)
  }
  const known = new Map<Name, Promise<Client>>()
  const login = (name: Name) => known.get(name) ?? known.set(name, loginAgain(name)).get(name)!
  return { url, routes, services, failures, stranger, login, loginAgain, withCookie }
}

function clientOf(url: string, cookie: string): Client {
  const request: Client['request'] = async (method, path, { body, raw, version, headers = {} } = {}) => {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' || method === 'HEAD' ? {} : { 'sec-fetch-site': 'same-origin' }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie === '' ? {} : { cookie }),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json') && text !== ''
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : null, text }
  }
  return { request, get: (path) => request('GET', path), cookie }
}
