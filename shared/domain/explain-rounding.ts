/**
 * Rounds parts of a sum for show so that what is shown adds up to the shown total: every part is rounded down to the step, and the steps left over go to those
 * that lost most by it (largest remainders; A. Hamilton, 1792). Where parts and total agree each stays within one step of itself.
 * @param values of the parts. @param total in steps, whole. @param step what is shown at the finest: 1 deal, 0.001 of a share, 10 000 minor units
 * @returns whole steps, as many as there are values; their sum is `total`, unless there are none
 */
export function roundParts(values: readonly number[], total: number, step: number): readonly number[] {
  const exact = values.map((value) => value / step)
  const whole = exact.map(Math.floor)
  const left = total - whole.reduce((sum, one) => sum + one, 0)
  const byRemainder = exact.map((value, index) => ({ index, remainder: value - whole[index]! }))
  byRemainder.sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  // A total rounded otherwise may leave more steps than there are parts, or fewer than none: round after round, from either end.
  for (let given = 0; given < Math.abs(left) && whole.length > 0; given++) {
    const place = given % whole.length
    whole[byRemainder[left > 0 ? place : whole.length - 1 - place]!.index]! += Math.sign(left)
  }
  // No minus zero.
  return whole.map((one) => one + 0)
}
