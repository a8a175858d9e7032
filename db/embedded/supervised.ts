import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import type { RunAs } from './run-as.ts'

/**
 * Runs a program until it ends or the other side of standard input closes. The kernel closes that when Voronka dies, even by kill -9,
 * so the program is told to stop (SIGINT: fast shutdown of PostgreSQL, clean-up of initdb) and no process stays behind.
 * It is told again until it is gone: a shell starts a background program with SIGINT ignored, so what comes before the program listens is lost.
 */
const untilInputCloses = `
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
( while read -r line <&3; do :; done; while kill -INT "$program"; do sleep 0.1; done ) >/dev/null 2>&1 &
watcher=$!
exec 3<&-
wait "$program"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`

export interface Supervised {
  readonly child: ChildProcess
  /** Resolves with the exit code (null: ended by a signal) when the program is gone. */
  readonly ended: Promise<number | null>
  /** Asks the program to stop; `ended` tells when it did. */
  requestStop(): void
}

/**
 * Starts a program as the given user in a session of its own: Ctrl-C in the terminal reaches only Voronka, which stops things in order.
 *
 * In: `output`, where its output and errors go (an open file descriptor, or 'pipe').
 */
export function startSupervised(runAs: RunAs, command: readonly string[], output: number | 'pipe'): Supervised {
  const { uid, gid, prefix } = runAs
  const stdio: StdioOptions = ['pipe', output, output]
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
  const args = ['-c', untilInputCloses, 'voronka-db', ...prefix, ...command]
  const child = spawn('/bin/sh', args, { uid, gid, cwd: '/', detached: true, stdio, env: environment })
  child.stdin?.on('error', () => {})
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  ended.catch(() => {})
  return { child, ended, requestStop: () => void child.stdin?.end() }
}
