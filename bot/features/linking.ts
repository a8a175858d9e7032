import { RateLimiterMemory } from 'rate-limiter-flexible'
import { z } from 'zod'
import { endLinkOfChat, previewLinkCode, readLinkCode, redeemLinkCode, unlinkTelegram } from '../../api/usecases/telegram.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, linkingPrefix, onPress, readButton } from '../buttons.ts'
import { cancelKey } from '../dialogs.ts'
import { line } from '../html.ts'
import { pressKey } from '../keyboards.ts'
import { answerPress, type BotContext, say, show } from '../turn.ts'

const ConfirmLink = z.strictObject({ codeHash: z.string(), employeeId: z.number() })
const confirmLinkButton = defineButton(`${linkingPrefix}confirm`, ConfirmLink, { once: true })
const refuseLinkButton = defineButton(`${linkingPrefix}refuse`, z.strictObject({}))
const unlinkButton = defineButton('unlink', z.strictObject({}), { once: true })

/** Codes a person may try in ten minutes. */
const tries = 10

/** Whoever blocks the bot ends his link: nothing of the company stays reachable from there. */
async function noticeBlock(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  const member = turn.update.my_chat_member
  if (!member) return next()
  if (member.new_chat_member.status === 'kicked') await endLinkOfChat(turn, { chatId: turn.chatId })
}

/** In a group the bot says nothing of the company: who reads there is not known. */
async function keepToPrivate(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  if (turn.isPrivate) return next()
  if (turn.query) return answerPress(turn, turn.t('button.foreign'), true)
  if (turn.message?.text?.startsWith('/')) await say(turn, { text: turn.t('group.private') })
}

/** Takes a code from `/start <code>` or typed, whether or not the account is linked already. */
function readCode(limiter: RateLimiterMemory) {
  return async (ctx: BotContext, next: () => Promise<void>): Promise<void> => {
    const { turn } = ctx
    const text = ctx.turn.update.message?.text ?? ''
    const given = /^\/start(?:@\w+)?\s+(\S+)\s*$/.exec(text)?.[1] ?? (turn.session ? '' : text)
    const code = readLinkCode(given)
    if (code === null) return next()
    await limiter.consume(String(turn.from.id)).catch(() => {
      throw new AppError('rate_limited', { seconds: 600 })
    })
    const found = await previewLinkCode(turn, { code })
    await say(turn, {
      text: turn.t('link.confirm', { name: line(found.name, 100), login: line(hideLogin(found.login), 100) }),
      holderId: found.employeeId,
      keys: [
        [
          pressKey(
            turn.t('key.linkYes'),
            confirmLinkButton,
            { codeHash: found.codeHash, employeeId: found.employeeId },
            'primary',
          ),
        ],
        [pressKey(turn.t('key.linkNo'), refuseLinkButton, {})],
      ],
    })
  }
}

/** `a•••@vektor.ru`: enough to know oneself, too little to learn a login. */
export function hideLogin(login: string): string {
  const [name = '', host] = login.split('@')
  return `${[...name][0] ?? ''}•••${host ? `@${host}` : ''}`
}

async function confirmLink(ctx: BotContext): Promise<void> {
  const { turn } = ctx
  const { codeHash } = ConfirmLink.parse(turn.button?.payload)
  const username = turn.from.username ?? null
  await redeemLinkCode(turn, { codeHash, telegramUserId: turn.from.id, chatId: turn.chatId, username })
  await show(turn, { text: turn.t('link.done') })
}

/** Strangers learn nothing, not even whose bot it is. */
async function stopStrangers(ctx: BotContext, next: () => Promise<void>): Promise<void> {
  const { turn } = ctx
  if (turn.session) return next()
  if (turn.query) return answerPress(turn, turn.t('stranger'), true)
  if (turn.update.message) await say(turn, { text: turn.t('stranger') })
}

/** The presses by which a stranger becomes known; the button's chat, expiry and use have been checked. */
export function registerLinking(bot: Bot): void {
  bot.use(noticeBlock, keepToPrivate, readButton, readCode(new RateLimiterMemory({ points: tries, duration: 600 })))
  bot.action(confirmLinkButton.filter, confirmLink)
  bot.action(refuseLinkButton.filter, ({ turn }) => show(turn, { text: turn.t('link.refused') }))
  bot.use(stopStrangers)
}

export function registerUnlink(bot: Bot): void {
  bot.command('unlink', async (ctx) => {
    const turn = linkedTurn(ctx)
    const keys = [[pressKey(turn.t('key.unlink'), unlinkButton, {}, 'danger')], [cancelKey(turn)]]
    await say(turn, { text: turn.t('unlink.ask'), keys })
  })
  bot.action(
    unlinkButton.filter,
    onPress(unlinkButton, async (turn) => {
      await unlinkTelegram(turn.session)
      await show(turn, { text: turn.t('unlink.done') })
    }),
  )
}
