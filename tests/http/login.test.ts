import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { createApiToken } from '../../api/usecases/access.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { startServer, type TestServer } from '../support/server.ts'
import { createWorld, password, type World } from '../support/world.ts'

let world: World
let server: TestServer
before(async () => {
  world = await createWorld({ deals: true })
  server = await startServer(world)
})

const logIn = (login: string, given: string, at = server) =>
  at.stranger.request('POST', '/api/session', { body: { login, password: given } })

test('the right password opens a session: the cookie is out of scripts’ reach and stays on this site', async () => {
  const { status, headers, body } = await logIn('Mira', password)
  assert.equal(status, 200)
  assert.deepEqual([body.employee.login, body.employee.role, body.organization.timeZone], ['mira', 'manager', 'Europe/Moscow'])
  const cookie = headers.getSetCookie()[0]!.toLowerCase()
  assert.match(cookie, /^sid=[\w-]{43};/)
  for (const flag of ['httponly', 'samesite=lax', 'path=/', 'expires=']) assert.ok(cookie.includes(flag), flag)
  assert.ok(!cookie.includes('secure') && !cookie.includes('domain='))
})

test('over https, also behind a proxy that ends it, the cookie is bound to the host and secure', async () => {
  const secure = await startServer(world, { publicUrl: 'https://crm.example' })
  const { status, headers } = await logIn('mira', password, secure)
  assert.equal(status, 200)
  assert.match(headers.getSetCookie()[0]!, /^__Host-sid=.*;\s*secure/i)
  const client = secure.withCookie(headers.getSetCookie()[0]!.split(';')[0]!)
  assert.equal((await client.get('/api/session')).status, 200)
  assert.equal((await client.request('DELETE', '/api/session')).status, 204)
  assert.deepEqual(secure.failures, [])
})

test('a wrong password, an unknown login and a deactivated employee get one and the same answer', async () => {
  const answers = [await logIn('mira', 'не тот'), await logIn('nobody', password), await logIn('gena', password)]
  for (const { status, text, headers } of answers) {
    assert.deepEqual([status, text, headers.getSetCookie()], [401, answers[0]!.text, []])
  }
})

test('only a hash of the session’s token is kept', async () => {
  const client = await server.loginAgain('mira')
  const token = client.cookie.slice('sid='.length)
  const kept = await selectRows<{ row: string }>(world.orm.em.fork(), sql`select s::text as row from login_session s`)
  assert.ok(kept.length > 0 && kept.every(({ row }) => !row.includes(token)))
})

test('the eleventh try on an account in a quarter of an hour has to wait, the right password too; others need not', async () => {
  for (let tries = 0; tries < 10; tries++) assert.equal((await logIn('carl', 'не тот')).status, 401)
  const { status, headers, body } = await logIn('CARL', password)
  assert.deepEqual([status, body.error.code], [429, 'rate_limited'])
  const seconds = Number(headers.get('retry-after'))
  assert.ok(seconds > 0 && seconds <= 900, String(seconds))
  assert.equal((await logIn('sara', password)).status, 200)
})

test('the right password clears the account’s count', async () => {
  for (let tries = 0; tries < 9; tries++) await logIn('hedda', 'не тот')
  assert.equal((await logIn('hedda', password)).status, 200)
  assert.equal((await logIn('hedda', 'не тот')).status, 401)
})

test('demo logins are off unless allowed, and then one tap is enough', async () => {
  const body = { role: 'manager' }
  assert.equal((await server.stranger.request('POST', '/api/session/demo', { body })).status, 403)
  assert.deepEqual((await server.stranger.get('/api/login-options')).body, {
    organizationName: 'Проба',
    demo: false,
    demoPeople: [],
  })
  const demo = await startServer(world, { demoLogins: true })
  assert.equal((await demo.stranger.get('/api/login-options')).body.demoPeople.length, 5)
  const tapped = await demo.stranger.request('POST', '/api/session/demo', { body })
  assert.deepEqual([tapped.status, tapped.body.employee.login], [200, 'mira'])
  assert.equal((await demo.stranger.request('POST', '/api/session/demo', { body: { role: 'god' } })).status, 400)
})

test('a Telegram login with made-up data is refused like any other', async () => {
  const body = { initData: 'user=%7B%22id%22%3A1%7D&hash=00' }
  const { status, body: answer } = await server.stranger.request('POST', '/api/session/telegram', { body })
  assert.deepEqual([status, answer.error.code], [401, 'login_failed'])
})

test('logging out ends this session only', async () => {
  const [one, two] = [await server.loginAgain('max'), await server.loginAgain('max')]
  assert.equal((await one.request('DELETE', '/api/session')).status, 204)
  assert.deepEqual([(await one.get('/api/session')).status, (await two.get('/api/session')).status], [401, 200])
})

test('one login, or all others, can be ended from the list; another’s cannot', async () => {
  const [here, there, third] = [await server.loginAgain('nina'), await server.loginAgain('nina'), await server.loginAgain('nina')]
  const list = (await here.get('/api/session/list')).body.items
  assert.equal(list.length, 3)
  assert.equal(list.filter((item: { current: boolean }) => item.current).length, 1)
  const theirs = (await there.get('/api/session/list')).body.items.find((item: { current: boolean }) => item.current)
  const stranger = await server.loginAgain('max')
  assert.equal((await stranger.request('DELETE', `/api/session/list/${theirs.id}`)).status, 404)
  assert.equal((await here.request('DELETE', `/api/session/list/${theirs.id}`)).status, 204)
  assert.deepEqual([(await there.get('/api/session')).status, (await third.get('/api/session')).status], [401, 200])
  assert.equal((await here.request('DELETE', '/api/session/list')).status, 204)
  assert.deepEqual([(await here.get('/api/session')).status, (await third.get('/api/session')).status], [200, 401])
  assert.equal((await stranger.get('/api/session')).status, 200)
})

test('a new password ends every other session; a wrong present one changes nothing', async () => {
  const [here, there] = [await server.loginAgain('finn'), await server.loginAgain('finn')]
  const change = (current: string, next: string) => here.request('POST', '/api/session/password', { body: { current, next } })
  assert.equal((await change('не тот', 'новый-пароль-1')).status, 401)
  assert.equal((await change(password, 'короткий')).status, 400)
  assert.equal((await there.get('/api/session')).status, 200)
  assert.equal((await change(password, 'новый-пароль-1')).status, 204)
  assert.deepEqual([(await here.get('/api/session')).status, (await there.get('/api/session')).status], [200, 401])
  assert.equal((await logIn('finn', password)).status, 401)
  assert.equal((await logIn('finn', 'новый-пароль-1')).status, 200)
})

test('a changed role or password, set by the administrator, ends the employee’s sessions', async () => {
  const admin = await server.login('ada')
  const path = `/api/employees/${world.people.hugo.id}`
  for (const [body, version] of [
    [{ role: 'manager' }, 1],
    [{ password: 'задан-админом' }, 2],
  ] as const) {
    const client = version === 1 ? await server.loginAgain('hugo') : server.withCookie((await reLogin()).cookie)
    assert.equal((await admin.request('PATCH', path, { body, version })).status, 200)
    assert.equal((await client.get('/api/session')).status, 401)
  }
  async function reLogin() {
    const { headers } = await logIn('hugo', password)
    return { cookie: headers.getSetCookie()[0]!.split(';')[0]! }
  }
})

test('a session left idle ends: an administrator’s after a day, a manager’s after fourteen', async () => {
  const [admin, manager] = [await server.loginAgain('ada'), await server.loginAgain('max')]
  world.clock.advance({ days: 1, minutes: 1 })
  assert.deepEqual([(await admin.get('/api/session')).status, (await manager.get('/api/session')).status], [401, 200])
  world.clock.advance({ days: 14, minutes: 1 })
  assert.equal((await manager.get('/api/session')).status, 401)
})

test('a program logs in by a bearer token, without a cookie and without saying where it comes from', async () => {
  const { token } = await createApiToken(world.as('mira'), { name: 'касса' })
  const headers = { authorization: `Bearer ${token}`, 'sec-fetch-site': 'cross-site' }
  const body = { title: 'С кассы', type: 'service', amount: { amountMinor: 1, currency: 'RUB' } }
  const created = await server.stranger.request('POST', '/api/deals', { body, headers })
  assert.deepEqual([created.status, created.body.owner.id], [201, world.people.mira.id])
  const history = await server.stranger.request('GET', `/api/deals/${created.body.number}/history`, { headers })
  assert.equal(history.body.events[0].door, 'api')
  const wrong = { authorization: `Bearer ${token}x` }
  assert.equal((await server.stranger.request('GET', '/api/deals', { headers: wrong })).status, 401)
  await selectRows(world.orm.em.fork(), sql`update api_token set revoked_at = now()`)
  assert.equal((await server.stranger.request('GET', '/api/deals', { headers })).status, 401)
})

test('a wrong token is refused even beside a right cookie', async () => {
  const client = await server.loginAgain('mira')
  assert.equal((await client.request('GET', '/api/deals', { headers: { authorization: 'Bearer wrong' } })).status, 401)
})

test('nothing of all this was a failure of the server', () => {
  assert.deepEqual(server.failures, [])
})
