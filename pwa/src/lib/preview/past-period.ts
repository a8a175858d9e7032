/** Periods offered, in days up to today. */
export const periods = [30, 90, 365] as const

/** The period that an address names; 90 days without one. */
export function chosenDays(url: { readonly searchParams: Pick<URLSearchParams, 'get'> }): number {
  const given = Number(url.searchParams.get('days'))
  return periods.find((one) => one === given) ?? 90
}
