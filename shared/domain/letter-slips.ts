let [beforeLast, last, row] = [new Uint16Array(64), new Uint16Array(64), new Uint16Array(64)]

/**
 * Letters left out, added, changed or swapped with the neighbour between two words (optimal string alignment:
 * Damerau-Levenshtein without editing a letter twice).
 * @param limit only answers up to it matter: the work is a band of that width, and anything beyond returns `limit + 1`
 */
export function countSlips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let start = 0
  while (start < a.length && start < b.length && a.charCodeAt(start) === b.charCodeAt(start)) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) [endA, endB] = [endA - 1, endB - 1]
  if (endA === start || endB === start) return endA - start + (endB - start)
  return countInBand(a.slice(start, endA), b.slice(start, endB), limit)
}

function countInBand(a: string, b: string, limit: number): number {
  if (row.length <= b.length) [beforeLast, last, row] = [widen(b), widen(b), widen(b)]
  for (let j = 0; j <= b.length; j++) last[j] = j
  for (let i = 1; i <= a.length; i++) {
    const [from, to] = [Math.max(1, i - limit), Math.min(b.length, i + limit)]
    row[from - 1] = from === 1 ? i : limit + 1
    let least = row[from - 1]!
    for (let j = from; j <= to; j++) {
      const slips = slipsAt(a, b, i, j)
      row[j] = slips
      if (slips < least) least = slips
    }
    if (to < b.length) row[to + 1] = limit + 1
    if (least > limit) return limit + 1
    ;[beforeLast, last, row] = [last, row, beforeLast]
  }
  return Math.min(last[b.length]!, limit + 1)
}

function widen(b: string): Uint16Array<ArrayBuffer> {
  return new Uint16Array(b.length * 2)
}

function slipsAt(a: string, b: string, i: number, j: number): number {
  const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1)
  const slips = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (isSame ? 0 : 1))
  const isSwap = i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
  return isSwap ? Math.min(slips, beforeLast[j - 2]! + 1) : slips
}
