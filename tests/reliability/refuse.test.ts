import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { assertRefused, cleanUp, isRoot, listProcesses, makeFolder, nobody, startProgram, stopProgram } from './program.ts'
import { startWriters } from './writers.ts'

const rootOnly = { skip: isRoot ? false : 'needs root to become other users' }

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = makeFolder(nobody)
  dataDir = join(folder, 'data')
})

afterEach(() => cleanUp(folder))

test('a folder that belongs to another user is refused in one sentence', rootOnly, async () => {
  const program = startProgram({ dataDir })
  await program.ready
  await stopProgram(program, folder)
  chmodSync(folder, 0o755)
  await assertRefused(startProgram({ dataDir, uid: nobody - 1 }), /^DATA_DIR \S+ .*another user.*\n$/)
})

test('a second start on the same folder is refused in one sentence and the first goes on unharmed', async () => {
  const first = startProgram({ dataDir })
  const writers = startWriters(await first.ready)
  await writers.progress(20)
  await assertRefused(startProgram({ dataDir }), new RegExp(`^DATA_DIR ${dataDir} .*process ${first.child.pid}.*\n$`))
  await writers.progress(20)
  await writers.stop()
  await stopProgram(first, folder)
})

test('of two first starts at the same moment one wins and the other is refused', async () => {
  const both = [startProgram({ dataDir }), startProgram({ dataDir })]
  const results = await Promise.allSettled(both.map(({ ready }) => ready))
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
  const winner = both[results.findIndex(({ status }) => status === 'fulfilled')]!
  await stopProgram(winner, folder)
})

test('a port that is taken is refused with a sentence that names PORT, and the database is stopped again', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  await assertRefused(startProgram({ dataDir, env: { PORT: String(port) } }), new RegExp(`PORT ${port} is already in use`))
  assert.deepEqual(listProcesses(folder), [])
  other.close()
})

test('a folder that cannot be written is refused with a sentence that names DATA_DIR', async () => {
  mkdirSync(dataDir, { mode: 0o500 })
  const closed = startProgram({ dataDir: join(dataDir, 'below'), uid: isRoot ? nobody : undefined })
  await assertRefused(closed, /^DATA_DIR \S+ cannot be written.*\n$/)
  writeFileSync(join(folder, 'file'), '')
  await assertRefused(startProgram({ dataDir: join(folder, 'file') }), /^DATA_DIR \S+ is not a folder.*\n$/)
})

test('a disk that is too small is refused with a sentence that names DATA_DIR', rootOnly, async (context) => {
  mkdirSync(dataDir)
  const onSmallDisk = (megabytes: number) => [
    'unshare',
    '--mount',
    'sh',
    '-c',
    `mount -t tmpfs -o size=${megabytes}m small ${dataDir} && exec "$@"`,
    'sh',
  ]
  if (spawnSync(onSmallDisk(1)[0]!, [...onSmallDisk(1).slice(1), 'true']).status !== 0)
    return context.skip('mounting is not allowed here')
  await assertRefused(startProgram({ dataDir, prefix: onSmallDisk(20) }), /^DATA_DIR \S+ only \d+ MB are free.*\n$/)
})

test('a disk that is full by the second start is refused with a sentence that names DATA_DIR', rootOnly, async (context) => {
  const first = startProgram({ dataDir })
  await first.ready
  await stopProgram(first, folder)
  const full = join(folder, 'full')
  mkdirSync(full)
  const fill = `mount -t tmpfs -o size=100m full ${full} && cp -a ${dataDir} ${full} && { cat /dev/zero > ${full}/zeros 2>/dev/null; rm ${full}/data/postgres/cluster/postmaster.opts; true; }`
  const prefix = ['unshare', '--mount', 'sh', '-c', `${fill} && exec "$@"`, 'sh']
  if (spawnSync(prefix[0]!, [...prefix.slice(1), 'true']).status !== 0) return context.skip('mounting is not allowed here')
  await assertRefused(startProgram({ dataDir: join(full, 'data'), prefix }), /^DATA_DIR \S+ the disk is full.*\n$/)
})

test('a database of another major version is refused in one sentence and left as it is', async () => {
  const program = startProgram({ dataDir })
  await program.ready
  await stopProgram(program, folder)
  const version = join(dataDir, 'postgres/cluster/PG_VERSION')
  writeFileSync(version, '17\n')
  await assertRefused(
    startProgram({ dataDir }),
    /^The database in \S+ was made by PostgreSQL 17; this Voronka brings PostgreSQL 18.*\n$/,
  )
  assert.equal(readFileSync(version, 'utf8'), '17\n')
})
