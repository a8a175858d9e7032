import { z } from 'zod'
import { listDealTypes } from '../../api/usecases/settings.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { cancelKey } from '../dialogs.ts'
import { startFilling } from '../filling/flow.ts'
import { readKnown } from '../filling/questions.ts'
import { inRows, pressKey } from '../keyboards.ts'
import { type LinkedTurn, type Screen, say, show } from '../turn.ts'

export const startNewDealButton = defineButton('new', z.strictObject({}))
const newDealButton = defineButton('new.type', z.strictObject({ type: z.string() }))

async function start(turn: LinkedTurn): Promise<Screen> {
  if (!isAble(turn.session.actor, 'deal.create')) throw new AppError('forbidden')
  const types = (await listDealTypes(turn.session)).filter((type) => !type.archived)
  const keys = types.map((type) => pressKey(type.names[turn.locale], newDealButton, { type: type.code }))
  return { text: turn.t('new.type'), keys: [...inRows(keys, 2), [cancelKey(turn)]] }
}

/** What every deal has, then what deals of this type must have. */
async function askForDeal(turn: LinkedTurn, type: string): Promise<Screen> {
  const purpose = { kind: 'new' as const, type }
  const { book, typeId } = await readKnown(turn, { purpose, answers: {} })
  const required = book.of(typeId).filter(({ isRequired }) => isRequired)
  return startFilling(turn, purpose, ['title', 'counterparty', 'amount', ...required.map(({ code }) => `field.${code}`)])
}

export function registerNewDeal(bot: Bot): void {
  bot.command('new', async (ctx) => say(linkedTurn(ctx), await start(linkedTurn(ctx))))
  bot.action(
    startNewDealButton.filter,
    onPress(startNewDealButton, async (turn) => say(turn, await start(turn))),
  )
  bot.action(
    newDealButton.filter,
    onPress(newDealButton, async (turn, { type }) => show(turn, await askForDeal(turn, type))),
  )
}
