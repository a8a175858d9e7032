import { z } from 'zod'
import { presentDealList } from '../../api/presenters/deals.ts'
import { listDeals } from '../../api/usecases/deals/list-deals.ts'
import { showDeal } from '../../api/usecases/deals/show-deal.ts'
import { formatAge, formatInteger, formatMoneyShort, formatReference } from '../../shared/messages/format.ts'
import { ListDeals } from '../../shared/schemas/deals.ts'
import type { DealListView, DealRowView } from '../../shared/views/deals.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { sayMoney } from '../deal-words.ts'
import { bold, line } from '../html.ts'
import { type Key, type Keys, pressKey } from '../keyboards.ts'
import { type BotContext, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { dealCard, openDealButton, readDealNumber } from './deal-card.ts'

const pageSize = 5

/** What a list shows: whose deals, which of them, and the cursors of the pages before this one. */
const ListState = z.strictObject({
  scope: z.enum(['mine', 'seen']),
  overdue: z.boolean(),
  q: z.string().nullable(),
  pages: z.array(z.string()).max(200),
})
type ListState = z.output<typeof ListState>

export const dealListButton = defineButton('deals', ListState)

export function firstList(turn: LinkedTurn): ListState {
  const { role } = turn.session.actor
  return { scope: role === 'manager' || role === 'head' ? 'mine' : 'seen', overdue: false, q: null, pages: [] }
}

/** A page of five, with its neighbours and filters. */
async function dealList(turn: LinkedTurn, state: ListState): Promise<Screen> {
  const input = ListDeals.parse({
    ...(state.scope === 'mine' ? { mine: '1' } : {}),
    ...(state.q === null ? { open: '1' } : { q: state.q }),
    ...(state.overdue ? { overdue: '1' } : {}),
    ...(state.pages.length > 0 ? { cursor: state.pages.at(-1) } : {}),
    sort: state.overdue ? 'waiting' : 'recent',
    limit: pageSize,
  })
  const view = presentDealList(await listDeals(turn.session, input), turn.session)
  const title = listTitle(turn, state)
  return {
    text: dealListText(turn, {
      title,
      view,
      page: state.pages.length,
      empty: turn.t(state.q === null ? 'list.empty' : 'find.nothing'),
    }),
    keys: [rowKeys(view.items, state.pages.length), pagerKeys(turn, state, view), ...filterKeys(turn, state)],
  }
}

function listTitle(turn: LinkedTurn, { q, scope, overdue }: ListState): string {
  if (q !== null) return turn.t('find.title', { q: line(q, 60) })
  if (overdue) return turn.t('list.overdue')
  return turn.t(scope === 'mine' || turn.session.actor.role === 'field' ? 'list.mine' : 'list.seen')
}

/** The text of any page of deals. `page` counts from 0. */
export function dealListText(
  turn: LinkedTurn,
  list: { readonly title: string; readonly view: DealListView; readonly page: number; readonly empty: string },
): string {
  const { view } = list
  if (view.total === 0) return `${bold(list.title)}\n\n${list.empty}`
  const head = [
    bold(list.title),
    formatInteger(view.total, turn.locale),
    formatMoneyShort(view.amountMinor, view.currency, turn.locale),
  ]
  const rows = view.items.map((row, index) => sayRow(turn, row, list.page * pageSize + index + 1))
  const pages = Math.ceil(view.total / pageSize)
  const foot = pages > 1 ? ['', turn.t('list.page', { page: list.page + 1, pages })] : []
  return [head.join(' · '), '', ...rows, ...foot].join('\n')
}

function sayRow(turn: LinkedTurn, row: DealRowView, place: number): string {
  const status = [
    line(row.status.name, 60),
    sayMoney(row, turn),
    row.ageHours < 1 ? turn.t('list.fresh') : formatAge(row.ageHours, turn.locale),
  ]
  if (row.overdue) status.push(bold(turn.t('list.late')))
  return `${place}. ${formatReference(row.number, turn.locale)} ${bold(line(row.title, 80))}\n${status.join(' · ')}`
}

/** Keys 1…5 that open the rows. */
export function rowKeys(rows: readonly DealRowView[], page: number): Key[] {
  return rows.map((row, index) => pressKey(String(page * pageSize + index + 1), openDealButton, { number: row.number }))
}

function pagerKeys(turn: LinkedTurn, state: ListState, view: DealListView): Key[] {
  const { pages } = state
  return [
    ...(pages.length > 0 ? [pressKey(turn.t('key.previous'), dealListButton, { ...state, pages: pages.slice(0, -1) })] : []),
    ...(view.nextCursor ? [pressKey(turn.t('key.next'), dealListButton, { ...state, pages: [...pages, view.nextCursor] })] : []),
  ]
}

function filterKeys(turn: LinkedTurn, state: ListState): Keys {
  if (state.q !== null) return []
  const overdue = pressKey(turn.t(state.overdue ? 'key.all' : 'key.overdue'), dealListButton, {
    ...state,
    overdue: !state.overdue,
    pages: [],
  })
  const { role } = turn.session.actor
  // Field staff own no deals: theirs are those they take part in, and these they see.
  if (role === 'field') return [[overdue]]
  if (role === 'manager') {
    const scope = pressKey(turn.t(state.scope === 'mine' ? 'key.withMine' : 'key.mine'), dealListButton, otherScope(state))
    return [[overdue, scope]]
  }
  return [[overdue, pressKey(turn.t(state.scope === 'mine' ? 'key.seen' : 'key.mine'), dealListButton, otherScope(state))]]
}

function otherScope(state: ListState): ListState {
  return { ...state, scope: state.scope === 'mine' ? 'seen' : 'mine', pages: [] }
}

/** `Сделка 2417` and `#2417` open the card; other words are left to whoever comes next. */
async function openByNumber(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const turn = linkedTurn(ctx)
  const number = readDealNumber(turn.message?.text ?? '')
  if (number === null) return next()
  await say(turn, dealCard(turn, await showDeal(turn.session, { number })))
}

export function registerDealList(bot: Bot): void {
  bot.command('deals', async (ctx) => {
    const turn = linkedTurn(ctx)
    await say(turn, await dealList(turn, firstList(turn)))
  })
  bot.command('find', async (ctx) => {
    const turn = linkedTurn(ctx)
    const q = ctx.payload.trim().slice(0, 200)
    if (q === '') return say(turn, { text: turn.t('find.usage') })
    await say(turn, await dealList(turn, { scope: 'seen', overdue: false, q, pages: [] }))
  })
  bot.action(
    dealListButton.filter,
    onPress(dealListButton, async (turn, state) => show(turn, await dealList(turn, state))),
  )
}

export function registerDealByNumber(bot: Bot): void {
  bot.on('text', openByNumber)
}
