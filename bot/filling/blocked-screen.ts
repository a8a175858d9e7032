import { z } from 'zod'
import { presentDealCard } from '../../api/presenters/deals.ts'
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
/** Decisions that wait for the reader. */
export const openApprovalsButton = defineButton('approvals', z.strictObject({}))

const listed = 8

export type Target = { readonly stage: string; readonly run?: number | undefined }

/**
 * What keeps a deal from a stage, each with where it can be done: asked for here, tasks, documents, decisions.
 * @param before what to say first; HTML. @returns null when nothing does, or there is no such way.
 */
export function blockedScreen(turn: LinkedTurn, card: DealCard, target: Target, before = ''): Screen | null {
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
  const lines = [
    ...(before === '' ? [] : [before, '']),
    bold(line(view.title, 200)),
    '',
    turn.t('blocked.title', { stage: line(way.name, 80) }),
    ...missing.slice(0, listed).map(({ text }) => `• ${line(text, 300)}`),
    ...(asks.length === 0 && needsFields(missing) ? ['', turn.t('blocked.owner', { name: line(view.owner.name, 100) })] : []),
  ]
  return { text: lines.join('\n'), keys: blockedKeys(turn, view, { on, way }, asks.length), dealNumber: view.number }
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
    ...(has('approval') ? (decide.length > 0 ? decide : [[pressKey(t('key.approvals'), openApprovalsButton, {})]]) : []),
    [backKey(turn, number), ...openInApp(turn, `/deals/${number}`)],
  ]
}
