import { z } from 'zod'
import type { Session } from '../../api/session.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { setStatus } from '../../api/usecases/deals/set-status.ts'
import { type DealCard, showDeal } from '../../api/usecases/deals/show-deal.ts'
import { LoseDeal, ReopenDeal, SetStatus } from '../../shared/schemas/deals.ts'
import type { Bot } from '../bot.ts'
import { type Button, defineButton, onPress, perform } from '../buttons.ts'
import { ask, defineDialog, endDialog, fits, noticeAsked } from '../dialogs.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import type { LinkedTurn, Screen } from '../turn.ts'
import { say, show, showIn } from '../turn.ts'
import {
  backKey,
  backToDealButton,
  chooseLossButton,
  chooseStatusButton,
  confirmed,
  dealCard,
  reopenButton,
} from './deal-card.ts'

/** Changes of the status that a person gives a reason for: by hand, lost, back into work. */
const verbs = ['setStatus', 'lose', 'reopen'] as const
type Verb = (typeof verbs)[number]

const setStatusButton = defineButton('deal.setStatus', SetStatus, { once: true })
const loseButton = defineButton('deal.lose', LoseDeal, { once: true })
const reopenNowButton = defineButton('deal.reopen', ReopenDeal, { once: true })

const Asked = z.strictObject({ verb: z.enum(verbs), number: z.number(), version: z.number(), status: z.string().optional() })
type Asked = z.output<typeof Asked>
/** A status was chosen: now the reason. */
const askReasonButton = defineButton('deal.reason', Asked)
/** None of the ready reasons fits. */
const otherReasonButton = defineButton('deal.otherReason', Asked)

const reasonLimit = 1000
const readyReasons = {
  setStatus: ['reason.set.client', 'reason.set.wait', 'reason.set.mistake'],
  lose: [
    'reason.lose.price',
    'reason.lose.rival',
    'reason.lose.budget',
    'reason.lose.silence',
    'reason.lose.terms',
    'reason.lose.need',
  ],
  reopen: ['reason.reopen.client', 'reason.reopen.mistake'],
} as const satisfies Record<Verb, readonly string[]>

function chooseStatus(turn: LinkedTurn, card: DealCard): Screen {
  const choices = card.statuses.all.filter(
    ({ archived, category, id }) => !archived && category !== 'lost' && id !== card.deal.statusId,
  )
  return statusChoice(turn, card, 'setStatus', choices)
}

function chooseLoss(turn: LinkedTurn, card: DealCard): Screen {
  const choices = card.statuses.all.filter(({ archived, category }) => !archived && category === 'lost')
  return choices.length === 1
    ? reasonChoice(turn, card, { verb: 'lose', number: card.deal.number, version: card.deal.version, status: choices[0]!.code })
    : statusChoice(turn, card, 'lose', choices)
}

function statusChoice(turn: LinkedTurn, card: DealCard, verb: Verb, choices: DealCard['statuses']['all']): Screen {
  const { number, version } = card.deal
  const keys = choices.map(({ names, code }) =>
    pressKey(names[turn.locale], askReasonButton, { verb, number, version, status: code }),
  )
  const text = `${bold(line(card.deal.title, 200))}\n\n${turn.t(verb === 'lose' ? 'loss.choose' : 'status.choose')}`
  return { text, keys: [...inRows(keys, 2), [backKey(turn, number)]], dealNumber: number }
}

function reasonChoice(turn: LinkedTurn, card: DealCard, asked: Asked): Screen {
  const { verb, number, version, status } = asked
  const keys = readyReasons[verb].map((key): Key => {
    const reason = turn.t(key)
    if (verb === 'reopen') return pressKey(reason, reopenNowButton, { number, version, reason })
    if (verb === 'lose') return pressKey(reason, loseButton, { number, version, status: status ?? '', reason })
    return pressKey(reason, setStatusButton, { number, version, status: status ?? '', reason })
  })
  const name = status === undefined ? '' : card.statuses.find(status).names[turn.locale]
  const lines = [bold(line(card.deal.title, 200)), ...(name ? [turn.t('reason.for', { status: bold(line(name, 80)) })] : []), '']
  return {
    text: [...lines, turn.t(`reason.${verb}`)].join('\n'),
    keys: [...inRows(keys, 2), [pressKey(turn.t('key.otherReason'), otherReasonButton, asked)], [backKey(turn, number)]],
    dealNumber: number,
  }
}

const WrittenReason = z.strictObject({ ...Asked.shape, cardMessageId: z.number() })

/** The reason is written by hand: the card waits in place, and goes on below the answer. */
async function askForReason(turn: LinkedTurn, asked: Asked): Promise<void> {
  const card = await showDeal(turn.session, asked)
  await ask(turn, reasonDialog, { ...asked, cardMessageId: turn.query?.message?.message_id ?? 0 })
  noticeAsked(turn)
  await show(turn, {
    text: `${bold(line(card.deal.title, 200))}\n\n${turn.t(`reason.${asked.verb}`)} ${turn.t('reason.write')}`,
    keys: [[pressKey(turn.t('key.cancel'), backToDealButton, { number: asked.number })]],
    dealNumber: asked.number,
  })
}

export const reasonDialog = defineDialog('reason', WrittenReason, async (turn, asked, text) => {
  if (!(await fits(turn, text, reasonLimit))) return
  await endDialog(turn)
  const card = await giveReason(turn.session, asked, text)
  if (asked.cardMessageId > 0)
    await showIn(turn, asked.cardMessageId, {
      text: turn.t('card.below', { number: String(asked.number) }),
      dealNumber: asked.number,
    })
  await say(turn, dealCard(turn, card))
})

function giveReason(session: Session, { verb, number, version, status = '' }: Asked, reason: string): Promise<DealCard> {
  switch (verb) {
    case 'setStatus':
      return setStatus(session, { number, version, status, reason, hold: false })
    case 'lose':
      return loseDeal(session, { number, version, status, reason })
    case 'reopen':
      return reopenDeal(session, { number, version, reason })
  }
}

export function registerChangeStatus(bot: Bot): void {
  const done = (turn: LinkedTurn, card: DealCard) => confirmed(turn, card, 'status')
  const act = <Kind extends Button>(button: Kind, middleware: ReturnType<typeof perform>) => bot.action(button.filter, middleware)
  act(chooseStatusButton, perform(chooseStatusButton, showDeal, chooseStatus))
  act(chooseLossButton, perform(chooseLossButton, showDeal, chooseLoss))
  act(askReasonButton, perform(askReasonButton, showDeal, reasonChoice))
  act(otherReasonButton, onPress(otherReasonButton, askForReason))
  act(
    reopenButton,
    perform(reopenButton, showDeal, (turn, card, seen) => reasonChoice(turn, card, { verb: 'reopen', ...seen })),
  )
  act(setStatusButton, perform(setStatusButton, setStatus, done))
  act(loseButton, perform(loseButton, loseDeal, done))
  act(reopenNowButton, perform(reopenNowButton, reopenDeal, done))
}
