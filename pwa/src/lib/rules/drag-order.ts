/** A row being dragged among others, by what was measured when it was taken up: tops and heights of all rows, in their order. */
export type Drag = {
  readonly from: number
  readonly to: number
  /** How far the pointer has gone. */
  readonly by: number
}
export type Box = { readonly top: number; readonly height: number }

/** The drag after the pointer went `by` px from where it took the row: its middle decides between which rows it falls. */
export function dragTo(boxes: readonly Box[], from: number, by: number): Drag {
  const own = boxes[from]
  if (!own) return { from, to: from, by: 0 }
  const middle = own.top + own.height / 2 + by
  const to = boxes.filter((box, index) => index !== from && box.top + box.height / 2 < middle).length
  return { from, to, by }
}

/** How far a row stands from its own place while another is dragged: the others close up and make room. */
export function shiftOf({ from, to, by }: Drag, boxes: readonly Box[], index: number): number {
  if (index === from) return by
  const height = boxes[from]?.height ?? 0
  if (index > from && index <= to) return -height
  if (index < from && index >= to) return height
  return 0
}
