/** A clock that stands until it is moved. */
export type Clock = {
  readonly now: () => Date
  /** Moves on and says the new time. */
  readonly advance: (by: { readonly ms?: number; readonly minutes?: number; readonly days?: number }) => Date
  readonly set: (instant: Date | string) => void
}

/** @param start ISO 8601 with offset; a Friday noon in Moscow unless told */
export function standingClock(start = '2026-11-20T09:00:00Z'): Clock {
  let at = Date.parse(start)
  return {
    now: () => new Date(at),
    advance({ ms = 0, minutes = 0, days = 0 }) {
      at += ms + minutes * 60_000 + days * 86_400_000
      return new Date(at)
    },
    set(instant) {
      at = new Date(instant).getTime()
    },
  }
}
