import { presentHistory } from '../../api/presenters/deals.ts'
import { showDeal, showHistory } from '../../api/usecases/deals/show-deal.ts'
import { describeEvent } from '../../shared/messages/describe.ts'
import { formatDateTime } from '../../shared/messages/format.ts'
import type { DealEventView } from '../../shared/views/deals.ts'
import type { Bot } from '../bot.ts'
import { onPress } from '../buttons.ts'
import { currentYear } from '../deal-words.ts'
import { bold, line } from '../html.ts'
import { type LinkedTurn, show } from '../turn.ts'
import { backKey, historyButton, openInApp } from './deal-card.ts'

/** How many of the newest events a message shows: with the longest texts it stays under Telegram's limit. */
const shown = 8

async function showDealHistory(turn: LinkedTurn, input: { readonly number: number }): Promise<void> {
  const { deal } = await showDeal(turn.session, input)
  const { events } = presentHistory(await showHistory(turn.session, input), turn.session)
  const lines = events.slice(0, shown).map((event) => sayEvent(event, turn))
  const more = events.length > shown ? [turn.t('history.more', { count: events.length - shown })] : []
  await show(turn, {
    text: [bold(line(deal.title, 200)), '', ...lines, ...more].join('\n'),
    keys: [[backKey(turn, deal.number), ...openInApp(turn, `/deals/${deal.number}`)]],
    dealNumber: deal.number,
  })
}

function sayEvent(event: DealEventView, turn: LinkedTurn): string {
  const { timeZone, baseCurrency } = turn.session.organization
  const { title, detail } = describeEvent(event.body, turn.locale, {
    timeZone,
    currency: baseCurrency,
    currentYear: currentYear(turn),
  })
  const when = formatDateTime(event.at, timeZone, turn.locale, currentYear(turn))
  const head = event.person ? `${when} · ${line(event.person.name, 60)}` : when
  const text = line(detail ? `${title} · ${detail}` : title, 220)
  return event.voided ? `${head}\n<s>${text}</s>` : `${head}\n${text}`
}

export function registerHistory(bot: Bot): void {
  bot.action(historyButton.filter, onPress(historyButton, showDealHistory))
}
