import { z } from 'zod'
import { changeProfile } from '../../api/usecases/access.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import type { Bot } from '../bot.ts'
import { defineButton, isLinked, linkedTurn, onPress } from '../buttons.ts'
import { fillKey } from '../filling/ask-screen.ts'
import { findFilling } from '../filling/flow.ts'
import { line } from '../html.ts'
import { linkKey, pressKey } from '../keyboards.ts'
import { botText } from '../texts.ts'
import { type BotContext, type LinkedTurn, type Screen, say, show } from '../turn.ts'
import { dealListButton, firstList } from './deal-list.ts'
import { startNewDealButton } from './new-deal.ts'
import { openReportButton } from './report.ts'

const languageButton = defineButton('language', z.strictObject({ locale: z.enum(['ru', 'en']) }))

/** What one comes for, in three keys. */
function home(turn: LinkedTurn): Screen {
  const { t, session } = turn
  return {
    text: t('home', { name: line(session.actor.name, 100) }),
    keys: [
      [pressKey(t('key.deals'), dealListButton, firstList(turn), 'primary')],
      isAble(session.actor, 'report.make') ? [pressKey(t('key.report'), openReportButton, {})] : [],
      isAble(session.actor, 'deal.create') ? [pressKey(t('key.newDeal'), startNewDealButton, {})] : [],
    ],
  }
}

function settings(turn: LinkedTurn): Screen {
  const { t } = turn
  return {
    text: t('settings', { name: line(turn.session.actor.name, 100) }),
    keys: [[pressKey('Русский', languageButton, { locale: 'ru' }), pressKey('English', languageButton, { locale: 'en' })]],
  }
}

/** The app's address as a key where Telegram takes it, as text otherwise. */
function app(turn: LinkedTurn): Screen {
  const { t, appUrl } = turn
  return appUrl === null ? { text: t('app.noLink') } : { text: t('app.open'), keys: [[linkKey(t('key.open'), appUrl)]] }
}

export function registerHome(bot: Bot): void {
  const command = (name: string, screen: (turn: LinkedTurn) => Screen) =>
    bot.command(name, (ctx) => say(linkedTurn(ctx), screen(linkedTurn(ctx))))
  command('start', home)
  command('help', (turn) => ({ text: turn.t('help') }))
  command('settings', settings)
  command('app', app)
  bot.action(
    languageButton.filter,
    onPress(languageButton, async (turn, { locale }) => {
      await changeProfile(turn.session, { locale })
      const spoken: LinkedTurn = { ...turn, locale, t: botText(locale) }
      await show(turn, settings(spoken))
    }),
  )
}

/** Whatever nobody understood. */
export function registerFallback(bot: Bot): void {
  bot.use(async (ctx: BotContext) => {
    const { turn } = ctx
    if (!turn.update.message) return
    const filling = isLinked(turn) ? await findFilling(turn) : null
    const keys = filling?.paused ? [[fillKey(turn.t('key.resume'), filling, { act: 'resume' }, 'primary')]] : []
    await say(turn, { text: turn.t(keys.length > 0 ? 'fill.resting' : 'notUnderstood'), keys })
  })
}
