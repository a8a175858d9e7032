import type { DashboardView } from '../../shared/views/dashboards.ts'
import type { BoardSeen } from '../usecases/dashboards.ts'

export function presentDashboard({ dashboard, isMine, isStart, names }: BoardSeen): DashboardView {
  const { id, name, employee, isShared, cards, updatedAt, version } = dashboard
  return {
    id,
    name,
    owner: { id: employee.id, name: employee.name },
    mine: isMine,
    shared: isShared,
    isStart,
    cards,
    names,
    updatedAt: updatedAt.toISOString(),
    version,
  }
}
