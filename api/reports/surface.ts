import { ascent, descent, measureText, printable, type Weight } from './report-fonts.ts'

/** What the funnel is drawn on: a PDF page or a picture. Units are u, the origin is at the top left, y goes down. */
export type Paint = { readonly fill?: string; readonly stroke?: string; readonly strokeWidth?: number; readonly round?: boolean }
export type Place = { readonly x: number; readonly y: number; readonly scale: number }
export type TextStyle = {
  readonly size: number
  readonly weight: Weight
  readonly colour: string
  readonly align?: 'left' | 'right'
  /** Digits of one width, for columns of figures on paper. */
  readonly tabular?: boolean
}
/** A piece of a line in one weight. */
export type Run = { readonly text: string; readonly weight: Weight }
export type Surface = {
  /** @param d SVG path of absolute M, L, C, Z. */
  path(d: string, paint: Paint, place?: Place): void
  /** One line; `x` is its left or right end, `baseline` where the letters stand. The texts are printable, each in its own weight. */
  text(x: number, baseline: number, runs: readonly Run[], style: TextStyle): void
}

/** Part of the radius at which the handles of a quarter circle stand. */
const handle = 0.5523

/** A box with corners of its own on the left and the right side. */
export function boxPath(x: number, y: number, w: number, h: number, left: number, right = left): string {
  const rl = Math.max(0, Math.min(left, w / 2, h / 2))
  const rr = Math.max(0, Math.min(right, w / 2, h / 2))
  const [x2, y2, kl, kr] = [x + w, y + h, rl * (1 - handle), rr * (1 - handle)]
  const numbers = (...values: number[]) => values.map((value) => Math.round(value * 1000) / 1000).join(' ')
  return [
    `M${numbers(x + rl, y)}`,
    `L${numbers(x2 - rr, y)}`,
    `C${numbers(x2 - kr, y, x2, y + kr, x2, y + rr)}`,
    `L${numbers(x2, y2 - rr)}`,
    `C${numbers(x2, y2 - kr, x2 - kr, y2, x2 - rr, y2)}`,
    `L${numbers(x + rl, y2)}`,
    `C${numbers(x + kl, y2, x, y2 - kl, x, y2 - rl)}`,
    `L${numbers(x, y + rl)}`,
    `C${numbers(x, y + kl, x + kl, y, x + rl, y)}`,
    'Z',
  ].join('')
}

/** Baseline of text in the middle of a line box. */
export function baselineIn(top: number, height: number, size: number): number {
  return top + (height - (ascent + descent) * size) / 2 + ascent * size
}

export type Measured = Pick<TextStyle, 'size' | 'weight' | 'tabular'>

export function textWidth(text: string, { size, weight, tabular = false }: Measured): number {
  return measureText(printable(text), size, weight, tabular)
}

/** Writes one line in the middle of a line box. @returns its width */
export function writeLine(surface: Surface, x: number, top: number, height: number, text: string, style: TextStyle): number {
  const shown = printable(text)
  if (shown.trim() !== '') surface.text(x, baselineIn(top, height, style.size), [{ text: shown, weight: style.weight }], style)
  return measureText(shown, style.size, style.weight, style.tabular ?? false)
}

/** Breaks a word that is wider than the line into pieces that are not. */
function breakWord(word: string, width: number, size: number, weight: Weight): string[] {
  const pieces: string[] = []
  let piece = ''
  for (const sign of word) {
    if (piece !== '' && measureText(piece + sign, size, weight, false) > width) {
      pieces.push(piece)
      piece = ''
    }
    piece += sign
  }
  return [...pieces, piece]
}

/** Lays runs out in lines no wider than `width`; breaks at spaces, inside a word only when it does not fit alone. */
export function wrapRuns(runs: readonly Run[], width: number, size: number): Run[][] {
  const lines: Run[][] = [[]]
  let x = 0
  for (const { text, weight } of runs) {
    const space = measureText(' ', size, weight, false)
    const words = printable(text).split(' ')
    words.forEach((word, index) => {
      if (index > 0) x += space
      for (const piece of breakWord(word, width, size, weight)) {
        const w = measureText(piece, size, weight, false)
        if (x > 0 && x + w > width + 0.01) {
          lines.push([])
          x = 0
        }
        if (piece === '') continue
        const line = lines.at(-1)!
        const last = line.at(-1)
        const text = `${last && index > 0 ? ' ' : ''}${piece}`
        // Neighbours of one weight are one piece of text: it is then found and copied as a whole.
        if (last && last.weight === weight) line[line.length - 1] = { weight, text: last.text + text }
        else line.push({ text, weight })
        x += w
      }
    })
  }
  return lines.filter((line) => line.length > 0)
}

export type Paragraph = { readonly x: number; readonly top: number; readonly width: number; readonly lineHeight: number }

/** Writes a paragraph of at most `maxLines`, the last ending in `…` when more was to come. @returns its height */
export function writeParagraph(
  surface: Surface,
  { x, top, width, lineHeight }: Paragraph,
  text: string | readonly Run[],
  style: TextStyle,
  maxLines = 40,
): number {
  const runs = typeof text === 'string' ? [{ text, weight: style.weight }] : text
  const lines = heldLines(wrapRuns(runs, width, style.size), maxLines)
  lines.forEach((line, index) => {
    surface.text(x, baselineIn(top + index * lineHeight, lineHeight, style.size), line, style)
  })
  return lines.length * lineHeight
}

function heldLines(lines: Run[][], maxLines: number): Run[][] {
  if (lines.length <= maxLines) return lines
  const held = lines.slice(0, maxLines)
  const last = held.at(-1)!
  const run = last.at(-1)!
  held[maxLines - 1] = [...last.slice(0, -1), { ...run, text: `${[...run.text].slice(0, -2).join('')}…` }]
  return held
}

/** Number of lines that a paragraph takes. */
export function countLines(text: string, width: number, { size, weight }: Measured): number {
  return wrapRuns([{ text, weight }], width, size).length
}

/** True when no word of the text has to be broken inside. */
export function wordsFit(text: string, width: number, { size, weight }: Measured): boolean {
  return printable(text)
    .split(' ')
    .every((word) => measureText(word, size, weight, false) <= width)
}
