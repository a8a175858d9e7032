import { z } from 'zod'
import { presentDealCard } from '../../api/presenters/deals.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { liftHold } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import { formatAge } from '../../shared/messages/format.ts'
import { LiftHold, MoveDeal, ShowDeal, UndoChange } from '../../shared/schemas/deals.ts'
import { RoleField } from '../../shared/schemas/process.ts'
import { DecideApproval } from '../../shared/schemas/work.ts'
import type { DealCardView, ProcessRunView, RunWayView } from '../../shared/views/deals.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress, perform } from '../buttons.ts'
import { drawStrip, sayCause, sayHead, sayStage } from '../deal-words.ts'
import { sayDocuments } from '../document-words.ts'
import { bold, line } from '../html.ts'
import { type Key, type Keys, linkKey, pressKey } from '../keyboards.ts'
import { answerPress, type LinkedTurn, type Screen, say, show } from '../turn.ts'

const DealVersion = z.strictObject({ number: z.number(), version: z.number() })

export const openDealButton = defineButton('deal', ShowDeal)
export const backToDealButton = defineButton('deal.back', ShowDeal)
export const moveDealButton = defineButton('deal.move', MoveDeal, { once: true })
export const undoButton = defineButton('deal.undo', UndoChange, { once: true })
export const liftHoldButton = defineButton('deal.liftHold', LiftHold, { once: true })
export const chooseStageButton = defineButton('deal.stages', DealVersion)
export const chooseStatusButton = defineButton('deal.statuses', DealVersion)
export const chooseLossButton = defineButton('deal.losses', DealVersion)
export const reopenButton = defineButton('deal.reopen.ask', DealVersion)
export const askCommentButton = defineButton('deal.comment', ShowDeal)
export const historyButton = defineButton('deal.history', ShowDeal)
export const approveButton = defineButton('approval.approve', DecideApproval, { once: true })
/** A rejection says why: it is asked for. */
export const askRejectionButton = defineButton(
  'approval.reject',
  z.strictObject({ number: z.number(), version: z.number(), run: z.number(), stage: z.string(), role: RoleField }),
)
export const documentsButton = defineButton('deal.documents', ShowDeal)
export const dealTasksButton = defineButton('deal.tasks', ShowDeal)
export const editDealButton = defineButton('deal.edit', ShowDeal)

/** A deal's card: at most nine lines, and one for what the next stage still needs; the next step alone in the first row of keys. */
export function dealCard(turn: LinkedTurn, card: DealCard): Screen {
  const view = presentDealCard(card, turn.session)
  const lost = view.status.category === 'lost'
  const strip = lost ? '' : drawStrip(view, turn)
  const stage = lost ? null : sayStage(view, turn)
  const next = lost ? null : usualWay(view)
  const documents = sayDocuments(view.documents, turn)
  const lines = [
    bold(line(view.title, 200)),
    sayHead(view, turn),
    '',
    `${bold(line(view.status.name, 80))}${strip ? ` ${strip}` : ''}`,
    sayCause(view, turn),
    '',
    ...(stage ? [stage] : []),
    ...(next && next.missing.length > 0 ? [sayMissing(next)] : []),
    ...(documents ? [documents] : []),
    turn.t(view.overdue && !stage ? 'card.ownerLate' : 'card.owner', {
      name: line(view.owner.name, 100),
      age: formatAge(view.ageHours, turn.locale),
    }),
  ]
  return { text: lines.join('\n'), keys: cardKeys(turn, view), dealNumber: view.number }
}

function cardKeys(turn: LinkedTurn, view: DealCardView): Keys {
  const { t } = turn
  const { number, version } = view
  const able = (action: DealCardView['actions'][number], key: Key): Key[] => (view.actions.includes(action) ? [key] : [])
  const seen = { number, version }
  const next = nextStageKey(view)
  const hasWays = view.runs.some((run) => run.next.length > 0)
  return [
    next ? able('move', next) : [],
    ...approvalKeys(turn, view),
    able('reopen', pressKey(t('key.reopen'), reopenButton, seen, 'primary')),
    view.undo ? [pressKey(undoLabel(turn, view.undo.until), undoButton, { ...seen, eventId: view.undo.eventId })] : [],
    [
      ...(hasWays ? able('move', pressKey(t('key.stages'), chooseStageButton, seen)) : []),
      ...able('setStatus', pressKey(t('key.statuses'), chooseStatusButton, seen)),
      ...(view.held ? able('setStatus', pressKey(t('key.liftHold'), liftHoldButton, seen)) : []),
    ],
    [
      ...able('edit', pressKey(t('key.edit'), editDealButton, { number })),
      ...able('comment', pressKey(t('key.comment'), askCommentButton, { number })),
      pressKey(t('key.history'), historyButton, { number }),
    ],
    view.documents.length > 0 ? [pressKey(t('key.documents'), documentsButton, { number })] : [],
    [...able('lose', pressKey(t('key.lose'), chooseLossButton, seen, 'danger')), ...openInApp(turn, `/deals/${number}`)],
  ]
}

/** The usual way on: the first forward stage of the main process. */
function usualWay(view: DealCardView): RunWayView | null {
  return view.runs.find((run) => run.isMain)?.next.find((way) => way.kind === 'forward') ?? null
}

/** What the next stage still needs, in the words of its gates; HTML. */
function sayMissing({ missing }: RunWayView): string {
  return `🔒 ${line(missing.map(({ text }) => text).join(' '), 400)}`
}

/** A key for the next stage; one that is barred is marked, and says why when it is pressed. */
function nextStageKey(view: DealCardView): Key | null {
  const next = usualWay(view)
  if (!next) return null
  const label = next.wayName ?? next.name
  return next.missing.length > 0 ? moveKey(view, `🔒 ${label}`, next.code) : moveKey(view, label, next.code, undefined, 'success')
}

/** Decisions that are asked of the reader on this deal. */
export function approvalKeys(turn: LinkedTurn, view: DealCardView): Key[][] {
  const { number, version } = view
  return view.runs.flatMap((run) =>
    run.next.flatMap((way) =>
      way.approvals
        .filter(({ canDecide, approved }) => canDecide && approved === null)
        .map(({ role }) => {
          const asked = { number, version, run: run.id, stage: way.code, role }
          return [
            pressKey(turn.t('key.approve', { stage: way.name }), approveButton, { ...asked, approved: true }, 'success'),
            pressKey(turn.t('key.reject'), askRejectionButton, asked, 'danger'),
          ]
        }),
    ),
  )
}

function moveKey(view: DealCardView, label: string, stage: string, run?: number, style?: Key['style']): Key {
  const { number, version } = view
  return pressKey(label, moveDealButton, { number, version, stage, ...(run === undefined ? {} : { run }) }, style)
}

function undoLabel(turn: LinkedTurn, until: string): string {
  return turn.t('key.undo', { minutes: Math.max(1, Math.ceil((Date.parse(until) - turn.now.getTime()) / 60_000)) })
}

export function openInApp(turn: LinkedTurn, path: string): Key[] {
  return turn.appUrl === null ? [] : [linkKey(turn.t('key.open'), `${turn.appUrl}${path}`)]
}

/** All the ways on and back, of every process that runs on the deal. */
function stageChoice(turn: LinkedTurn, card: DealCard): Screen {
  const view = presentDealCard(card, turn.session)
  const ways = (run: ProcessRunView): Key[][] =>
    run.next.map((way) => {
      const mark = way.missing.length > 0 ? '🔒' : way.kind === 'forward' ? '→' : '←'
      return [moveKey(view, `${mark} ${way.wayName ?? way.name}`, way.code, run.isMain ? undefined : run.id)]
    })
  const runs = view.runs.filter((run) => run.isMain || run.state === 'running')
  const current = sayStage(view, turn)
  const barred = runs.flatMap(({ next }) => next.filter(({ missing }) => missing.length > 0))
  const reasons = barred.map((way) => `${bold(line(way.name, 80))}: ${sayMissing(way)}`)
  const text = [bold(line(view.title, 200)), current ?? '', '', ...reasons, turn.t('stage.choose')].filter(
    (part, index) => part !== '' || index > 1,
  )
  return { text: text.join('\n'), keys: [...runs.flatMap(ways), [backKey(turn, view.number)]], dealNumber: view.number }
}

export function backKey(turn: LinkedTurn, number: number): Key {
  return pressKey(turn.t('key.backToCard'), backToDealButton, { number })
}

export function registerDealCard(bot: Bot): void {
  bot.command('deal', async (ctx) => {
    const turn = linkedTurn(ctx)
    const number = readDealNumber(ctx.payload)
    if (number === null) return say(turn, { text: turn.t('deal.usage') })
    await say(turn, dealCard(turn, await showDeal(turn.session, { number })))
  })
  bot.action(
    openDealButton.filter,
    onPress(openDealButton, async (turn, input) => say(turn, dealCard(turn, await showDeal(turn.session, input)))),
  )
  bot.action(backToDealButton.filter, perform(backToDealButton, showDeal, dealCard))
  bot.action(chooseStageButton.filter, perform(chooseStageButton, showDeal, stageChoice))
  bot.action(
    moveDealButton.filter,
    perform(moveDealButton, moveDeal, (turn, card) => confirmed(turn, card, 'stage')),
  )
  bot.action(liftHoldButton.filter, perform(liftHoldButton, liftHold, dealCard))
  bot.action(undoButton.filter, onPress(undoButton, undo))
}

async function undo(turn: LinkedTurn, input: z.output<typeof UndoChange>): Promise<void> {
  const card = await undoChange(turn.session, input)
  answerPress(turn, turn.t('card.undone'))
  await show(turn, dealCard(turn, card))
}

/** The card after a change, with the change named in the answer to the press. */
export function confirmed(turn: LinkedTurn, card: DealCard, what: 'stage' | 'status'): Screen {
  const view = presentDealCard(card, turn.session)
  const name = what === 'stage' ? (view.stage?.name ?? '') : view.status.name
  answerPress(turn, turn.t(`card.${what}Now`, { name }))
  return dealCard(turn, card)
}

/** `2417`, `#2417`, `№ 2417`, `No. 2417`, `Сделка 2417`, `deal 2417` -> 2417; anything else -> null. */
export function readDealNumber(text: string): number | null {
  const digits = /^(?:сделка|сделку|сделки|deal)?\s*(?:[#№]|no\.?)?\s*(\d{1,15})$/iu.exec(text.trim())?.[1]
  return digits === undefined ? null : Number(digits)
}
