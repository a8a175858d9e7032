import type { Chart } from 'frappe-charts/dist/frappe-charts.min.esm.js'

export type TrendMark = 'circle' | 'square' | 'diamond'
/** `href` of the list behind the last value, where there is one. */
export type TrendSeries = {
  readonly name: string
  readonly mark: TrendMark
  readonly values: readonly number[]
  readonly href?: string | null
}
export type TrendDrawing = {
  readonly labels: readonly string[]
  readonly series: readonly TrendSeries[]
  /** `#RRGGBB` per series: the library takes no CSS variables. */
  readonly colors: readonly string[]
  readonly width: number
  /** Size of the root text, so that axis words fit when it is large. */
  readonly remPx: number
  /** Value and name at the end of each line, as against a legend outside. */
  readonly endLabels: boolean
  /** A list opens as a screen of its own, at its top. */
  readonly resets?: boolean
  readonly countOf: (value: number) => string
}

const height = 200
const axisHeight = 24
const endLabelsWidth = 112
/** From label to label; each has the room of a finger, the lower one above. */
const labelStep = 32
const touchSize = 44
/** Lowest base line of a label. */
const lowest = height - 16

/**
 * Draws the lines with frappe-charts, fetched on first use, at the width of its place.
 * @returns takes the drawing away.
 */
export function drawTrend(place: HTMLElement, drawing: TrendDrawing): () => void {
  let gone = false
  let destroy = (): void => {}
  void import('frappe-charts/dist/frappe-charts.min.esm.js').then(({ Chart }) => {
    if (gone) return
    const chart = new Chart(place, {
      type: 'line',
      height,
      animate: 0,
      colors: [...drawing.colors],
      data: {
        labels: [...drawing.labels],
        datasets: drawing.series.map((series) => ({ name: series.name, values: [...series.values] })),
        // Lines of numbers begin at zero; the library would begin at the least value. The marker itself is not shown.
        yMarkers: [{ label: '', value: 0 }],
      },
      axisOptions: { xAxisMode: 'tick', yAxisMode: 'span', xIsSeries: 1 },
      lineOptions: { hideDots: 1 },
    })
    settle(chart, drawing)
    destroy = () => chart.destroy()
  })
  return () => {
    gone = true
    destroy()
    place.replaceChildren()
  }
}

/** Draws once in the card's measures and for good: the library's own redraws, on a timer and on resize, would undo the finish. */
function settle(chart: Chart, drawing: TrendDrawing): void {
  const right = drawing.endLabels ? endLabelsWidth : 8
  chart.measures = {
    ...chart.measures,
    margins: { top: Math.round(0.6 * drawing.remPx), bottom: 4, left: 0, right },
    paddings: { top: 0, bottom: axisHeight, left: Math.round(1.9 * drawing.remPx), right: 0 },
    legendHeight: 0,
  }
  chart.config.showLegend = 0
  chart.height = height - axisHeight - 12
  chart.data = chart.realData
  chart.draw()
  chart.draw = () => {}
  chart.update = () => {}
  // The library writes its own grey on every grid line.
  for (const line of chart.svg.querySelectorAll<SVGLineElement>('.axis line')) line.style.stroke = 'var(--line)'
  nameThreeWeeks(chart, drawing.labels)
  finishLines(chart, drawing)
}

/** Only the first, the middle and the last week are named: more would touch one another on a phone. */
function nameThreeWeeks(chart: Chart, labels: readonly string[]): void {
  const texts = [...chart.svg.querySelectorAll('.x.axis text')]
  const last = labels.length - 1
  const anchors = new Map([
    [0, 'start'],
    [Math.floor(last / 2), 'middle'],
    [last, 'end'],
  ])
  texts.forEach((text, index) => {
    const anchor = anchors.get(index)
    text.textContent = anchor ? (labels[index] ?? '') : ''
    if (anchor) text.setAttribute('text-anchor', anchor)
  })
}

function createSvg(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  return element
}

function drawMark(mark: TrendMark, x: number, y: number, color: string): SVGElement {
  if (mark === 'circle') return createSvg('circle', { cx: x, cy: y, r: 3.5, fill: color })
  if (mark === 'diamond') return createSvg('path', { d: `M${x} ${y - 5}l5 5-5 5-5-5z`, fill: color })
  return createSvg('rect', {
    x: x - 3.5,
    y: y - 3.5,
    width: 7,
    height: 7,
    fill: 'var(--surface)',
    stroke: color,
    'stroke-width': 2,
  })
}

/** Marks at the line ends tell the lines apart without colour; their words are pushed apart so that none covers another. */
function finishLines(chart: Chart, drawing: TrendDrawing): void {
  const ends = chart.state.datasets.map((dataset, index) => ({ index, y: dataset.yPositions.at(-1) ?? 0 }))
  const x = chart.state.xAxis.positions.at(-1) ?? 0
  const sorted = ends.toSorted((one, other) => one.y - other.y)
  const lines = spread(sorted.map(({ y }) => y + 4))
  for (const [at, end] of sorted.entries()) {
    const series = drawing.series[end.index]!
    chart.drawArea.append(drawMark(series.mark, x, end.y, drawing.colors[end.index]!))
    if (drawing.endLabels) chart.drawArea.append(drawLabel(series, x + 12, lines[at]!, drawing))
  }
}

/** Base lines near the wished ones, from the top, a label apart and all inside the drawing. */
export function spread(wished: readonly number[]): readonly number[] {
  const down: number[] = []
  for (const y of wished) down.push(Math.max(y, (down.at(-1) ?? Number.NEGATIVE_INFINITY) + labelStep))
  return down.map((y, index) => Math.min(y, lowest - (down.length - 1 - index) * labelStep))
}

/** Value and name, which open the deals of the last week. The table says the same to those who do not see it. */
function drawLabel(series: TrendSeries, x: number, y: number, { countOf, resets = true }: TrendDrawing): SVGElement {
  const text = createSvg('text', { x, y, class: 'end-label' })
  const value = createSvg('tspan', { 'font-weight': 600 })
  value.textContent = countOf(series.values.at(-1) ?? 0)
  text.append(value, ` ${series.name}`)
  if (!series.href) return text
  const link = createSvg('a', { href: series.href, tabindex: -1, 'data-sveltekit-reset': String(resets) })
  link.append(
    createSvg('rect', { x: x - 6, y: y - 4 - touchSize / 2, width: endLabelsWidth - 6, height: touchSize, fill: 'transparent' }),
    text,
  )
  return link
}
