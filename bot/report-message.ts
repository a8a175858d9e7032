import { presentFunnel } from '../api/presenters/funnel.ts'
import type { Session } from '../api/session.ts'
import { showFunnel } from '../api/usecases/funnel/show-funnel.ts'
import { listDealTypes } from '../api/usecases/settings.ts'
import type { Em } from '../db/orm.ts'
import { primaryBottleneck } from '../shared/domain/funnel-bottleneck.ts'
import { isAble } from '../shared/domain/permissions.ts'
import type { BotKey } from '../shared/messages/ru/bot.ts'
import type { Translate } from '../shared/messages/translate.ts'
import type { FunnelQuery } from '../shared/schemas/funnel.ts'
import type { FunnelView } from '../shared/views/funnel.ts'
import { behindReportButton, makeReportButton, reportChoiceButton, splitReportButton } from './features/report.ts'
import { issueKeyboard, type Key, type Keys, linkKey, pressKey } from './keyboards.ts'
import { readerSession } from './notices.ts'
import type { OutgoingCall, OutgoingReport } from './outgoing.ts'
import { reportCaption } from './report-caption.ts'
import { fitChoice, formats, ReportChoice, type ReportFormat, reportQuery, reportWords } from './report-choice.ts'
import type { TelegramApi } from './telegram-api.ts'
import { botText } from './texts.ts'

/** Makes the file of a report for the session's reader, in his language: a PNG, a PDF or an XLSX, with the name it has on every surface. */
export type MakeReportFile = (
  session: Session,
  query: FunnelQuery,
  format: ReportFormat,
) => Promise<{ readonly name: string; readonly bytes: Uint8Array }>

export type ReportParts = {
  readonly api: TelegramApi
  readonly now: () => Date
  readonly appUrl: string | null
  readonly makeFile: MakeReportFile
}

/** Telegram shows an action for five seconds. */
const actionEveryMs = 4000

/**
 * Makes a report and the message it comes in, for the reader as he is now: his rights, his language.
 * @returns null when he may not have it any more.
 */
export async function renderReport(parts: ReportParts, em: Em, report: OutgoingReport): Promise<OutgoingCall | null> {
  const session = await readerSession(em, report, parts.now())
  if (!session || !isAble(session.actor, 'report.make')) return null
  const choice = fitChoice(session, ReportChoice.parse(report.choice))
  const asOf = new Date(report.asOf)
  const query = reportQuery(session, choice, asOf)
  const stopAction = showAction(parts.api, report.chatId, choice.format)
  try {
    const view = presentFunnel(await showFunnel(session, query), session)
    const { name, bytes } = await parts.makeFile(session, query, choice.format)
    const file = { source: Buffer.from(bytes), filename: name }
    const keys = await reportKeys(session, { ...report, choice }, view, parts.appUrl)
    const common = {
      chat_id: report.chatId,
      caption: reportCaption(session, view),
      parse_mode: 'HTML' as const,
      reply_markup: await issueKeyboard(em, report, keys, parts.now()),
    }
    return choice.format === 'png'
      ? { kind: 'call', method: 'sendPhoto', args: { ...common, photo: file } }
      : { kind: 'call', method: 'sendDocument', args: { ...common, document: file } }
  } finally {
    stopAction()
  }
}

/** Shows in the chat that a file is being made. Best effort. */
function showAction(api: TelegramApi, chatId: number, format: ReportFormat): () => void {
  const action = format === 'png' ? 'upload_photo' : 'upload_document'
  const tell = () => void api.call('sendChatAction', { chat_id: chatId, action }).catch(() => {})
  tell()
  const timer = setInterval(tell, actionEveryMs)
  return () => clearInterval(timer)
}

async function reportKeys(session: Session, report: OutgoingReport, view: FunnelView, appUrl: string | null): Promise<Keys> {
  const t = botText(session.locale)
  const { choice, asOf } = report
  const type = (await listDealTypes(session)).find(({ code }) => code === choice.type)
  const other = formats.filter((format) => format !== choice.format)
  const words = new URLSearchParams(reportWords(session, choice, new Date(asOf)))
  return [
    ...behindKeys(t, report, view),
    [
      ...(choice.basis === 'snapshot'
        ? [pressKey(t('report.basis.snapshot'), reportChoiceButton, choice)]
        : [pressKey(t('report.periodKey', { name: t(`report.period.${choice.period}`) }), reportChoiceButton, choice)]),
      pressKey(t('report.type', { name: type?.names[session.locale] ?? t('report.allTypes') }), reportChoiceButton, choice),
    ],
    [
      ...other.map((format) => pressKey(t(`report.format.${format}`), makeReportButton, { ...choice, format })),
      ...(appUrl === null ? [] : [linkKey(t('key.open'), `${appUrl}/funnel?${words}`)]),
    ],
  ]
}

/** To the deals of the layer that calls for a look: the bottleneck; those where the most have stayed and were lost; the one with the most overdue. */
function behindKeys(t: Translate<BotKey>, { choice, asOf }: OutgoingReport, view: FunnelView): Key[][] {
  const behind = (label: string, layer: string, part: 'open' | 'stillThere' | 'lost' | 'standing') =>
    pressKey(label, behindReportButton, { choice, asOf, layer, part, pages: [] })
  if (view.basis === 'cohort') {
    const narrow = primaryBottleneck(view.layers) ?? view.layers.find(({ status }) => status.code === view.narrowest)
    if (!narrow) return []
    const { code } = narrow.status
    return [
      [
        ...(choice.who === 'mine' ? [] : [pressKey(t('key.byEmployee'), splitReportButton, { choice, asOf, layer: code })]),
        ...(narrow.open ? [behind(t('key.behind', { count: narrow.open }), code, 'open')] : []),
      ],
    ]
  }
  if (view.basis === 'flow') {
    // In the last layer deals stay because they have arrived.
    const layerOf = { stillThere: mostOf(view.layers.slice(0, -1), 'stillThere'), lost: mostOf(view.layers, 'lost') }
    return (['stillThere', 'lost'] as const).flatMap((part) => {
      const layer = layerOf[part]
      return layer ? [[behind(t(`key.${part}`, { name: layer.status.name, count: layer[part] }), layer.status.code, part)]] : []
    })
  }
  const layer = mostOf(view.layers, 'overdue') ?? mostOf(view.layers, 'count')
  return layer
    ? [[behind(t('key.standing', { name: layer.status.name, count: layer.count }), layer.status.code, 'standing')]]
    : []
}

/** The first of those that have the most of something; none where all have nothing. */
function mostOf<What extends string, Layer extends { readonly [W in What]: number }>(
  layers: readonly Layer[],
  what: What,
): Layer | undefined {
  const most = Math.max(0, ...layers.map((layer) => layer[what]))
  return most > 0 ? layers.find((layer) => layer[what] === most) : undefined
}
