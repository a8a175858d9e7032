import { spawn, spawnSync } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { startTestCluster } from '../db/embedded/test-cluster.ts'
import { findBrowser } from './support/browser.ts'

/**
 * `npm test`: everything that must hold; `npm run check` (`--quick`): the part that needs neither database nor browser.
 * The tests share one throw-away PostgreSQL. Arguments that name test files run only these.
 */
const root = resolve(import.meta.dirname, '..')
const quick = process.argv.includes('--quick')
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

type Step = { readonly name: string; readonly command: readonly string[]; readonly cwd?: string }

const node = process.execPath
const checks: readonly Step[] = [
  { name: 'types of the server', command: [node, 'node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.json', '--noEmit'] },
  {
    name: 'types of the app',
    command: [node, '../node_modules/svelte-check/bin/svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
    cwd: 'pwa',
  },
  { name: 'lint and format', command: [node, 'node_modules/@biomejs/biome/bin/biome', 'check', '.'] },
]

async function run({ name, command, cwd = '.' }: Step, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  console.log(`\n— ${name}`)
  const startedAt = performance.now()
  const [program, ...rest] = command as [string, ...string[]]
  const code = await new Promise<number>((done) => {
    const child = spawn(program, rest, { cwd: resolve(root, cwd), env, stdio: 'inherit' })
    child.on('exit', (exitCode) => done(exitCode ?? 1))
  })
  console.log(`— ${name}: ${code === 0 ? 'holds' : 'FAILS'}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  if (code !== 0) process.exitCode = 1
}

async function testFiles(): Promise<string[]> {
  if (named.length > 0) return named
  const patterns = quick ? ['tests/domain/**/*.test.ts', 'tests/layers.test.ts'] : ['tests/**/*.test.ts']
  return (await Array.fromAsync(glob(patterns, { cwd: root }))).sort()
}

/** A browser is looked for, then installed where the machine allows it; without one its tests are skipped, and said so. */
function browserPath(): string | null {
  const found = findBrowser()
  if (found || process.getuid?.() !== 0) return found
  console.log('\n— no browser found: installing chromium')
  spawnSync('sh', ['-c', 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium'], { stdio: 'ignore' })
  return findBrowser()
}

if (named.length === 0) for (const step of checks) await run(step)
const files = await testFiles()
const cluster = quick ? null : await startTestCluster()
try {
  const browser = quick ? null : browserPath()
  if (!quick && !browser)
    console.log('\n!!! NO BROWSER: the browser tests are skipped. Install Chromium, or set CHROMIUM_PATH. !!!')
  const env = {
    ...process.env,
    ...(cluster ? { TEST_DATABASE_URL: cluster.url } : {}),
    ...(browser ? { CHROMIUM_PATH: browser } : {}),
  }
  await run({ name: `${files.length} files of tests`, command: [node, '--test', '--test-concurrency=2', ...files] }, env)
} finally {
  await cluster?.stop()
}
