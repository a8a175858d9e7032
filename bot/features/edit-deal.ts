import { z } from 'zod'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Bot } from '../bot.ts'
import { defineButton, onPress, perform } from '../buttons.ts'
import { startFilling } from '../filling/flow.ts'
import { type Known, ownKeys, type Question, questionOf } from '../filling/questions.ts'
import { sayValue } from '../filling/say-value.ts'
import type { Filling } from '../filling/state.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import { type LinkedTurn, type Screen, show } from '../turn.ts'
import { backKey, editDealButton, openInApp } from './deal-card.ts'

/** One field of a deal, with the version at which its value was seen. */
const editFieldButton = defineButton('deal.field', z.strictObject({ number: z.number(), version: z.number(), field: z.string() }))
const fieldsPageButton = defineButton('deal.fields', z.strictObject({ number: z.number(), page: z.number() }))
const pageSize = 14

/** What may be changed here, with what it holds: the deal's own fields, then those of its type. */
function fieldsOf(turn: LinkedTurn, card: DealCard): { readonly question: Question; readonly said: string }[] {
  const { number, version, typeId, counterpartyId } = card.deal
  const known: Known = { card, typeId, book: card.book, client: null }
  const filling: Filling = { id: '', purpose: { kind: 'edit', number, version }, asks: [], at: 0, answers: {}, names: {} }
  return [...ownKeys, ...card.book.of(typeId).map(({ code }) => `field.${code}`)]
    .filter((key) => key !== 'contact' || counterpartyId !== null)
    .flatMap((key) => questionOf(turn, key, filling, known) ?? [])
    .map((question) => ({ question, said: sayValue(turn, question, question.current, filling, known) }))
}

function fieldList(turn: LinkedTurn, card: DealCard, page = 0): Screen {
  if (!card.actions.includes('edit')) throw new AppError('forbidden')
  const { number, version, title } = card.deal
  const fields = fieldsOf(turn, card)
  const shown = fields.slice(page * pageSize, (page + 1) * pageSize)
  const rows = shown.map(({ question, said }) => `${line(question.name, 60)}: ${said === '' ? '—' : bold(line(said, 80))}`)
  const keys = shown.map(({ question: { key, name } }) => pressKey(name, editFieldButton, { number, version, field: key }))
  const turnPage = (label: string, to: number): Key => pressKey(label, fieldsPageButton, { number, page: to })
  const pager = [
    ...(page > 0 ? [turnPage(turn.t('key.previous'), page - 1)] : []),
    ...(fields.length > (page + 1) * pageSize ? [turnPage(turn.t('key.next'), page + 1)] : []),
  ]
  return {
    text: [bold(line(title, 200)), '', ...rows, '', turn.t('edit.choose')].join('\n'),
    keys: [...inRows(keys, 2), pager, [backKey(turn, number), ...openInApp(turn, `/deals/${number}`)]],
    dealNumber: number,
  }
}

export function registerEditDeal(bot: Bot): void {
  bot.action(
    editDealButton.filter,
    perform(editDealButton, showDeal, (turn, card) => fieldList(turn, card)),
  )
  bot.action(
    fieldsPageButton.filter,
    onPress(fieldsPageButton, async (turn, { number, page }) =>
      show(turn, fieldList(turn, await showDeal(turn.session, { number }), page)),
    ),
  )
  bot.action(
    editFieldButton.filter,
    onPress(editFieldButton, async (turn, { number, version, field }) => {
      const card = await showDeal(turn.session, { number })
      if (!card.actions.includes('edit')) throw new AppError('forbidden')
      await show(turn, await startFilling(turn, { kind: 'edit', number, version }, [field]))
    }),
  )
}
