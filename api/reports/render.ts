import { Worker } from 'node:worker_threads'
import type { FunnelReport } from './funnel-report.ts'

export type ReportFormat = 'pdf' | 'xlsx' | 'png'
export type RenderTask = { readonly id: number; readonly report: FunnelReport; readonly format: ReportFormat }
export type Rendered = { readonly id: number; readonly bytes: Uint8Array } | { readonly id: number; readonly error: unknown }

type Waiting = { readonly resolve: (bytes: Uint8Array) => void; readonly reject: (error: unknown) => void }

/** A worker that draws nothing for this long is ended: a workbook leaves hundreds of megabytes behind, which go with it. */
const idleMs = 10_000

let worker: Worker | null = null
let idle: NodeJS.Timeout | undefined
let lastId = 0
const waiting = new Map<number, Waiting>()

/**
 * Draws a report in a thread of its own, one after another: drawing takes up to a second of pure work, in which nobody else would be answered.
 * @returns the bytes of the file. @throws what the drawing throws; an error when the thread dies.
 */
export function renderReport(report: FunnelReport, format: ReportFormat): Promise<Uint8Array> {
  const id = ++lastId
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject })
    clearTimeout(idle)
    worker ??= startWorker()
    worker.ref()
    worker.postMessage({ id, report, format } satisfies RenderTask)
  })
}

function startWorker(): Worker {
  const fresh = new Worker(new URL('render-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 16 },
  })
  fresh.on('message', (rendered: Rendered) => {
    const asked = waiting.get(rendered.id)
    waiting.delete(rendered.id)
    if ('bytes' in rendered) asked?.resolve(rendered.bytes)
    else asked?.reject(rendered.error)
    if (waiting.size === 0) rest(fresh)
  })
  fresh.on('error', (error) => giveUp(fresh, error))
  fresh.on('exit', () => giveUp(fresh, new Error('the report thread ended')))
  return fresh
}

/** An idle worker keeps nothing alive, and ends after a while. */
function rest(fresh: Worker): void {
  fresh.unref()
  idle = setTimeout(() => {
    if (waiting.size > 0) return
    worker = null
    void fresh.terminate()
  }, idleMs)
  idle.unref()
}

function giveUp(dead: Worker, error: unknown): void {
  if (worker !== dead) return
  worker = null
  const asked = [...waiting.values()]
  waiting.clear()
  for (const { reject } of asked) reject(error)
}
