import type { UserFromGetMe } from '@grammyjs/types'
import { Telegraf } from 'telegraf'
import { answerDialog, cancelButton, cancelDialog, dropDialog } from './dialogs.ts'
import { registerApprovals, rejectionDialog } from './features/approvals.ts'
import { reasonDialog, registerChangeStatus } from './features/change-status.ts'
import { commentDialog, registerComment } from './features/comment.ts'
import { registerDealCard } from './features/deal-card.ts'
import { registerDealByNumber, registerDealList } from './features/deal-list.ts'
import { documentReasonDialog, paymentDialog, registerDocuments } from './features/documents.ts'
import { registerEditDeal } from './features/edit-deal.ts'
import { registerFill } from './features/fill.ts'
import { registerHistory } from './features/history.ts'
import { registerFallback, registerHome } from './features/home.ts'
import { registerLinking, registerUnlink } from './features/linking.ts'
import { registerNewDeal } from './features/new-deal.ts'
import { scheduleTimeDialog } from './features/new-schedule.ts'
import { quietDialog, registerNotify } from './features/notify.ts'
import { registerReport } from './features/report.ts'
import { registerSchedule } from './features/schedule.ts'
import { registerTasks } from './features/tasks.ts'
import { fillingDialog } from './filling/flow.ts'
import { createTelegramApi, type TelegramApi } from './telegram-api.ts'
import { BotContext, type Turn } from './turn.ts'

export type Bot = Telegraf<BotContext>

export type CreatedBot = {
  readonly api: TelegramApi
  /** Lets the features do what the turn's update asks for. Errors come out as they are. */
  dispatch(turn: Turn): Promise<void>
  /** Who the bot is; must be known before the first dispatch. */
  setIdentity(me: UserFromGetMe): void
}

/**
 * The bot: Telegraf routes an update to its feature and carries the calls; receiving, order, retries and sending are our own.
 * @param options token, and where the Bot API is (https://api.telegram.org, or an emulator).
 */
export function createBot(options: { readonly token: string; readonly apiRoot: string }): CreatedBot {
  const bot: Bot = new Telegraf<BotContext>(options.token, {
    // The transaction has its own limit; Telegraf's would leave the handler running behind its back.
    handlerTimeout: Number.POSITIVE_INFINITY,
    contextType: BotContext,
    telegram: { apiRoot: options.apiRoot, webhookReply: false },
  })
  const turns = new WeakMap<object, Turn>()
  bot.catch((error) => {
    throw error
  })
  bot.use((ctx, next) => {
    const turn = turns.get(ctx.update)
    if (!turn) throw new Error('an update without its turn')
    ctx.turn = turn
    return next()
  })
  registerFeatures(bot)
  return {
    api: createTelegramApi(bot.telegram),
    setIdentity(me) {
      bot.botInfo = me as never
    },
    async dispatch(turn) {
      turns.set(turn.update, turn)
      await bot.handleUpdate(turn.update as never)
    },
  }
}

/** In order: who is it, what does he press, what does he command, what does he answer, what else can he mean. */
function registerFeatures(bot: Bot): void {
  registerLinking(bot)
  bot.use((ctx, next) => (ctx.turn.update.edited_message ? undefined : next()))
  bot.use(dropDialog)
  registerHome(bot)
  registerDealList(bot)
  registerDealCard(bot)
  registerChangeStatus(bot)
  registerTasks(bot)
  registerApprovals(bot)
  registerDocuments(bot)
  registerHistory(bot)
  registerNewDeal(bot)
  registerEditDeal(bot)
  registerFill(bot)
  registerReport(bot)
  registerSchedule(bot)
  registerNotify(bot)
  registerUnlink(bot)
  bot.action(cancelButton.filter, cancelDialog)
  registerComment(bot)
  bot.use(
    answerDialog([
      reasonDialog,
      rejectionDialog,
      commentDialog,
      fillingDialog,
      documentReasonDialog,
      paymentDialog,
      scheduleTimeDialog,
      quietDialog,
    ]),
  )
  registerDealByNumber(bot)
  registerFallback(bot)
}
