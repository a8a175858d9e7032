import * as fontkit from 'fontkit'
import { LineCapStyle, PDFDocument, type PDFFont, type PDFPage, PDFString, rgb } from 'pdf-lib'
import { fontFeatures, measureText, reportFont, type Weight } from './report-fonts.ts'
import type { Surface } from './surface.ts'

/** A4 in u; 1 u is 0.75 pt. */
export const a4 = { width: 794, height: 1123, unit: 0.75 } as const

type PdfFonts = (weight: Weight, isTabular: boolean) => PDFFont
export type PdfReport = {
  readonly document: PDFDocument
  readonly addPage: () => PdfSurface
}
export type PdfSurface = Surface & {
  /** Makes a box lead to an address of the web. */
  link(x: number, y: number, w: number, h: number, url: string): void
}

function colourOf(hex: string) {
  const part = (from: number) => Number.parseInt(hex.slice(from, from + 2), 16) / 255
  return rgb(part(1), part(3), part(5))
}

/** Begins an A4 document with the two weights of the font, of which only the signs used are kept. */
export async function createPdfReport(): Promise<PdfReport> {
  const document = await PDFDocument.create()
  document.registerFontkit(fontkit)
  const embed = (weight: Weight, tnum: boolean) =>
    document.embedFont(reportFont(weight).bytes, { subset: true, features: { ...fontFeatures, tnum } })
  const plain = { 400: await embed(400, false), 600: await embed(600, false) }
  const tabular = { 400: await embed(400, true), 600: await embed(600, true) }
  const fonts: PdfFonts = (weight, isTabular) => (isTabular ? tabular : plain)[weight]
  return { document, addPage: () => createPdfSurface(document, document.addPage([595.28, 841.89]), fonts) }
}

function createPdfSurface(document: PDFDocument, page: PDFPage, fonts: PdfFonts): PdfSurface {
  const top = page.getHeight()
  const { unit } = a4
  return {
    path(d, { fill, stroke, strokeWidth = 1, round }, { x, y, scale } = { x: 0, y: 0, scale: 1 }) {
      page.drawSvgPath(d, {
        x: x * unit,
        y: top - y * unit,
        scale: unit * scale,
        ...(fill === undefined ? {} : { color: colourOf(fill) }),
        ...(stroke === undefined ? {} : { borderColor: colourOf(stroke), borderWidth: strokeWidth }),
        ...(round ? { borderLineCap: LineCapStyle.Round } : {}),
      })
    },
    text(x, baseline, runs, { size, colour, align, tabular = false }) {
      const widths = runs.map(({ text, weight }) => measureText(text, size, weight, tabular))
      let left = align === 'right' ? x - widths.reduce((sum, width) => sum + width, 0) : x
      const [y, color] = [top - baseline * unit, colourOf(colour)]
      runs.forEach(({ text, weight }, index) => {
        page.drawText(text, { x: left * unit, y, size: size * unit, font: fonts(weight, tabular), color })
        left += widths[index]!
      })
    },
    link(x, y, w, h, url) {
      const rect = [x * unit, top - (y + h) * unit, (x + w) * unit, top - y * unit]
      const action = { Type: 'Action', S: 'URI', URI: PDFString.of(url.replaceAll('(', '%28').replaceAll(')', '%29')) }
      const annotation = { Type: 'Annot', Subtype: 'Link', Rect: rect, Border: [0, 0, 0], A: action }
      page.node.addAnnot(document.context.register(document.context.obj(annotation)))
    },
  }
}
