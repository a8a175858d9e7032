/**
 * One bar of the funnel (design/look, section 5): the end of the passed part and the end of the bar are exact, gaps come out
 * of the parts behind. All sizes in the drawing's unit u, rounded to 0.01.
 */
export type BarPart = 'passed' | 'finished' | 'open' | 'handedOff' | 'movedBack' | 'lost'
/** `handedOff` and `movedBack` are parts of a flow alone. */
export type BarFigures = { readonly [Part in 'passed' | 'finished' | 'open' | 'lost']: number } & {
  readonly reached: number
  readonly handedOff?: number
  readonly movedBack?: number
}
export type Box = { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
/** Corner radii of the left and the right side. */
export type Segment = Box & { readonly part: BarPart; readonly radiusLeft: number; readonly radiusRight: number }

const thinnest = { middle: 1.5, lost: 2 } as const

/** Rounds to 0.01 u. */
export function roundUnit(value: number): number {
  return Math.round(value * 100) / 100
}

/** The gap between parts: 2 u, or 1 u where all that stands behind the first solid part is under 8 u wide. */
function gapOf(figures: BarFigures, k: number): number {
  const { open, lost, passed, finished, handedOff = 0, movedBack = 0 } = figures
  const behind = open + lost + handedOff + movedBack + (passed > 0 ? finished : 0)
  return behind * k < 8 ? 1 : 2
}

/**
 * Cuts a bar into segments, left to right: passed, finished, open, handed off, moved back, lost. Passed starts at 0 and is exactly as wide as its figure.
 * Finished deals are done, not waiting: they are drawn solid behind passed, and are the whole solid part where the layer ends
 * the path. Parts too thin to be seen are drawn at their least width and the tail runs past the end; passed is never shortened.
 * @param k u per deal (or per minor unit). @param box left end and height of the bar; its width is not read.
 */
export function segmentsOf(figures: BarFigures, k: number, box: Omit<Box, 'w'>): readonly Segment[] {
  const gap = gapOf(figures, k)
  const end = figures.reached * k
  const segments: Segment[] = []
  /** Where the next part may begin, its gap included. */
  let next = 0
  const put = (part: BarPart, x: number, w: number) => {
    const radiusLeft = x === 0 && (part === 'passed' || part === 'finished') ? 3 : 2
    segments.push({ part, x: roundUnit(box.x + x), y: box.y, w: roundUnit(w), h: box.h, radiusLeft, radiusRight: 2 })
    next = x + w + gap
  }
  if (figures.passed > 0) put('passed', 0, figures.passed * k)
  if (figures.finished > 0) put('finished', next, Math.max(thinnest.middle, (figures.passed + figures.finished) * k - next))
  const middle = (['open', 'handedOff', 'movedBack'] as const).filter((part) => (figures[part] ?? 0) > 0)
  const lostWidth =
    figures.lost > 0 ? Math.max(thinnest.lost, figures.lost * k - (segments.length > 0 || middle.length > 0 ? gap : 0)) : 0
  let before = figures.passed + figures.finished
  for (const part of middle) {
    before += figures[part] ?? 0
    // The last of them gives way to the gap before what is lost; the others end where their figure does.
    const until = part === middle.at(-1) ? end - (lostWidth > 0 ? lostWidth + gap : 0) : before * k
    put(part, next, Math.max(thinnest.middle, until - next))
  }
  if (figures.lost > 0) put('lost', Math.max(next, end - lostWidth), lostWidth)
  return segments
}

export type Line = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }

/** Distance between hatch lines along x. */
export const hatchStep = 7.07

/** The 45-degree hatch of a lost segment, clipped to the box, for renderers without patterns. Lines are 1.5 u thick. */
export function hatchLines({ x, y, w, h }: Box): readonly Line[] {
  const lines: Line[] = []
  for (let t = hatchStep; t < w + h; t += hatchStep) {
    lines.push({
      x1: roundUnit(x + Math.max(0, t - h)),
      y1: roundUnit(y + Math.min(h, t)),
      x2: roundUnit(x + Math.min(w, t)),
      y2: roundUnit(y + Math.max(0, t - w)),
    })
  }
  return lines
}
