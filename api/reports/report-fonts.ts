import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fontkit from 'fontkit'

/**
 * The one font of the files: Inter, two weights, with Cyrillic and every sign the reports use. Read once, at the first report.
 * Servers have no system fonts to rely on.
 */
export type Weight = 400 | 600
export type ReportFont = {
  readonly path: string
  readonly bytes: Uint8Array
  readonly font: fontkit.Font
  /** Advance of a code point in em, by figure style. */
  readonly tabular: Map<number, number>
  readonly proportional: Map<number, number>
}

/** No kerning and no contextual forms: a line is then as wide as its signs, and is copied from the PDF as it was written. */
export const fontFeatures = { tnum: true, kern: false, calt: false, liga: false } as const
const files = { 400: '400Regular/Inter_400Regular.ttf', 600: '600SemiBold/Inter_600SemiBold.ttf' } as const
const read = new Map<Weight, ReportFont>()

/** Part of the em above and below the baseline. */
export const ascent = 1984 / 2048
export const descent = 494 / 2048

export function reportFont(weight: Weight): ReportFont {
  const known = read.get(weight)
  if (known) return known
  const path = fileURLToPath(import.meta.resolve(`@expo-google-fonts/inter/${files[weight]}`))
  const bytes = readFileSync(path)
  const font = fontkit.create(bytes) as fontkit.Font
  const loaded = { path, bytes, font, tabular: new Map<number, number>(), proportional: new Map<number, number>() }
  read.set(weight, loaded)
  return loaded
}

function advanceOf({ font, tabular, proportional }: ReportFont, point: number, isTabular: boolean): number {
  const widths = isTabular ? tabular : proportional
  const known = widths.get(point)
  if (known !== undefined) return known
  const { glyphs } = font.layout(String.fromCodePoint(point), isTabular ? fontFeatures : { ...fontFeatures, tnum: false })
  const advance = glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) / font.unitsPerEm
  widths.set(point, advance)
  return advance
}

/** Width of printable text in the unit of `size`. */
export function measureText(text: string, size: number, weight: Weight, isTabular: boolean): number {
  const font = reportFont(weight)
  let width = 0
  for (const sign of text) width += advanceOf(font, sign.codePointAt(0)!, isTabular)
  return width * size
}

const longestText = 2000
const unknownSign = '□'

/**
 * Text as it can be drawn: composed, without control and direction signs, on one line, at most 2,000 signs. A sign that the font does
 * not have becomes a square, so that it is seen that something stood there.
 */
export function printable(text: string): string {
  const { font } = reportFont(400)
  const plain = text
    .slice(0, longestText)
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\n\r\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
  let shown = ''
  for (const sign of plain) shown += font.hasGlyphForCodePoint(sign.codePointAt(0)!) ? sign : unknownSign
  return shown
}
