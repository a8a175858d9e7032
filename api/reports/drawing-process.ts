import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { DrawingTask, Drawn, PageSent } from './draw-reports.ts'
import type { DealPages } from './funnel-report.ts'
import { createTurns } from './turns.ts'

export type DrawingProcess = {
  /**
   * Draws one report after another. @param pages further deals of a workbook, read as it asks for them. @returns the bytes of the file.
   * @throws what the drawing or the reading throws; an error when the process dies.
   */
  draw(task: DrawingTask, pages?: DealPages): Promise<Uint8Array>
  /** Ends the process, if there is one; a report under way fails. The next report starts another. */
  stop(): Promise<void>
  /** Number of the process; null while there is none. */
  pid(): number | null
}

export type DrawingOptions = {
  /** What the process runs. */
  readonly script?: URL
  /** Limit of what lives long in its heap, in MB. */
  readonly heapMb?: number
  /** A process that draws nothing for this long is ended: what the last reports left behind goes with it. */
  readonly idleMs?: number
  /** A report that takes longer, or longer between two pages, is given up, and the process with it. */
  readonly limitMs?: number
}

/** How long a process may take to end by itself. */
const stopGraceMs = 1_000

/**
 * A heap that is cleared often, so that what has passed does not pile up; by one thread, so that the other cores are left to who answers.
 * `draw-reports.ts` has it cleared besides when a report is handed over.
 */
const smallHeap = ['--max-semi-space-size=1', '--optimize-for-size', '--single-threaded-gc', '--expose-gc']

/** Every thread that allocates keeps what it had at its largest: one draws pictures, and all share one place (glibc; elsewhere without effect). */
const oneAllocator = {
  UV_THREADPOOL_SIZE: '1',
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}

/**
 * A process of its own to draw in, started when first needed. Drawing takes up to a second of pure work, in which nobody else would be answered, and
 * leaves much memory behind; in a process both are kept apart from the server, and what is left behind has an end.
 */
export function createDrawingProcess(options: DrawingOptions = {}): DrawingProcess {
  const { idleMs = 10_000, limitMs = 60_000 } = options
  const oneByOne = createTurns(1)
  let running: ChildProcess | null = null
  let idle: NodeJS.Timeout | undefined

  function child(): ChildProcess {
    clearTimeout(idle)
    if (running) return running
    const fresh = startChild(options)
    fresh.once('exit', () => {
      if (running === fresh) running = null
    })
    running = fresh
    return fresh
  }
  async function stop(): Promise<void> {
    clearTimeout(idle)
    const old = running
    running = null
    if (old) await endChild(old)
  }
  /** An idle process keeps nothing alive, and ends after a while. */
  function rest(): void {
    running?.unref()
    running?.channel?.unref()
    clearTimeout(idle)
    idle = setTimeout(stop, idleMs).unref()
  }
  return {
    draw: (task, pages) => oneByOne(() => askChild(child(), { task, pages, limitMs }).finally(rest)),
    stop,
    pid: () => running?.pid ?? null,
  }
}

function startChild({ script = new URL('draw-reports.ts', import.meta.url), heapMb = 192 }: DrawingOptions): ChildProcess {
  const child = fork(fileURLToPath(script), {
    execArgv: [`--max-old-space-size=${heapMb}`, ...smallHeap],
    env: { ...process.env, ...oneAllocator },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  // What goes wrong is told to who waits for a report; without this it would end the server.
  child.on('error', () => {})
  return child
}

type Asking = { readonly task: DrawingTask; readonly pages: DealPages | undefined; readonly limitMs: number }

async function askChild(child: ChildProcess, { task, pages, limitMs }: Asking): Promise<Uint8Array> {
  const answer = Promise.withResolvers<Uint8Array>()
  const pager = pages?.[Symbol.asyncIterator]()
  let unread: { readonly error: unknown } | null = null
  const sendPage = async (): Promise<PageSent> => {
    const next = await pager?.next()
    return { page: !next || next.done ? null : next.value }
  }
  const onDrawn = async (drawn: Drawn) => {
    if ('bytes' in drawn) return answer.resolve(drawn.bytes)
    if ('error' in drawn) return answer.reject(unread ? unread.error : drawn.error)
    late.refresh()
    const sent = await sendPage().catch((error: unknown): PageSent => {
      unread = { error }
      return { page: null, broken: true }
    })
    if (child.connected) child.send(sent)
  }
  const onExit = (code: number | null, signal: string | null) =>
    answer.reject(new Error(`the process that draws reports ended (${signal ?? code})`))
  child.on('message', onDrawn).once('exit', onExit).once('error', answer.reject)
  const late = setTimeout(() => child.kill('SIGKILL'), limitMs)
  try {
    child.ref()
    child.channel?.ref()
    child.send(task, (error) => error && answer.reject(error))
    return await answer.promise
  } finally {
    clearTimeout(late)
    child.off('message', onDrawn).off('exit', onExit).off('error', answer.reject)
    await pager?.return?.()
  }
}

/** A process ends by itself when it is left alone; one that is too busy to notice is ended. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const late = setTimeout(() => child.kill('SIGKILL'), stopGraceMs)
  if (child.connected) child.disconnect()
  await ended
  clearTimeout(late)
}
