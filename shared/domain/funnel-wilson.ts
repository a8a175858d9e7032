/** The two-sided 95 % quantile of the normal distribution. */
const z = 1.959963984540054

export type Interval = { readonly lower: number; readonly upper: number }

/**
 * Wilson score interval (E. B. Wilson, 1927) of a share, at 95 %.
 * @param successes 0..n. @param n number of trials. @returns bounds 0..1, null when nothing was tried.
 */
export function wilsonInterval(successes: number, n: number): Interval | null {
  if (n <= 0) return null
  const share = successes / n
  const weight = 1 + z ** 2 / n
  const middle = (share + z ** 2 / (2 * n)) / weight
  const reach = (z / weight) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return { lower: Math.max(0, middle - reach), upper: Math.min(1, middle + reach) }
}
