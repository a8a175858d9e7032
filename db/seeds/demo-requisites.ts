/**
 * Requisites with valid check digits that belong to nobody: inspection code 00 is never given to a company.
 * INN, KPP: order of the Federal Tax Service; OGRN: government decree 438 of 19.06.2002.
 */

/** Ten digits: region, 00, five digits of `serial`, check digit. */
export function fictitiousInn(region: string, serial: number): string {
  const body = `${region}00${String(serial).padStart(5, '0')}`
  const weights = [2, 4, 10, 3, 5, 9, 4, 6, 8]
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body[index]), 0)
  return `${body}${(sum % 11) % 10}`
}

/** Nine digits: the inspection of the INN, reason 01, number 001. */
export function fictitiousKpp(region: string): string {
  return `${region}0001001`
}

/** Thirteen digits: 1, two of the year, region, seven of `serial`, check digit. */
export function fictitiousOgrn(region: string, year: number, serial: number): string {
  const body = `1${String(year % 100).padStart(2, '0')}${region}${String(serial).padStart(7, '0')}`
  return `${body}${(Number(body) % 11) % 10}`
}
