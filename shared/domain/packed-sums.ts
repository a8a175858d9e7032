/**
 * Many whole numbers in one: each has decimal digits of its own, so that adding two packs adds all of their numbers at once, and multiplying a pack by a
 * number multiplies them all. A number below zero borrows from the one above it, and is found again as long as every number lies between minus and plus half
 * of what its digits hold. The same as a number in balanced notation, with a base for each place.
 */
export type Width = number

/**
 * @param numbers whole numbers, the last ones stand in front
 * @param widths digits of each; repeated when there are more numbers
 * @returns decimal digits, perhaps after a minus
 */
export function packNumbers(numbers: readonly number[], widths: readonly Width[]): string {
  let packed = 0n
  for (let place = numbers.length - 1; place >= 0; place--)
    packed = packed * 10n ** BigInt(widths[place % widths.length]!) + BigInt(numbers[place]!)
  return String(packed)
}

/**
 * The numbers of a pack or of a sum of packs.
 * @param count how many; @throws RangeError when the pack has more
 */
export function unpackNumbers(packed: string, count: number, widths: readonly Width[]): number[] {
  const isNegative = packed.startsWith('-')
  const first = isNegative ? 1 : 0
  const numbers = new Array<number>(count).fill(0)
  let borrowed = 0
  let end = packed.length
  for (let place = 0; end > first || borrowed > 0; place++) {
    if (place >= count) throw new RangeError('the pack holds more numbers than it should')
    const width = widths[place % widths.length]!
    const start = Math.max(first, end - width)
    const isBelowZero = end - start === width && packed.charCodeAt(start) >= digitFive
    const value =
      (isBelowZero ? Number(BigInt(packed.slice(start, end)) - 10n ** BigInt(width)) : readDigits(packed, start, end)) + borrowed
    end = start
    borrowed = isBelowZero ? 1 : 0
    numbers[place] = isNegative ? 0 - value : value
  }
  return numbers
}

const [digitZero, digitFive] = [48, 53]

/** Digit by digit: most are zeros, and a text for each number would take longer than all else. */
function readDigits(text: string, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) value = value * 10 + text.charCodeAt(at) - digitZero
  return value
}
