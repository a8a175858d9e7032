import { CompareFunnel, ListComparedDeals } from '../../../shared/schemas/compare.ts'
import { presentComparison } from '../../presenters/compare.ts'
import { presentDealList } from '../../presenters/deals.ts'
import { compareFunnel, listComparedDeals } from '../../usecases/funnel/compare-funnel.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const compareRoutes: readonly Route[] = [
  endpoint('GET', '/funnel/compare', CompareFunnel, compareFunnel, presentComparison, {
    summary: 'Two funnels side by side, and what explains their difference',
  }),
  endpoint('GET', '/funnel/compare/deals', ListComparedDeals, listComparedDeals, presentDealList, {
    summary: 'The deals behind a figure of a comparison',
  }),
]
