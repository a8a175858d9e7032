/**
 * Makes each value once per key: building an Intl format costs a thousand times more than using it, and a screen formats hundreds of
 * numbers and days.
 */
export function keep<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>()
  return (key) => {
    let value = made.get(key)
    if (value === undefined) {
      value = make(key)
      made.set(key, value)
    }
    return value
  }
}

/** Numeric date and time of an instant in a time zone, 24-hour, for reading by `formatToParts`. */
export const zonedFormat = keep(
  (timeZone) =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    }),
)
