import type { BoardCard } from '../schemas/dashboards.ts'
import type { NamedView } from './common.ts'

/** `GET /api/dashboards/:id`: what is asked, never what the answers are: those follow the rights of whoever looks. */
export type DashboardView = {
  readonly id: string
  readonly name: string
  readonly owner: NamedView
  /** The caller's own, which he may change. */
  readonly mine: boolean
  /** Whoever has the link may open it. */
  readonly shared: boolean
  /** The caller begins with it. */
  readonly isStart: boolean
  readonly cards: readonly BoardCard[]
  /** By the id of the card: types, clients, departments and people that it is cut by, as far as the caller may see them. */
  readonly names: Readonly<Record<string, readonly string[]>>
  readonly updatedAt: string
  readonly version: number
}
