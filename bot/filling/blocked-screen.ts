import { z } from 'zod'
import { presentDealCard } from '../../api/presenters/deals.ts'
import { listDeciders } from '../../api/usecases/chat/deciders.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import type { DealCardView, ProcessRunView, RunWayView } from '../../shared/views/deals.ts'
import type { RequirementView } from '../../shared/views/processes.ts'
import { defineButton } from '../buttons.ts'
import { approvalKeys, backKey, dealTasksButton, documentsButton, openInApp } from '../features/deal-card.ts'
import { bold, line } from '../html.ts'
import { type Key, pressKey } from '../keyboards.ts'
import type { LinkedTurn, Screen } from '../turn.ts'
import { asksFor } from './gates.ts'
import { wayOf } from './questions.ts'

/** Asks for what the stage needs, then goes there. */
export const fillForStageButton = defineButton(
  'fill.stage',
  z.strictObject({ number: z.number(), version: z.number(), stage: z.string(), run: z.number().optional() }),
)

const listed = 8
const mostNamed = 3

export type Target = { readonly stage: string; readonly run?: number | undefined }

/**
 * What keeps a deal from a stage, each with where it can be done: asked for here, tasks, documents, decisions.
 * @param before what to say first; HTML. @returns null when nothing does, or there is no such way.
 */
export async function blockedScreen(turn: LinkedTurn, card: DealCard, target: Target, before = ''): Promise<Screen | null> {
  const missing = wayOf(card, target)?.missing ?? []
  const view = presentDealCard(card, turn.session)
  const on = view.runs.find(({ id, isMain }) => (target.run === undefined ? isMain : id === target.run))
  const way = on?.next.find(({ code }) => code === target.stage)
  if (missing.length === 0 || !on || !way) return null
  const asks = asksFor(
    missing.flatMap(({ gate }) => gate ?? []),
    card,
    turn.session.actor,
  )
  const deciders = await sayDeciders(turn, card, { on, way })
  const lines = [
    ...(before === '' ? [] : [before, '']),
    bold(line(view.title, 200)),
    '',
    turn.t('blocked.title', { stage: line(way.name, 80) }),
    ...missing.slice(0, listed).map(({ text }) => `• ${line(text, 300)}`),
    ...(deciders === null ? [] : ['', deciders]),
    ...(asks.length === 0 && needsFields(missing) ? ['', turn.t('blocked.owner', { name: line(view.owner.name, 100) })] : []),
  ]
  return { text: lines.join('\n'), keys: blockedKeys(turn, view, { on, way }, asks.length), dealNumber: view.number }
}

/** Who decides, where the reader does not; HTML. */
async function sayDeciders(turn: LinkedTurn, card: DealCard, { on, way }: Barred): Promise<string | null> {
  const roles = way.missing.flatMap(({ gate }) => (gate?.kind === 'approval' ? [gate.role] : []))
  const isOwn = way.approvals.some(({ canDecide, approved }) => canDecide && approved === null)
  if (roles.length === 0 || isOwn || on.state !== 'running') return null
  const names = await listDeciders(turn.session, card.deal.id, roles, mostNamed)
  return names.length === 0 ? null : turn.t('blocked.deciders', { names: line(names.join(', '), 300) })
}

function needsFields(missing: readonly RequirementView[]): boolean {
  return missing.some(({ kind }) => kind === 'fields' || kind === 'amount' || kind === 'requisites')
}

type Barred = { readonly on: ProcessRunView; readonly way: RunWayView }

function blockedKeys(turn: LinkedTurn, view: DealCardView, { on, way }: Barred, asked: number): Key[][] {
  const { t } = turn
  const { number, version } = view
  const seen = { number, version, stage: way.code, ...(on.isMain ? {} : { run: on.id }) }
  const decide = approvalKeys(turn, { ...view, runs: [{ ...on, next: [way] }] })
  const has = (...kinds: readonly string[]) => way.missing.some(({ kind }) => kinds.includes(kind))
  return [
    asked > 0 ? [pressKey(t('key.fill'), fillForStageButton, seen, 'primary')] : [],
    has('tasks') ? [pressKey(t('key.dealTasks'), dealTasksButton, { number })] : [],
    has('document', 'payment') ? [pressKey(t('key.documents'), documentsButton, { number })] : [],
    ...decide,
    [backKey(turn, number), ...openInApp(turn, `/deals/${number}`)],
  ]
}
