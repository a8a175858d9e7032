import { ListFunnelDeals, ShowFunnel, ShowWonBars, SplitFunnel } from '../../../shared/schemas/funnel.ts'
import { presentDealList } from '../../presenters/deals.ts'
import { presentActivity, presentDepartmentBars, presentFunnel, presentSplit, presentTrend } from '../../presenters/funnel.ts'
import { showActivity, showDepartmentBars, showTrend } from '../../usecases/funnel/charts.ts'
import { listFunnelDeals, splitFunnel } from '../../usecases/funnel/drill-down.ts'
import { showFunnel } from '../../usecases/funnel/show-funnel.ts'
import { endpoint, type Route } from '../endpoint.ts'

export const funnelRoutes: readonly Route[] = [
  endpoint('GET', '/funnel', ShowFunnel, showFunnel, presentFunnel, { summary: 'The funnel' }),
  endpoint('GET', '/funnel/deals', ListFunnelDeals, listFunnelDeals, presentDealList, { summary: 'The deals behind a figure' }),
  endpoint('GET', '/funnel/split', SplitFunnel, splitFunnel, presentSplit, {
    summary: 'A layer cut by type, client, department or employee',
  }),
  endpoint('GET', '/funnel/trend', ShowFunnel, showTrend, presentTrend, { summary: 'New, won and lost per week' }),
  endpoint('GET', '/funnel/departments', ShowWonBars, showDepartmentBars, presentDepartmentBars, {
    summary: 'Won by department, type or employee',
  }),
  endpoint('GET', '/funnel/activity', ShowFunnel, showActivity, presentActivity, { summary: 'Actions per day' }),
]
