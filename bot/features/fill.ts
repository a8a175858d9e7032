import type { z } from 'zod'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import type { Bot } from '../bot.ts'
import { onPress } from '../buttons.ts'
import { endDialog } from '../dialogs.ts'
import { fillButton } from '../filling/ask-screen.ts'
import { blockedScreen, fillForStageButton } from '../filling/blocked-screen.ts'
import { emptyKeys, fillMoreButton } from '../filling/finish.ts'
import { findFilling, goOn, placeBefore, seenAnew, startFilling, takeValue } from '../filling/flow.ts'
import { asksFor } from '../filling/gates.ts'
import { wayOf } from '../filling/questions.ts'
import { type Filling, placed } from '../filling/state.ts'
import { answerPress, type LinkedTurn, type Screen, show } from '../turn.ts'
import { dealCard } from './deal-card.ts'

type Press = z.output<typeof fillButton.schema>

/** A button of a question; one of another question, or of one that is over, has no effect. */
async function press(turn: LinkedTurn, pressed: Press): Promise<void> {
  const filling = await findFilling(turn)
  if (filling?.id !== pressed.fill) return answerPress(turn, turn.t('fill.over'), true)
  if (pressed.act === 'cancel') return cancel(turn, filling)
  if (filling.at !== pressed.at && pressed.act !== 'resume') return answerPress(turn, turn.t('fill.passed'), true)
  await show(turn, await act(turn, filling, pressed))
}

async function act(turn: LinkedTurn, filling: Filling, { act, value = null, name, page = 0 }: Press): Promise<Screen> {
  switch (act) {
    case 'pick':
      return takeValue(turn, filling, value, { name })
    case 'mark':
      return goOn(turn, { ...filling, marked: toggled(filling.marked ?? [], String(value)) })
    case 'marked':
      return takeValue(turn, filling, filling.marked ?? [])
    case 'page':
      return goOn(turn, { ...filling, page })
    case 'skip':
      return goOn(turn, placed(filling, filling.at + 1))
    case 'back':
      return goOn(turn, placed(filling, await placeBefore(turn, filling)))
    case 'save':
      return goOn(turn, await seenAnew(turn, filling))
    case 'resume':
    case 'cancel':
      return goOn(turn, filling)
  }
}

function toggled(marked: readonly string[], code: string): string[] {
  return marked.includes(code) ? marked.filter((one) => one !== code) : [...marked, code]
}

async function cancel(turn: LinkedTurn, { purpose }: Filling): Promise<void> {
  await endDialog(turn)
  const text = turn.t('dialog.cancelled')
  if (purpose.kind === 'new') return show(turn, { text })
  const screen = dealCard(turn, await showDeal(turn.session, purpose))
  await show(turn, { ...screen, text: `${text}\n\n${screen.text}` })
}

async function fillForStage(turn: LinkedTurn, target: z.output<typeof fillForStageButton.schema>): Promise<void> {
  const card = await showDeal(turn.session, target)
  const gates = (wayOf(card, target)?.missing ?? []).flatMap(({ gate }) => gate ?? [])
  const asks = asksFor(gates, card, turn.session.actor)
  if (asks.length === 0) return show(turn, (await blockedScreen(turn, card, target)) ?? dealCard(turn, card))
  const { number, version } = card.deal
  const run = target.run === undefined ? {} : { run: target.run }
  await show(turn, await startFilling(turn, { kind: 'move', number, version, stage: target.stage, ...run }, asks))
}

async function fillMore(turn: LinkedTurn, { number }: { readonly number: number }): Promise<void> {
  const card = await showDeal(turn.session, { number })
  const asks = emptyKeys(card)
  if (asks.length === 0) return show(turn, dealCard(turn, card))
  await show(turn, await startFilling(turn, { kind: 'edit', number, version: card.deal.version }, asks))
}

export function registerFill(bot: Bot): void {
  bot.action(fillButton.filter, onPress(fillButton, press))
  bot.action(fillForStageButton.filter, onPress(fillForStageButton, fillForStage))
  bot.action(fillMoreButton.filter, onPress(fillMoreButton, fillMore))
}
