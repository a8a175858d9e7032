import { z } from 'zod'
import { presentApprovals } from '../../api/presenters/work.ts'
import { decideApproval } from '../../api/usecases/approvals/decide-approval.ts'
import { listApprovals } from '../../api/usecases/approvals/list-approvals.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { formatDate, formatMoneyShort, formatReference } from '../../shared/messages/format.ts'
import type { WaitingApprovalView } from '../../shared/views/processes.ts'
import type { Bot } from '../bot.ts'
import { linkedTurn, onPress } from '../buttons.ts'
import { currentYear } from '../deal-words.ts'
import { ask, defineDialog, endDialog, fits, noticeAsked } from '../dialogs.ts'
import { bold, line } from '../html.ts'
import { type Key, pressKey } from '../keyboards.ts'
import { answerPress, type LinkedTurn, type Screen, say, show, showIn } from '../turn.ts'
import { approveButton, askRejectionButton, backToDealButton, dealCard, openDealButton, openInApp } from './deal-card.ts'

const commentLimit = 1000
const listed = 6

/** What waits for the reader's decision, the longest waiting first. */
async function approvalList(turn: LinkedTurn): Promise<Screen> {
  const { items } = presentApprovals(await listApprovals(turn.session), turn.session)
  const title = bold(turn.t('approvals.title'))
  if (items.length === 0) return { text: `${title}\n\n${turn.t('approvals.none')}` }
  const shown = items.slice(0, listed)
  const rows = shown.map((item, index) => `${index + 1}. ${sayApproval(turn, item)}`)
  return {
    text: [`${title} · ${items.length}`, '', ...rows].join('\n'),
    keys: [...shown.map((item, index) => decideKeys(turn, item, index + 1)), openInApp(turn, '/today')],
  }
}

function sayApproval(turn: LinkedTurn, { deal, stage, since }: WaitingApprovalView): string {
  const day = formatDate(since, turn.session.organization.timeZone, turn.locale, currentYear(turn))
  const money = formatMoneyShort(deal.amount.amountMinor, deal.amount.currency, turn.locale)
  return `${formatReference(deal.number, turn.locale)} ${bold(line(deal.title, 100))} · ${money}\n${line(stage.name, 80)} · ${line(deal.owner.name, 80)} · ${turn.t('approvals.since', { day })}`
}

function decideKeys(turn: LinkedTurn, { deal, run, stage, role }: WaitingApprovalView, place: number): Key[] {
  const asked = { number: deal.number, version: deal.version, run: run.id, stage: stage.code, role }
  return [
    pressKey(`✓ ${place}`, approveButton, { ...asked, approved: true }, 'success'),
    pressKey(`✗ ${place}`, askRejectionButton, asked, 'danger'),
    pressKey(formatReference(deal.number, turn.locale), openDealButton, { number: deal.number }),
  ]
}

const Rejection = z.strictObject({ ...askRejectionButton.schema.shape, cardMessageId: z.number() })

/** A rejection says why: the message waits in place, and the card goes on below the answer. */
async function askWhy(turn: LinkedTurn, asked: z.output<typeof askRejectionButton.schema>): Promise<void> {
  const card = await showDeal(turn.session, asked)
  await ask(turn, rejectionDialog, { ...asked, cardMessageId: turn.query?.message?.message_id ?? 0 })
  noticeAsked(turn)
  await show(turn, {
    text: `${bold(line(card.deal.title, 200))}\n\n${turn.t('approvals.why')}`,
    keys: [[pressKey(turn.t('key.cancel'), backToDealButton, { number: asked.number })]],
    dealNumber: asked.number,
  })
}

export const rejectionDialog = defineDialog('rejection', Rejection, async (turn, { cardMessageId, ...asked }, text) => {
  if (!(await fits(turn, text, commentLimit))) return
  await endDialog(turn)
  const card = await decideApproval(turn.session, { ...asked, approved: false, comment: text })
  const { number } = asked
  if (cardMessageId > 0)
    await showIn(turn, cardMessageId, { text: turn.t('card.below', { number: String(number) }), dealNumber: number })
  await say(turn, dealCard(turn, card))
})

export function registerApprovals(bot: Bot): void {
  bot.command('approvals', async (ctx) => {
    const turn = linkedTurn(ctx)
    await say(turn, await approvalList(turn))
  })
  bot.action(
    approveButton.filter,
    onPress(approveButton, async (turn, input) => {
      const card: DealCard = await decideApproval(turn.session, input)
      answerPress(turn, turn.t('approvals.approved'))
      await show(turn, dealCard(turn, card))
    }),
  )
  bot.action(askRejectionButton.filter, onPress(askRejectionButton, askWhy))
}
