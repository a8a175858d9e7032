import { createDrawingProcess } from './drawing-process.ts'
import type { FunnelReport } from './funnel-report.ts'

export type ReportFormat = 'pdf' | 'xlsx' | 'png'

const drawing = createDrawingProcess()

/** Draws a report beside the server, one after another. @returns the bytes of the file. @throws what the drawing throws; an error when its process dies. */
export function renderReport(report: FunnelReport, format: ReportFormat): Promise<Uint8Array> {
  return drawing.draw({ report, format })
}

/** Ends what draws the reports; a report asked for later starts it again. */
export function stopReports(): Promise<void> {
  return drawing.stop()
}
