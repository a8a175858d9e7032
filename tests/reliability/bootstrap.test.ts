import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Stands in for npm: says what it was asked, may wait or fail, and links a Node as the real one does. */
const fakeNpm = `
const fs = require('node:fs')
fs.appendFileSync('npm-runs', process.argv.slice(2).join(' ') + ' ' + Object.keys(process.env).filter((name) => name.startsWith('npm_')).length + '\\n')
fs.mkdirSync('node_modules/.bin', { recursive: true })
setTimeout(() => {
  if (fs.existsSync('npm-fails')) process.exit(1)
  if (!fs.existsSync('npm-brings-no-node')) fs.symlinkSync(process.execPath, 'node_modules/.bin/node')
}, fs.existsSync('npm-waits') ? 60000 : 0)
`
/** Stands in for vite: leaves a built page. */
const fakeVite = `
const fs = require('node:fs')
fs.appendFileSync('../vite-runs', process.argv.slice(2).join(' ') + '\\n')
fs.mkdirSync('build', { recursive: true })
console.log('chatter of the builder')
process.exit(fs.existsSync('broken') ? 1 : 0)
`

let root = ''
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'voronka-bootstrap-')))
  mkdirSync(join(root, 'api'))
  copyFileSync(fileURLToPath(new URL('../../api/bootstrap.mjs', import.meta.url)), join(root, 'api/bootstrap.mjs'))
  put('package-lock.json', '{}')
  put('npm.cjs', fakeNpm)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function put(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
}

function runsOf(tool: 'npm' | 'vite'): number {
  const path = join(root, `${tool}-runs`)
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0
}

interface Run {
  readonly child: ChildProcess
  readonly result: Promise<{ code: number | null; said: string }>
}

function bootstrap(
  mode = 'start',
  env: Record<string, string> = { npm_execpath: join(root, 'npm.cjs'), npm_config_user_agent: 'npm' },
): Run {
  const environment = { PATH: process.env['PATH'], ...env }
  const child = spawn(process.execPath, [join(root, 'api/bootstrap.mjs'), mode], {
    cwd: tmpdir(),
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  child.stderr.on('data', (chunk) => (said += chunk))
  return { child, result: once(child, 'close').then(([code]) => ({ code, said })) }
}

test('the first start installs the packages, the second says and does nothing', async () => {
  const first = await bootstrap().result
  assert.equal(first.code, 0)
  assert.match(first.said, /^Installing packages …\nInstalling packages: done in \d+\.\d s\n$/)
  assert.deepEqual(await bootstrap().result, { code: 0, said: '' })
  assert.equal(
    readFileSync(join(root, 'npm-runs'), 'utf8'),
    'ci --loglevel=error 0\n',
    'once, and without the settings of the outer npm',
  )
})

test('a changed lock file is installed again', async () => {
  await bootstrap().result
  rmSync(join(root, 'node_modules'), { recursive: true })
  await bootstrap().result
  put('package-lock.json', '{ "changed": true }')
  rmSync(join(root, 'node_modules/.bin/node'))
  await bootstrap().result
  assert.equal(runsOf('npm'), 3)
})

test('a failed installation is said, ends with code 1 and is tried again', async () => {
  put('npm-fails', '')
  const { code, said } = await bootstrap().result
  assert.equal(code, 1)
  assert.match(said, /Installing packages failed; the reason stands above\.\n$/)
  assert.doesNotMatch(said, /^\s+at /m)
  rmSync(join(root, 'npm-fails'))
  assert.equal((await bootstrap().result).code, 0)
})

test('without npm and packages it says how to start', async () => {
  const { code, said } = await bootstrap('start', {}).result
  assert.equal(code, 1)
  assert.equal(said, 'The packages are not installed. Start with npm: npm start\n')
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} during the installation ends npm too and leaves no stamp`, async () => {
    put('npm-waits', '')
    const { child, result } = bootstrap()
    while (runsOf('npm') === 0) await delay(10)
    child.kill(signal)
    assert.equal((await result).code, 130)
    assert.ok(!existsSync(join(root, 'node_modules/.voronka-lock')))
    rmSync(join(root, 'npm-waits'))
    assert.equal((await bootstrap().result).code, 0, 'nothing hinders the next start')
  })
}

test('two scripts started at once install once', async () => {
  const results = await Promise.all([bootstrap().result, bootstrap('test').result])
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0],
  )
  assert.equal(runsOf('npm'), 1)
})

test('the app is built when one of its sources, or the shared code, has changed, and only then', async () => {
  put('pwa/vite.config.ts', '')
  put('pwa/src/page.svelte', 'one')
  put('shared/domain/rules.ts', 'one')
  await bootstrap('cli').result
  assert.equal(runsOf('vite'), 0, 'commands need no app')
  put('node_modules/vite/bin/vite.js', fakeVite)
  put('node_modules/vite/package.json', '{ "type": "commonjs" }')
  const changes = [
    () => {},
    () => put('pwa/src/page.svelte', 'two'),
    () => put('shared/domain/rules.ts', 'two'),
    () => rmSync(join(root, 'pwa/build'), { recursive: true }),
  ]
  for (const [index, change] of changes.entries()) {
    change()
    for (let time = 0; time < 2; time++) {
      const { code, said } = await bootstrap().result
      assert.equal(code, 0)
      assert.doesNotMatch(said, /chatter/)
    }
    assert.equal(runsOf('vite'), index + 1)
  }
})

test('an app that cannot be built stops the start', async () => {
  put('pwa/vite.config.ts', '')
  put('pwa/broken', '')
  await bootstrap('cli').result
  put('node_modules/vite/bin/vite.js', fakeVite)
  put('node_modules/vite/package.json', '{ "type": "commonjs" }')
  const { code, said } = await bootstrap().result
  assert.equal(code, 1)
  assert.match(said, /chatter of the builder\nBuilding the app failed; the reason stands above\.\n$/)
})

test('a machine for which npm has no Node 24 goes on with its own when that is new enough', async () => {
  put('npm-brings-no-node', '')
  assert.equal((await bootstrap().result).code, 0)
})

test('a Node from npm that cannot run here is taken away', async () => {
  put('npm-brings-no-node', '')
  put('node_modules/.bin/node', 'not a program of this machine')
  chmodSync(join(root, 'node_modules/.bin/node'), 0o755)
  assert.equal((await bootstrap().result).code, 0)
  assert.ok(!existsSync(join(root, 'node_modules/.bin/node')))
})

test('without a Node 24 from npm an older one is refused in a sentence', async () => {
  put('npm-brings-no-node', '')
  const { code, said } = await pretendVersion('22.4.1')
  assert.equal(code, 1)
  assert.match(said, /^Voronka runs on Node 24\.12 or later\. .* this one is 22\.4\.1\. .*\n$/)
})

test('a Node before 20 is refused in a sentence, before anything is installed', async () => {
  const { code, said } = await pretendVersion('18.19.0')
  assert.equal(code, 1)
  assert.match(said, /^Voronka needs Node 20 or later to start; this is 18\.19\.0\. .*\n$/)
  assert.equal(runsOf('npm'), 0)
})

/** Out: what it says on the error stream. */
async function pretendVersion(version: string): Promise<{ code: number | null; said: string }> {
  put('old.mjs', `Object.defineProperty(process.versions, 'node', { value: '${version}' }); await import('./api/bootstrap.mjs')`)
  const env = { PATH: process.env['PATH'], npm_execpath: join(root, 'npm.cjs') }
  const child = spawn(process.execPath, [join(root, 'old.mjs')], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  const [code] = await once(child, 'close')
  return { code, said }
}
