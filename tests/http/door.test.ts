import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { before, test } from 'node:test'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, type World } from '../support/world.ts'

const appFolder = resolve(import.meta.dirname, '../../pwa/build')
const built = existsSync(resolve(appFolder, '200.html'))

let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

test('it says that it is alive, and that it is ready', async () => {
  assert.deepEqual((await server.stranger.get('/healthz')).body, { status: 'alive' })
  const ready = await server.stranger.get('/readyz')
  assert.deepEqual([ready.status, ready.body], [200, { status: 'ready' }])
})

test('metrics are told to this machine only, under the routes’ patterns', async () => {
  await (await server.login('mira')).get(`/api/deals/${world.deals.mira}`)
  const { status, text } = await server.stranger.get('/metrics')
  assert.equal(status, 200)
  assert.match(text, /voronka_http_request_duration_seconds_count\{method="GET",route="\/api\/deals\/:number",status="200"\}/)
  const labels = [...text.matchAll(/\{([^}]*)\}/g)].map(([, inside]) => inside!)
  assert.ok(labels.length > 0 && !labels.some((inside) => inside.includes(`/${world.deals.mira}`)))
  const forwarded = await server.stranger.request('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })
  assert.equal(forwarded.status, 404)
})

test('the OpenAPI document has every route, with its input, and is well formed', async () => {
  const { status, body } = await server.stranger.get('/api/openapi.json')
  assert.equal(status, 200)
  assert.match(body.openapi, /^3\.1/)
  const described = Object.entries(body.paths).flatMap(([path, item]) =>
    Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  assert.deepEqual(described.sort(), server.routes.map((route) => `${route.method} /api${route.path}`).sort())
  for (const [path, item] of Object.entries<Record<string, Operation>>(body.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const declared = (operation.parameters ?? [])
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name)
      assert.deepEqual(declared.sort(), named.sort(), `${method} ${path}`)
      assert.ok(operation.summary && operation.responses['default'], `${method} ${path}`)
    }
  }
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, place]) => place!)
  for (const place of references) assert.ok(place.split('/').reduce((node, key) => node?.[key], body) !== undefined, place)
})
type Operation = { summary?: string; parameters?: { name: string; in: string }[]; responses: Record<string, unknown> }

test('the API can be read as a page without scripts', async () => {
  const { status, headers, text } = await server.stranger.get('/api/docs')
  assert.equal(status, 200)
  assert.match(headers.get('content-type') ?? '', /^text\/html/)
  assert.ok(text.includes('/api/deals/{number}/stage') && !text.includes('<script'))
})

test('every answer forbids foreign scripts, frames and guesses at its type', async () => {
  for (const path of ['/', '/api/session', '/api/docs', '/healthz', '/no-such-file.js']) {
    const { headers } = await server.stranger.get(path)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'self'/, path)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.match(policy, /object-src 'none'/)
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? ''
    assert.ok(scripts.startsWith("'self'") && !/unsafe|\*|https?:/.test(scripts), scripts)
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('x-powered-by'), null)
  }
})

test('answers of the API are kept by no cache', async () => {
  for (const path of ['/api/deals', '/api/session', '/api/funnel'])
    assert.equal((await (await server.login('mira')).get(path)).headers.get('cache-control'), 'no-store', path)
})

test('hashed files are kept for a year, the page is asked for anew; other addresses get the page', { skip: !built }, async () => {
  const hashed = (await readdir(resolve(appFolder, '_app/immutable/entry'))).find((file) => file.endsWith('.js'))!
  const file = await server.stranger.get(`/_app/immutable/entry/${hashed}`)
  assert.equal(file.status, 200)
  assert.match(file.headers.get('cache-control') ?? '', /max-age=31536000.*immutable/)
  for (const path of ['/', '/deals/1001', '/funnel']) {
    const page = await server.stranger.get(path)
    assert.deepEqual([page.status, page.headers.get('cache-control')], [200, 'no-cache'], path)
    assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  }
  for (const path of ['/_app/immutable/entry/none.js', '/none.png']) assert.equal((await server.stranger.get(path)).status, 404)
})

test('a page names the scripts and styles of its screen, all of which are there', { skip: !built }, async () => {
  const partsOf = async (path: string): Promise<string[]> => {
    const { headers } = await server.stranger.get(path)
    return [...(headers.get('link') ?? '').matchAll(/<([^>]+)>/g)].map(([, file]) => file!)
  }
  for (const path of ['/funnel', '/funnel/lead', '/deals/1001', '/deals/new', '/login']) {
    const parts = await partsOf(path)
    assert.ok(parts.some((part) => part.endsWith('.js')) && parts.some((part) => part.endsWith('.css')), path)
    for (const part of parts) assert.equal((await server.stranger.get(part)).status, 200, `${path} ${part}`)
  }
  assert.notDeepEqual(await partsOf('/deals/new'), await partsOf('/deals/1001'))
  assert.deepEqual(await partsOf('/no/such/screen'), [])
})

test('no file outside the app is served, however it is asked for', async () => {
  for (const path of [
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/....//package.json',
    '/%00',
    '/.env',
    '/%E0%A4%A',
  ]) {
    const { status, text } = await server.stranger.get(path)
    assert.ok(!text.includes('"voronka"'), path)
    assert.ok(status < 500, `${path}: ${status}`)
  }
})

test('HEAD answers as GET would, without a body', async () => {
  const manager = await server.login('mira')
  for (const path of [
    '/api/session',
    '/api/deals',
    `/api/deals/${world.deals.mira}`,
    '/api/funnel',
    '/healthz',
    '/api/openapi.json',
  ]) {
    const [head, get] = [await manager.request('HEAD', path), await manager.get(path)]
    assert.deepEqual([head.status, head.text], [get.status, ''], path)
    assert.equal(head.headers.get('etag'), get.headers.get('etag'))
  }
  assert.equal((await manager.request('HEAD', '/api/events')).status, 200)
  assert.equal((await manager.request('HEAD', `/api/deals/${world.deals.hedda}`)).status, 404)
})

test('a failure is answered with a number to name, and without its cause', async () => {
  const broken = await startServer(world, { organization: () => Promise.reject(new Error('secret of the inside')) })
  const client = broken.withCookie((await server.login('mira')).cookie)
  const { status, text, body } = await client.get('/api/deals')
  assert.deepEqual([status, body.error.code], [500, 'internal'])
  assert.ok(!text.includes('secret') && !text.includes('.ts'))
  assert.equal(broken.failures.length, 1)
  assert.ok(broken.failures[0]!.includes('secret of the inside') && broken.failures[0]!.includes(body.error.details.id))
})

test('nothing else of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
