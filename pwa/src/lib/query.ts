export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** `/api/deals` + `{ q: 'a', type: undefined }` -> `/api/deals?q=a`; empty values are left out. */
export function withQuery(path: string, query: Query = {}): string {
  const entries = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== '' && value !== false,
  )
  if (entries.length === 0) return path
  const text = new URLSearchParams(entries.map(([key, value]) => [key, value === true ? '1' : String(value)])).toString()
  return `${path}${path.includes('?') ? '&' : '?'}${text.replaceAll('%2C', ',')}`
}

/** The address of the present screen with some parameters changed; null takes one away. */
export function withParams(
  url: { readonly search: string; readonly pathname: string },
  changes: Readonly<Record<string, string | null>>,
  pathname = url.pathname,
): string {
  const params = new URLSearchParams(url.search)
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) params.delete(key)
    else params.set(key, value)
  }
  const text = params.toString().replaceAll('%2C', ',')
  return text ? `${pathname}?${text}` : pathname
}
