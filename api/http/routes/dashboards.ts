import {
  ChooseStartPage,
  CopyDashboard,
  CreateDashboard,
  DashboardById,
  EditDashboard,
  RemoveDashboard,
} from '../../../shared/schemas/dashboards.ts'
import { NoInput } from '../../../shared/schemas/directory.ts'
import type { DashboardView } from '../../../shared/views/dashboards.ts'
import { presentDashboard } from '../../presenters/dashboards.ts'
import {
  chooseStartPage,
  copyDashboard,
  createDashboard,
  editDashboard,
  listDashboards,
  removeDashboard,
  showDashboard,
} from '../../usecases/dashboards.ts'
import { endpoint, type Route } from '../endpoint.ts'

const version = (view: DashboardView) => view.version

export const dashboardRoutes: readonly Route[] = [
  endpoint('GET', '/dashboards', NoInput, listDashboards, (boards) => ({ items: boards.map(presentDashboard) }), {
    summary: 'The caller’s dashboards, and the shared one he begins with',
  }),
  endpoint('POST', '/dashboards', CreateDashboard, createDashboard, presentDashboard, {
    summary: 'Make a dashboard',
    status: 201,
    version,
  }),
  endpoint('GET', '/dashboards/:id', DashboardById, showDashboard, presentDashboard, {
    summary: 'One’s own dashboard, or one that is shared by link',
    version,
  }),
  endpoint('PATCH', '/dashboards/:id', EditDashboard, editDashboard, presentDashboard, {
    summary: 'Rename a dashboard, set its cards, share it or end that',
    version,
  }),
  endpoint('DELETE', '/dashboards/:id', RemoveDashboard, removeDashboard, () => undefined, { summary: 'Take a dashboard away' }),
  endpoint('POST', '/dashboards/:id/copies', CopyDashboard, copyDashboard, presentDashboard, {
    summary: 'Make a dashboard of one’s own from it',
    status: 201,
    version,
  }),
  endpoint('PUT', '/session/start-page', ChooseStartPage, chooseStartPage, () => undefined, {
    summary: 'Begin with a dashboard, or (null) where one’s role begins',
  }),
]
