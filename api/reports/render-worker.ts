import { parentPort } from 'node:worker_threads'
import { funnelPdf } from './funnel-pdf.ts'
import { funnelPng } from './funnel-png.ts'
import { funnelXlsx } from './funnel-xlsx.ts'
import type { Rendered, RenderTask } from './render.ts'

/** Draws reports away from the thread that answers requests; see `render.ts`. */
const drawings = { pdf: funnelPdf, xlsx: funnelXlsx, png: funnelPng } as const

parentPort?.on('message', async ({ id, report, format }: RenderTask) => {
  try {
    const bytes = await drawings[format](report)
    parentPort?.postMessage({ id, bytes } satisfies Rendered)
  } catch (error) {
    parentPort?.postMessage({ id, error } satisfies Rendered)
  }
})
