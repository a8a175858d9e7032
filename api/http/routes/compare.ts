import { CompareFunnel, ListComparedDeals } from '../../../shared/schemas/compare.ts'
import { ListWayDeals, ShowPaths } from '../../../shared/schemas/paths.ts'
import { presentComparison } from '../../presenters/compare.ts'
import { presentDealList } from '../../presenters/deals.ts'
import { presentPaths } from '../../presenters/paths.ts'
import { compareFunnel, listComparedDeals } from '../../usecases/funnel/compare-funnel.ts'
import { listWayDeals, showPaths } from '../../usecases/funnel/show-paths.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const compareRoutes: readonly Route[] = [
  endpoint('GET', '/funnel/compare', CompareFunnel, compareFunnel, presentComparison, {
    summary: 'Two funnels side by side, and what explains their difference',
  }),
  endpoint('GET', '/funnel/compare/deals', ListComparedDeals, listComparedDeals, presentDealList, {
    summary: 'The deals behind a figure of a comparison',
  }),
  endpoint('GET', '/funnel/paths', ShowPaths, showPaths, presentPaths, { summary: 'The ways that deals really took' }),
  endpoint('GET', '/funnel/paths/deals', ListWayDeals, listWayDeals, presentDealList, { summary: 'The deals that took a way' }),
]
