/** Dragging one row of a list to another place, by pointer. Rows may differ in height; the page scrolls along at its edges. */
export type RowDrag = {
  /** Place of the row being dragged; null when none is. */
  readonly from: number | null
  /** Place it would take. */
  readonly over: number
  /** How far it has been moved, px. */
  readonly dy: number
  start(event: PointerEvent, from: number): void
  move(event: PointerEvent): void
  end(): void
  cancel(): void
}

const edgePx = 72
const scrollStepPx = 12

/** @param rows the rows in their order @param ondrop called with both places when they differ */
export function createRowDrag(rows: () => readonly HTMLElement[], ondrop: (from: number, to: number) => void): RowDrag {
  let from = $state<number | null>(null)
  let over = $state(0)
  let dy = $state(0)
  let startY = 0
  let middles: number[] = []

  function stop(): void {
    from = null
    dy = 0
  }
  return {
    get from() {
      return from
    },
    get over() {
      return over
    },
    get dy() {
      return dy
    },
    start(event, at) {
      if (event.button !== 0) return
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      middles = rows().map((row) => {
        const { top, height } = row.getBoundingClientRect()
        return top + scrollY + height / 2
      })
      startY = event.clientY + scrollY
      from = at
      over = at
      dy = 0
    },
    move(event) {
      if (from === null) return
      if (event.clientY < edgePx) scrollBy(0, -scrollStepPx)
      else if (event.clientY > innerHeight - edgePx) scrollBy(0, scrollStepPx)
      dy = event.clientY + scrollY - startY
      const middle = (middles[from] ?? 0) + dy
      over = middles.filter((other, index) => index !== from && other < middle).length
    },
    end() {
      const [was, place] = [from, over]
      stop()
      if (was !== null && was !== place) ondrop(was, place)
    },
    cancel: stop,
  }
}
