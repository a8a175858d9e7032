import type { FunnelReport } from './funnel-report.ts'
import { funnelTable } from './funnel-table.ts'
import {
  beginPdf,
  noteHeightOf,
  paintDrawing,
  paintFooters,
  paintHead,
  paintNotes,
  paintSentence,
  paintTable,
} from './pdf-page.ts'
import { titleWords } from './report-words.ts'

/**
 * The funnel as an A4 page made to be printed, in colour or black and white: vectors, the font embedded, more pages where one is too
 * small. Every figure is the view's.
 */
export async function funnelPdf(report: FunnelReport): Promise<Uint8Array> {
  const cursor = await beginPdf(report, titleWords(report))
  paintHead(cursor)
  paintSentence(cursor)
  paintDrawing(cursor)
  if (report.funnel.layers.length > 0) paintTable(cursor, funnelTable(report), noteHeightOf(cursor))
  paintNotes(cursor)
  paintFooters(cursor)
  return cursor.pdf.document.save()
}
