/** What a clock on the wall shows, without saying where: `month` 1..12, `timeMs` milliseconds since midnight. */
export type WallTime = { readonly year: number; readonly month: number; readonly day: number; readonly timeMs: number }

/** `instant` ISO 8601 in UTC. `adjusted` says that the wall clock skipped this time (gap) or showed it twice (overlap). */
export type InstantReading = { readonly instant: string; readonly adjusted: 'gap' | 'overlap' | null }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** No zone changes its offset between two quarter hours, so one look-up serves them all. */
const SLOT_MS = 15 * MINUTE_MS
const MAX_SLOTS = 20_000

const clocks = new Map<string, { format: Intl.DateTimeFormat; offsets: Map<number, number> }>()

/**
 * The moment at which a wall clock shows `wall`.
 * @param zone minutes east of UTC, or an IANA zone name; in a gap the time is moved forward by the gap, of two the first is taken
 * @throws RangeError for an unknown zone name: zones come from settings, never from a file
 */
export function instantAt(wall: WallTime, zone: number | string): InstantReading {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day) + wall.timeMs
  if (typeof zone === 'number') return reading(asUtc - zone * MINUTE_MS, null)
  const [before, after] = [offsetMs(asUtc - 24 * HOUR_MS, zone), offsetMs(asUtc + 24 * HOUR_MS, zone)]
  const fitting = [...new Set([before, after])].map((offset) => asUtc - offset).filter((at) => at + offsetMs(at, zone) === asUtc)
  if (fitting.length === 0) return reading(asUtc - before, 'gap')
  return reading(Math.min(...fitting), fitting.length > 1 ? 'overlap' : null)
}

function reading(epochMs: number, adjusted: InstantReading['adjusted']): InstantReading {
  return { instant: new Date(epochMs).toISOString(), adjusted }
}

/** Milliseconds that the clock of `zone` is ahead of UTC at `epochMs`. */
function offsetMs(epochMs: number, zone: string): number {
  const clock = clocks.get(zone) ?? addClock(zone)
  const slot = Math.floor(epochMs / SLOT_MS)
  const known = clock.offsets.get(slot)
  if (known !== undefined) return known
  if (clock.offsets.size >= MAX_SLOTS) clock.offsets.clear()
  const part = Object.fromEntries(clock.format.formatToParts(slot * SLOT_MS).map(({ type, value }) => [type, Number(value)]))
  const shown = Date.UTC(part['year']!, part['month']! - 1, part['day']!, part['hour']!, part['minute']!, part['second']!)
  clock.offsets.set(slot, shown - slot * SLOT_MS)
  return shown - slot * SLOT_MS
}

function addClock(zone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const clock = { format, offsets: new Map<number, number>() }
  clocks.set(zone, clock)
  return clock
}
