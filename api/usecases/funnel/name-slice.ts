import { type SliceNames, selectSliceNames } from '../../../db/queries/slice-names.ts'
import type { Session } from '../../session.ts'
import type { Asked } from './ask.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'

/** The names of what a figure is cut by: of types and departments from memory, while the dictionaries stand. */
export async function nameSlice(session: Session, { slice }: Pick<Asked, 'slice'>): Promise<SliceNames> {
  const { em, actor, locale } = session
  const { types, departments } = await readFunnelDictionary(session)
  const asked = { ...slice, types: [], departments: [] }
  const inOrder = (names: readonly { readonly id: number; readonly name: string }[]) =>
    names.toSorted((a, b) => a.name.localeCompare(b.name, locale))
  return {
    ...(await selectSliceNames(em, actor, asked, locale)),
    types: inOrder(types.filter(({ id }) => slice.types.includes(id)).map(({ id, names }) => ({ id, name: names[locale] }))),
    departments: inOrder(
      [...new Set(slice.departments)].flatMap((id) => {
        const name = departments.get(id)
        return name === undefined ? [] : [{ id, name }]
      }),
    ),
  }
}
