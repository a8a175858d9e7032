import { withParams } from '../query.ts'

/** What the address says of a list beside the funnel alone: without it the funnel stands by itself. */
export const noPane = {
  part: null,
  split: null,
  sort: null,
  ofType: null,
  ofStatus: null,
  byHand: null,
  day: null,
  week: null,
  cut: null,
  key: null,
  yearBefore: null,
  withoutRate: null,
} as const

/** The list of one part of a layer or a chapter. @param hrefOf of the whole one; @param part null: the whole */
export function partHref(hrefOf: (place: string) => string, place: string, part: string | null): string {
  const [pathname = '', search = ''] = hrefOf(place).split('?')
  return withParams({ pathname, search }, { part })
}

/** Of a request for a list: only the deals that its sum leaves out, where the address says so. */
export function leftOutOnly(params: Pick<URLSearchParams, 'get'>): Readonly<Record<string, string>> {
  return params.get('withoutRate') === '1' ? { withoutRate: '1' } : {}
}
