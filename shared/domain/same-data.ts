/** The same data, whatever the order of keys; what is left out is null. Pure. */
export function isSame(a: unknown, b: unknown): boolean {
  return writtenOut(a) === writtenOut(b)
}

/** Data as one text that does not depend on the order of keys, nor on whether what is null is there. */
export function writtenOut(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, inner]) => inner !== null && inner !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  )
}
