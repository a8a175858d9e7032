import type { FunnelReport } from './funnel-report.ts'
import type { ReportFormat } from './render.ts'

/**
 * The process that draws reports, started by `drawing-process.ts`: for each report that it is sent it answers with the bytes of the file,
 * or with what went wrong. What draws a format is loaded when that is first asked for.
 */
export type DrawingTask = { readonly report: FunnelReport; readonly format: ReportFormat }
export type Drawn = { readonly bytes: Uint8Array } | { readonly error: unknown }

const drawings: { readonly [F in ReportFormat]: () => Promise<(report: FunnelReport) => Promise<Uint8Array>> } = {
  pdf: async () => (await import('./funnel-pdf.ts')).funnelPdf,
  xlsx: async () => (await import('./funnel-xlsx.ts')).funnelXlsx,
  png: async () => (await import('./funnel-png.ts')).funnelPng,
}

async function draw({ report, format }: DrawingTask): Promise<Drawn> {
  try {
    const drawing = await drawings[format]()
    return { bytes: await drawing(report) }
  } catch (error) {
    return { error }
  }
}

// A signal to the whole group (Ctrl-C) is the server's to answer: it lets reports under way finish. Without the server there is no one to draw for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.exit())
// What a picture is made of lies outside the heap and ends only when the heap is cleared; so it is, when the answer is out.
process.on('message', async (task: DrawingTask) => {
  const drawn = await draw(task)
  if (process.connected) process.send?.(drawn, () => globalThis.gc?.())
})
