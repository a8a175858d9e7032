import { drawingColours } from '../../shared/domain/funnel-palette.ts'
import { boxPath, type Surface } from './surface.ts'

const accent = '#3049C9'
const logoBars = [
  [10, 22],
  [17.7, 14.5],
  [25.4, 7.5],
] as const
const hourglass =
  'M4 4.5L20 4.5M4 19.5L20 19.5M6.5 4.5L6.5 6.8C6.5 9.4 10.4 9.8 10.4 12C10.4 14.2 6.5 14.6 6.5 17.2L6.5 19.5' +
  'M17.5 4.5L17.5 6.8C17.5 9.4 13.6 9.8 13.6 12C13.6 14.2 17.5 14.6 17.5 17.2L17.5 19.5'

/** The sign of the product: three bars in a rounded square. @param size in u */
export function drawLogo(surface: Surface, x: number, y: number, size: number): void {
  const place = { x, y, scale: size / 40 }
  surface.path(boxPath(0, 0, 40, 40, 10), { fill: accent }, place)
  for (const [top, width] of logoBars) surface.path(boxPath(9, top, width, 4.6, 1.5), { fill: '#FFFFFF' }, place)
}

/** The hourglass of a bottleneck. */
export function drawHourglass(surface: Surface, x: number, y: number, size: number): void {
  const { signal } = drawingColours.light
  surface.path(hourglass, { stroke: signal, strokeWidth: 1.6, round: true }, { x, y, scale: size / 24 })
}
