import type { PathsView, WayView } from '../../../../shared/views/paths.ts'

/** As the list is asked for it: `new..won`, `..new`, `new..`. */
export function wayKey({ from, to }: Pick<WayView, 'from' | 'to'>): string {
  return `${from ?? ''}..${to ?? ''}`
}

export type Names = ReadonlyMap<string, { readonly name: string; readonly isLost: boolean }>

export function namesOf(view: PathsView): Names {
  return new Map(view.nodes.map(({ status: { code, name, category } }) => [code, { name, isLost: category === 'lost' }]))
}

/** A way as the address names it; null: no way at all. @param names of the statuses that deals have been in; null: not known yet */
export function readWay(key: string, names: Names | null): Pick<WayView, 'from' | 'to'> | null {
  const ends = key.split('..')
  if (ends.length !== 2 || ends.every((code) => code === '')) return null
  const [from, to] = ends.map((code) => code || null) as [string | null, string | null]
  const isKnown = (code: string | null) => code === null || names === null || names.has(code)
  return isKnown(from) && isKnown(to) ? { from, to } : null
}
