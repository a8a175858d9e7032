import { z } from 'zod'
import { listCounterparties } from '../../api/usecases/counterparties.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { listDealTypes } from '../../api/usecases/settings.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { ask, cancelKey, defineDialog, endDialog, fits } from '../dialogs.ts'
import { bold, line } from '../html.ts'
import { inRows, pressKey } from '../keyboards.ts'
import { readAmount } from '../read-amount.ts'
import { type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { dealCard } from './deal-card.ts'

/** What is known of the deal so far; the first thing missing is asked for. */
const Draft = z.strictObject({
  type: z.string().optional(),
  title: z.string().optional(),
  /** Null: none, said so. */
  counterpartyId: z.number().nullable().optional(),
})
type Draft = z.output<typeof Draft>

export const startNewDealButton = defineButton('new', z.strictObject({}))
const draftButton = defineButton('new.draft', Draft)

const titleLimit = 300
const foundLimit = 6

async function start(turn: LinkedTurn): Promise<Screen> {
  if (!isAble(turn.session.actor, 'deal.create')) throw new AppError('forbidden')
  const types = (await listDealTypes(turn.session)).filter((type) => !type.archived)
  const keys = types.map((type) => pressKey(type.names[turn.locale], draftButton, { type: type.code }))
  return { text: turn.t('new.type'), keys: [...inRows(keys, 2), [cancelKey(turn)]] }
}

/** Remembers the draft and asks for what is missing. */
async function goOn(turn: LinkedTurn, draft: Draft): Promise<Screen> {
  await ask(turn, newDealDialog, draft)
  if (draft.title === undefined) return { text: turn.t('new.title'), keys: [[cancelKey(turn)]] }
  const head = `${bold(line(draft.title, 200))}\n\n`
  if (draft.counterpartyId === undefined) {
    const none = pressKey(turn.t('key.noClient'), draftButton, { ...draft, counterpartyId: null })
    return { text: `${head}${turn.t('new.client')}`, keys: [[none], [cancelKey(turn)]] }
  }
  return { text: `${head}${turn.t('new.amount')}`, keys: [[cancelKey(turn)]] }
}

export const newDealDialog = defineDialog('new', Draft, async (turn, draft, text) => {
  if (draft.title === undefined) {
    if (await fits(turn, text, titleLimit)) await say(turn, await goOn(turn, { ...draft, title: text }))
  } else if (draft.counterpartyId === undefined) await say(turn, await searchClient(turn, draft, text))
  else await finish(turn, draft, text)
})

async function searchClient(turn: LinkedTurn, draft: Draft, text: string): Promise<Screen> {
  const found = await listCounterparties(turn.session, { q: text.slice(0, 200), limit: foundLimit })
  const keys = found.rows.map((row) => [pressKey(row.name, draftButton, { ...draft, counterpartyId: row.id })])
  const none = pressKey(turn.t('key.noClient'), draftButton, { ...draft, counterpartyId: null })
  const known = found.total > found.rows.length ? 'new.clientMany' : found.total > 0 ? 'new.clientFound' : 'new.clientNone'
  return { text: turn.t(known, { q: line(text, 100), count: found.total }), keys: [...keys, [none], [cancelKey(turn)]] }
}

async function finish(turn: LinkedTurn, draft: Draft, text: string): Promise<void> {
  const amountMinor = readAmount(text)
  if (amountMinor === null) return say(turn, { text: turn.t('new.amountWrong'), keys: [[cancelKey(turn)]] })
  await endDialog(turn)
  const card = await createDeal(turn.session, {
    type: draft.type ?? '',
    title: draft.title ?? '',
    counterpartyId: draft.counterpartyId ?? null,
    amount: { amountMinor, currency: turn.session.organization.baseCurrency },
    description: '',
  })
  const screen = dealCard(turn, card)
  await say(turn, { ...screen, text: `${turn.t('new.done')}\n${screen.text}` })
}

export function registerNewDeal(bot: Bot): void {
  bot.command('new', async (ctx) => say(linkedTurn(ctx), await start(linkedTurn(ctx))))
  bot.action(
    startNewDealButton.filter,
    onPress(startNewDealButton, async (turn) => say(turn, await start(turn))),
  )
  bot.action(
    draftButton.filter,
    onPress(draftButton, async (turn, draft) => show(turn, await goOn(turn, draft))),
  )
}
