declare module 'frappe-charts/dist/frappe-charts.min.esm.js' {
  type Sides = { top: number; bottom: number; left: number; right: number }
  /** The part of the library that the app uses; it ships no types. */
  export class Chart {
    constructor(parent: HTMLElement, options: Readonly<Record<string, unknown>>)
    destroy(): void
    draw: () => void
    update: () => void
    readonly svg: SVGSVGElement
    readonly drawArea: SVGGElement
    readonly state: {
      readonly xAxis: { readonly positions: readonly number[] }
      readonly datasets: readonly { readonly yPositions: readonly number[] }[]
    }
    measures: { margins: Sides; paddings: Sides; legendHeight: number }
    config: { showLegend: number }
    height: number
    data: unknown
    readonly realData: unknown
  }
}
