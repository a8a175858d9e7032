import type { Paint, Run, Surface } from './surface.ts'

export type SvgSurface = Surface & { readonly finish: () => string }

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function paintAttributes({ fill, stroke, strokeWidth = 1, round }: Paint): string {
  const line = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${strokeWidth}"`
  return `fill="${fill ?? 'none'}"${line}${round ? ' stroke-linecap="round" stroke-linejoin="round"' : ''}`
}

function spanOf(run: Run, weight: number): string {
  const text = escapeXml(run.text)
  return run.weight === weight ? text : `<tspan font-weight="${run.weight}">${text}</tspan>`
}

/** Collects an SVG picture of `width` by `height` u, on white. */
export function createSvgSurface(width: number, height: number): SvgSurface {
  const marks: string[] = []
  return {
    path(d, paint, place) {
      const moved = place ? ` transform="translate(${place.x} ${place.y}) scale(${place.scale})"` : ''
      marks.push(`<path d="${d}" ${paintAttributes(paint)}${moved}/>`)
    },
    text(x, baseline, runs, { size, weight, colour, align }) {
      const anchor = align === 'right' ? ' text-anchor="end"' : ''
      const place = `x="${x.toFixed(2)}" y="${baseline.toFixed(2)}"`
      marks.push(
        `<text ${place} font-size="${size}" font-weight="${weight}" fill="${colour}"${anchor}>${runs.map((run) => spanOf(run, weight)).join('')}</text>`,
      )
    },
    finish: () =>
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
      `<rect width="${width}" height="${height}" fill="#FFFFFF"/><g font-family="Inter" xml:space="preserve">${marks.join('')}</g></svg>`,
  }
}
