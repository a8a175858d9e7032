/** Draws the app's icons into ../static: an accent rounded square with three white bars. Run: `node pwa/icons/draw-icons.ts`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'

const accent = '#3049C9'
const bars = [
  { y: 10, width: 22 },
  { y: 17.7, width: 14.5 },
  { y: 25.4, width: 7.5 },
]

/** @param scale of the bars about the centre; below 1 keeps them inside a maskable icon's safe circle. @param radius of the square, 0..20. */
function iconSvg(scale: number, radius: number): string {
  const drawn = bars.map((bar) => `<rect x="9" y="${bar.y}" width="${bar.width}" height="4.6" rx="1.5"/>`).join('')
  const group = `<g fill="#FFFFFF" transform="translate(20 20) scale(${scale}) translate(-20 -20)">${drawn}</g>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><title>Voronka</title><rect width="40" height="40" rx="${radius}" fill="${accent}"/>${group}</svg>\n`
}

function save(name: string, data: string | Uint8Array): void {
  writeFileSync(fileURLToPath(new URL(`../static/${name}`, import.meta.url)), data)
}

function png(svg: string, width: number): Uint8Array {
  return new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng()
}

save('icon.svg', iconSvg(1, 10))
save('icon-192.png', png(iconSvg(1, 10), 192))
save('icon-512.png', png(iconSvg(1, 10), 512))
save('icon-maskable-512.png', png(iconSvg(0.8, 0), 512))
save('apple-touch-icon.png', png(iconSvg(0.9, 0), 180))
