import { randomBytes } from 'node:crypto'
import { Dashboard, StartPage } from '../../db/entities/dashboard.ts'
import { Employee } from '../../db/entities/organization.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type {
  ChooseStartPageInput,
  CopyDashboardInput,
  CreateDashboardInput,
  EditDashboardInput,
} from '../../shared/schemas/dashboards.ts'
import { type Session, transact } from '../session.ts'
import { type CardNames, nameCards } from './name-cards.ts'

/** A dashboard as one person meets it. Its cards are questions: each asks for its figures with the rights of whoever looks. */
export type BoardSeen = {
  readonly dashboard: Dashboard
  readonly isMine: boolean
  readonly isStart: boolean
  /** Empty in a list. */
  readonly names: CardNames
}

/** More than anybody needs: a bound on one person's rows. */
const maxBoards = 100

/** The actor's own dashboards in the order they were made, then the shared one he begins with. @throws AppError forbidden */
export async function listDashboards(session: Session): Promise<readonly BoardSeen[]> {
  assertAble(session)
  const { em, actor } = session
  const own = await em.find(
    Dashboard,
    { employee: { id: actor.id }, archivedAt: null },
    { orderBy: { createdAt: 'asc', id: 'asc' }, populate: ['employee'], limit: maxBoards, refresh: true },
  )
  const start = await findStartBoard(session)
  const others = start && start.employee.id !== actor.id ? [start] : []
  return [...own, ...others].map((dashboard) => ({
    dashboard,
    isMine: dashboard.employee.id === actor.id,
    isStart: dashboard.id === start?.id,
    names: {},
  }))
}

/** @throws AppError forbidden, not_found: the same for another's, one that is shared no more, and none */
export async function showDashboard(session: Session, { id }: { readonly id: string }): Promise<BoardSeen> {
  const dashboard = await findDashboard(session, id)
  const start = await session.em.findOne(StartPage, session.actor.id)
  return {
    dashboard,
    isMine: dashboard.employee.id === session.actor.id,
    isStart: start?.dashboard.id === id,
    names: await nameCards(session, dashboard.cards),
  }
}

/** @throws AppError forbidden, conflict when the actor has as many as anybody may */
export function createDashboard(session: Session, input: CreateDashboardInput): Promise<BoardSeen> {
  return transact(session, async (inside) => {
    assertAble(inside)
    const { em, actor, now } = inside
    const count = await em.count(Dashboard, { employee: { id: actor.id }, archivedAt: null })
    if (count >= maxBoards) throw new AppError('conflict', { what: 'dashboards', most: maxBoards })
    const dashboard = em.create(Dashboard, {
      id: randomBytes(12).toString('base64url'),
      name: input.name,
      cards: input.cards,
      employee: em.getReference(Employee, actor.id),
      createdAt: now,
      updatedAt: now,
    })
    em.persist(dashboard)
    await em.flush()
    return showDashboard(inside, dashboard)
  })
}

/** Makes a dashboard that the actor may open his own: to change it as he likes. @throws AppError forbidden, not_found, conflict */
export function copyDashboard(session: Session, { id, name }: CopyDashboardInput): Promise<BoardSeen> {
  return transact(session, async (inside) => {
    const original = await findDashboard(inside, id)
    return createDashboard(inside, { name: name ?? original.name, cards: [...original.cards] })
  })
}

/**
 * Renames a dashboard, sets its cards in their order, shares it or ends that.
 * @throws AppError not_found, forbidden for another's, version_stale when it was changed since the actor saw it
 */
export function editDashboard(session: Session, input: EditDashboardInput): Promise<BoardSeen> {
  return transact(session, async (inside) => {
    const dashboard = await findOwn(inside, input)
    if (input.name !== undefined) dashboard.name = input.name
    if (input.cards !== undefined) dashboard.cards = input.cards
    if (input.shared !== undefined) dashboard.isShared = input.shared
    dashboard.updatedAt = inside.now
    await inside.em.flush()
    return showDashboard(inside, dashboard)
  })
}

/** Takes a dashboard away, also as the start page of others. @throws AppError not_found, forbidden, version_stale */
export async function removeDashboard(session: Session, input: { readonly id: string; readonly version: number }): Promise<void> {
  await transact(session, async (inside) => {
    const dashboard = await findOwn(inside, input)
    dashboard.archivedAt = inside.now
    await inside.em.flush()
    await inside.em.nativeDelete(StartPage, { dashboard: { id: dashboard.id } })
  })
}

/** Where the actor begins: a dashboard that he may open, or (null) where his role does. @throws AppError not_found, forbidden */
export async function chooseStartPage(session: Session, { dashboardId }: ChooseStartPageInput): Promise<void> {
  await transact(session, async (inside) => {
    const { em, actor } = inside
    if (dashboardId === null) {
      await em.nativeDelete(StartPage, { id: actor.id })
      return
    }
    const dashboard = await findDashboard(inside, dashboardId)
    await em.upsert(StartPage, { id: actor.id, dashboard: dashboard.id })
  })
}

/** The dashboard that the actor begins with; null when he has none, or may open it no more. */
export async function findStartBoard({ em, actor }: Session): Promise<Dashboard | null> {
  const start = await em.findOne(StartPage, actor.id)
  if (!start) return null
  return em.findOne(Dashboard, { id: start.dashboard.id, ...openTo(actor.id) }, { populate: ['employee'] })
}

/** His own, and what others share. */
function openTo(actorId: number) {
  return { archivedAt: null, $or: [{ employee: { id: actorId } }, { isShared: true }] }
}

async function findDashboard(session: Session, id: string): Promise<Dashboard> {
  assertAble(session)
  const { em, actor } = session
  const dashboard = await em.findOne(Dashboard, { id, ...openTo(actor.id) }, { populate: ['employee'] })
  if (!dashboard) throw new AppError('not_found', { what: 'dashboard' })
  return dashboard
}

async function findOwn(session: Session, { id, version }: { readonly id: string; readonly version: number }): Promise<Dashboard> {
  const dashboard = await findDashboard(session, id)
  if (dashboard.employee.id !== session.actor.id) throw new AppError('forbidden')
  if (dashboard.version !== version) throw new AppError('version_stale', { current: { version: dashboard.version } })
  return dashboard
}

function assertAble({ actor }: Session): void {
  if (!isAble(actor, 'funnel.view')) throw new AppError('forbidden')
}
