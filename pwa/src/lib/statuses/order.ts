import type { StatusView } from '../../../../shared/views/dictionaries.ts'

/** The statuses that have an order: neither lost nor archived; the API gives them in it. */
export function inOrder(items: readonly StatusView[]): readonly StatusView[] {
  return items.filter((status) => status.category !== 'lost' && !status.archived)
}

export function codesOf(statuses: readonly StatusView[]): readonly string[] {
  return statuses.map((status) => status.code)
}

/** The order asked for in the address, or null when it is none, or not one of just these statuses. */
export function readOrder(text: string | null, present: readonly string[]): readonly string[] | null {
  const codes = text?.split(',') ?? []
  const isWhole = codes.length === present.length && present.every((code) => codes.includes(code))
  return isWhole ? codes : null
}

/** The same with one code carried to another place; places outside are held inside. */
export function carried(codes: readonly string[], code: string, to: number): readonly string[] {
  const from = codes.indexOf(code)
  const place = Math.max(0, Math.min(codes.length - 1, to))
  return from < 0 ? codes : codes.toSpliced(from, 1).toSpliced(place, 0, code)
}
