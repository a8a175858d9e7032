import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** Resident memory in MB: of the server alone, and with the processes it started. */
export type Memory = { readonly server: number; readonly all: number }

export type Served = {
  /** Address without a path. */
  readonly base: string
  /** Now; null where there is no /proc. */
  memory(): Memory | null
  /** The most of each that was seen so far. */
  peak(): Memory | null
  stop(): Promise<void>
}

const root = resolve(import.meta.dirname, '../..')
const lookMs = 20

/** Starts the server as `npm start` does, on a given database, in a process of its own: what asks and what answers share neither memory nor clock. */
export function serve(databaseUrl: string): Promise<Served> {
  return startProgram(resolve(root, 'api/main.ts'), databaseUrl)
}

/** The same door with the route of L beside the others, and the cookie of an executive. */
export async function serveWithLimit(databaseUrl: string): Promise<Served & { readonly cookie: string }> {
  const served = await startProgram(resolve(import.meta.dirname, 'limit-server.ts'), databaseUrl)
  return { ...served, cookie: await logIn(served.base) }
}

/** Enters a demo company as its executive; @returns the cookie to send */
export async function logIn(base: string): Promise<string> {
  const answer = await fetch(`${base}/api/session/demo`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: base },
    body: JSON.stringify({ role: 'executive' }),
  })
  if (!answer.ok) throw new Error(`the log-in answered ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}

async function startProgram(program: string, databaseUrl: string): Promise<Served> {
  const { scripts } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  const flags = scripts.start.split(' ').filter((word) => word.startsWith('--'))
  const child = spawn(process.execPath, [...flags, program], {
    cwd: tmpdir(),
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      DEMO: '1',
      LOG_LEVEL: 'silent',
      TELEGRAM_MODE: 'off',
      DATABASE_URL: databaseUrl,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const port = await Promise.race([portIn(child.stdout), ended.then(() => Promise.reject(new Error('the server did not start')))])
  let peak = memoryOf(child.pid!)
  const look = setInterval(() => {
    peak = larger(peak, memoryOf(child.pid!))
  }, lookMs)
  return {
    base: `http://127.0.0.1:${port}`,
    memory: () => memoryOf(child.pid!),
    peak: () => peak,
    async stop() {
      clearInterval(look)
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function portIn(output: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface(output)) {
    const port = /ready: \S+:(\d+)/.exec(line)?.[1]
    if (port) return Number(port)
  }
  return new Promise(() => {})
}

function memoryOf(pid: number): Memory | null {
  try {
    const started = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    const server = residentMb(pid)
    return { server, all: started.reduce((sum, one) => sum + residentMb(one), server) }
  } catch {
    return null
  }
}

/** 0 for a process that has ended meanwhile. */
function residentMb(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  } catch {
    return 0
  }
}

function larger(one: Memory | null, other: Memory | null): Memory | null {
  return one && other ? { server: Math.max(one.server, other.server), all: Math.max(one.all, other.all) } : (one ?? other)
}
