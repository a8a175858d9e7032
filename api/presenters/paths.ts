import type { PathsView } from '../../shared/views/paths.ts'
import type { ShownPaths } from '../usecases/funnel/show-paths.ts'
import type { Reader } from './deals.ts'
import { presentHead } from './funnel.ts'

export function presentPaths(shown: ShownPaths, reader: Reader): PathsView {
  const { statuses } = shown.asked
  const view = (id: number) => statuses.view(id, reader.locale)
  const codeOf = (id: number | null) => (id === null ? null : view(id).code)
  return {
    ...presentHead(shown, reader),
    deals: shown.deals,
    nodes: shown.paths.nodes.map(({ statusId, ...figures }) => ({ status: view(statusId), ...figures })),
    ways: shown.paths.ways.map((way) => ({ ...way, from: codeOf(way.from), to: codeOf(way.to) })),
    untaken: shown.paths.untaken.map(({ from, to }) => ({ from: view(from), to: view(to) })),
  }
}
