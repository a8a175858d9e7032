import { createDrawingProcess } from './drawing-process.ts'
import type { DealPages, FunnelReport } from './funnel-report.ts'

/** `pack`: a PDF of several pages, for a meeting. */
export type ReportFormat = 'pdf' | 'pack' | 'xlsx' | 'png'
export const fileEndings: { readonly [F in ReportFormat]: 'pdf' | 'xlsx' | 'png' } = {
  pdf: 'pdf',
  pack: 'pdf',
  xlsx: 'xlsx',
  png: 'png',
}

/** A long list takes many seconds to write; pages and pictures do not wait for it. */
const drawings = { pages: createDrawingProcess(), workbooks: createDrawingProcess() }

/**
 * Draws a report beside the server, one after another. @param pages further deals of a workbook. @returns the bytes of the file.
 * @throws what the drawing throws; an error when its process dies.
 */
export function renderReport(report: FunnelReport, format: ReportFormat, pages?: DealPages): Promise<Uint8Array> {
  return drawings[format === 'xlsx' ? 'workbooks' : 'pages'].draw({ report, format }, pages)
}

/** Ends what draws the reports; a report asked for later starts it again. */
export async function stopReports(): Promise<void> {
  await Promise.all([drawings.pages.stop(), drawings.workbooks.stop()])
}
