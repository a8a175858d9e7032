export type TrendSeries = { readonly key: string; readonly name: string; readonly values: readonly number[] }
export type TrendDrawing = {
  readonly labels: readonly string[]
  readonly series: readonly TrendSeries[]
  /** `#RRGGBB` per series: the library takes no CSS variables. */
  readonly colors: readonly string[]
  readonly width: number
}

const height = 220

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
      },
      axisOptions: { xAxisMode: 'tick', yAxisMode: 'span', xIsSeries: 1 },
      lineOptions: { hideDots: 1 },
    })
    // The library leaves 80 px of margins and a legend of cut words; the card has its own legend.
    chart.measures = { ...chart.measures, margins: { top: 8, bottom: 4, left: 0, right: 8 }, paddings: { top: 0, bottom: 24, left: 30, right: 0 }, legendHeight: 0 }
    chart.config.showLegend = 0
    chart.height = height - 36
    chart.data = chart.realData
    chart.draw()
    destroy = () => chart.destroy()
  })
  return () => {
    gone = true
    destroy()
    place.replaceChildren()
  }
}
