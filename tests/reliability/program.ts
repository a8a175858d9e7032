import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { quickTemporaryPlace } from '../../db/embedded/test-cluster.ts'

const main = fileURLToPath(new URL('./fixture-main.ts', import.meta.url))
export const isRoot = process.getuid?.() === 0
export const nobody = 65534

export interface Program {
  readonly child: ChildProcess
  /** Everything it has said so far, both streams. */
  said(): string
  /** Resolves with the base URL when it is ready; rejects when it ends before. */
  readonly ready: Promise<string>
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

export interface ProgramOptions {
  readonly dataDir: string
  readonly env?: Record<string, string>
  readonly uid?: number
  /** A command put before node, such as unshare. */
  readonly prefix?: readonly string[]
  readonly cwd?: string
}

const programs = new Set<Program>()

/** Starts the fixture on a data folder and any free port, with nothing else of our environment but PATH. */
export function startProgram({ dataDir, env, uid, prefix = [], cwd = tmpdir() }: ProgramOptions): Program {
  const [command, ...args] = [...prefix, process.execPath, main]
  const environment = { PATH: process.env['PATH'], PORT: '0', DATA_DIR: dataDir, ...env }
  const child = spawn(command!, args, { env: environment, uid, gid: uid, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const port = Promise.withResolvers<string>()
  const listen = (chunk: Buffer) => {
    text += chunk
    const found = /^ready (\d+)$/m.exec(text)
    if (found) port.resolve(`http://127.0.0.1:${found[1]}`)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }))
  ended.then(() => port.reject(new Error(`ended before it was ready: ${text}`)))
  port.promise.catch(() => {})
  const program = { child, said: () => text, ready: port.promise, ended }
  programs.add(program)
  return program
}

/** Waits for a text in what the program says. Errors: when it ends without. */
export async function waitForText(program: Program, text: string): Promise<void> {
  let over = false
  program.ended.then(() => (over = true))
  while (!program.said().includes(text)) {
    if (over) throw new Error(`"${text}" was never said, but: ${program.said()}`)
    await delay(5)
  }
}

/** A new folder; in memory if possible: processes are killed here, not machines. In: the user number of its owner, when root makes it. */
export function makeFolder(owner?: number): string {
  const path = mkdtempSync(join(quickTemporaryPlace(), 'voronka-reliability-'))
  if (isRoot) chownSync(path, owner ?? 0, owner ?? 0)
  return path
}

/** Ends what a failed test has left and removes its folder. Errors: when something was left by a program that has ended by itself. */
export async function cleanUp(folder: string): Promise<void> {
  for (const { child, ended } of programs) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  }
  programs.clear()
  try {
    await waitForNoProcess(folder)
  } finally {
    for (const { pid } of listProcesses(folder)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

export interface FoundProcess {
  readonly pid: number
  readonly command: string
}

/** Processes (of PostgreSQL and its helpers) that name a folder in their command line or work in it. */
export function listProcesses(folder: string): FoundProcess[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return command.includes(folder) || readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) ? [{ pid, command }] : []
      } catch {
        return []
      }
    })
}

/** The process number of the database server on a data folder. */
export function findServer(dataDir: string): number {
  return Number.parseInt(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8'), 10)
}

/** Waits until nothing works on a folder. Errors: after 20 s, with what is still there. */
export async function waitForNoProcess(folder: string): Promise<void> {
  const until = performance.now() + 20_000
  while (listProcesses(folder).length > 0) {
    if (performance.now() > until) throw new Error(`left behind: ${JSON.stringify(listProcesses(folder))}`)
    await delay(20)
  }
}

/** Asks the program to stop and checks that it does so in order, leaving no process on the folder. */
export async function stopProgram(program: Program, folder: string): Promise<void> {
  program.child.kill('SIGTERM')
  assert.deepEqual(await program.ended, { code: 0, signal: null }, program.said())
  assert.deepEqual(listProcesses(folder), [])
}

/** Checks that the program refuses to start: one sentence, no stack, exit code 1. */
export async function assertRefused(program: Program, sentence: RegExp): Promise<void> {
  const { code } = await program.ended
  const said = program.said().replace(/^Creating the database.*\n/, '')
  assert.match(said, sentence)
  assert.doesNotMatch(said, /^\s+at /m)
  assert.equal(code, 1)
}
