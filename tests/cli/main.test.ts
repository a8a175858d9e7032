import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeTemporaryFolder } from '../support/folder.ts'
import { openCompany } from '../usecases/import-world.ts'

const main = new URL('../../api/cli/main.ts', import.meta.url).pathname

test('verbs end with 0, with 1 when something is refused, with 2 when the command is wrong', async () => {
  const { orm } = await openCompany()
  const folder = makeTemporaryFolder('cli')
  const run = (...args: string[]) => runCli({ DATABASE_URL: String(orm.config.get('clientUrl')), DATA_DIR: folder }, args)
  const file = join(folder, 'deals.csv')
  await writeFile(file, 'ID,Deal Name,Status,Created\n1,Film,Proposal,2026-03-01\n2,Tape,Nonsense,2026-03-02\n')

  assert.equal((await run('--help')).code, 0)
  assert.equal((await run('import', '--help')).code, 0)
  assert.equal((await run('import', 'nothing')).code, 2)
  assert.equal((await run('check', '--nonsense')).code, 2)
  const dry = await run('import', 'deals', file, '--dry-run', '--json')
  assert.equal(dry.code, 1)
  const report = JSON.parse(dry.stdout)
  assert.deepEqual([report.dryRun, report.rowsTaken, report.rowsRefused, report.problems[0].code], [true, 1, 1, 'status_unknown'])
  assert.equal((await run('import', 'deals', file)).code, 1)
  assert.match((await run('check')).stdout, /1 deals/)
  assert.equal((await run('import', '--undo', '2')).code, 0)
  const missing = await run('restore', join(folder, 'missing'), '--force')
  assert.equal(missing.code, 1)
  assert.match(missing.stderr, /ENOENT/)
  const added = JSON.parse((await run('user', 'add', 'second', '--generate', '--json')).stdout)
  assert.equal(added.password.length, 16)
  assert.equal((await run('demo', 'reset')).code, 1)
})

function runCli(
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...args], { env: { ...process.env, ...env } }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}
