import type { DealRowView } from '../../shared/views/deals.ts'
import type { DealPages, FunnelReport } from './funnel-report.ts'
import type { ReportFormat } from './render.ts'

/**
 * The process that draws reports, started by `drawing-process.ts`: for each report that it is sent it answers with the bytes of the file,
 * or with what went wrong. A workbook asks for its further deals page by page, when it has written those before. What draws a format is
 * loaded when that is first asked for.
 */
export type DrawingTask = { readonly report: FunnelReport; readonly format: ReportFormat }
/** The next page that was asked for; null after the last, `broken` when it cannot be had. */
export type PageSent = { readonly page: readonly DealRowView[] | null; readonly broken?: true }
export type Drawn = { readonly bytes: Uint8Array } | { readonly error: unknown } | { readonly wants: 'page' }

const drawings: {
  readonly [F in ReportFormat]: () => Promise<(report: FunnelReport, pages: DealPages) => Promise<Uint8Array>>
} = {
  pdf: async () => (await import('./funnel-pdf.ts')).funnelPdf,
  pack: async () => (await import('./pack-pdf.ts')).packPdf,
  xlsx: async () => (await import('./funnel-xlsx.ts')).funnelXlsx,
  png: async () => (await import('./funnel-png.ts')).funnelPng,
}

let pageCame: ((sent: PageSent) => void) | null = null

async function* askForPages(): DealPages {
  for (;;) {
    const sent = await new Promise<PageSent>((resolve) => {
      pageCame = resolve
      process.send?.({ wants: 'page' } satisfies Drawn)
    })
    if (sent.broken) throw new Error('the deals could not be read')
    if (sent.page === null) return
    yield sent.page
  }
}

async function draw({ report, format }: DrawingTask): Promise<Drawn> {
  try {
    const drawing = await drawings[format]()
    return { bytes: await drawing(report, askForPages()) }
  } catch (error) {
    return { error }
  }
}

// A signal to the whole group (Ctrl-C) is the server's to answer: it lets reports under way finish. Without the server there is no one to draw for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
process.on('disconnect', () => process.exit())
// What a picture is made of lies outside the heap and ends only when the heap is cleared; so it is, when the answer is out.
process.on('message', async (message: DrawingTask | PageSent) => {
  if ('page' in message) return pageCame?.(message)
  const drawn = await draw(message)
  if (process.connected) process.send?.(drawn, () => globalThis.gc?.())
})
