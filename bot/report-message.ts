import { presentFunnel } from '../api/presenters/funnel.ts'
import type { Session } from '../api/session.ts'
import { showFunnel } from '../api/usecases/funnel/show-funnel.ts'
import { listDealTypes } from '../api/usecases/settings.ts'
import type { Em } from '../db/orm.ts'
import { primaryBottleneck } from '../shared/domain/funnel-bottleneck.ts'
import { isAble } from '../shared/domain/permissions.ts'
import { formatDateTime, formatInteger, formatMoneyShort, formatPeriod } from '../shared/messages/format.ts'
import type { FunnelQuery } from '../shared/schemas/funnel.ts'
import type { CohortFunnelView } from '../shared/views/funnel.ts'
import { behindReportButton, makeReportButton, reportChoiceButton, splitReportButton } from './features/report.ts'
import { bold, line } from './html.ts'
import { issueKeyboard, type Key, type Keys, linkKey, pressKey } from './keyboards.ts'
import { readerSession } from './notices.ts'
import type { OutgoingCall, OutgoingReport } from './outgoing.ts'
import { fitChoice, formats, type ReportFormat, reportQuery, reportWords } from './report-choice.ts'
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
  const choice = fitChoice(session, report.choice)
  const asOf = new Date(report.asOf)
  const query = reportQuery(session, choice, asOf)
  const stopAction = showAction(parts.api, report.chatId, choice.format)
  try {
    const view = presentFunnel(await showFunnel(session, query), session)
    if (view.basis !== 'cohort') return null
    const { name, bytes } = await parts.makeFile(session, query, choice.format)
    const file = { source: Buffer.from(bytes), filename: name }
    const keys = await reportKeys(session, { ...report, choice }, view, parts.appUrl)
    const common = {
      chat_id: report.chatId,
      caption: caption(session, view),
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

/** The bottleneck in one sentence, the figures, and what they were made of: each line cut so that all stay under a caption's 1024. */
function caption(session: Session, view: CohortFunnelView): string {
  const t = botText(session.locale)
  const { locale, organization } = session
  const { deals, amountMinor, won, lost } = view.totals
  const count = (value: number) => formatInteger(value, locale)
  const slice = [view.slice.types, view.slice.departments, view.slice.employees].flat().map(({ name }) => name)
  const lines = [
    bold(line(view.sentence, 500)),
    t('report.figures', {
      deals,
      shown: count(deals),
      amount: formatMoneyShort(amountMinor, view.currency, locale),
      won: count(won),
      lost: count(lost),
    }),
    line([formatPeriod(view.period.from, view.period.to, locale), ...slice].join(' · '), 250),
    t('report.asOf', { at: formatDateTime(view.asOf, organization.timeZone, locale) }),
  ]
  return lines.join('\n')
}

async function reportKeys(
  session: Session,
  report: OutgoingReport,
  view: CohortFunnelView,
  appUrl: string | null,
): Promise<Keys> {
  const t = botText(session.locale)
  const { choice, asOf } = report
  const type = (await listDealTypes(session)).find(({ code }) => code === choice.type)
  const narrow = primaryBottleneck(view.layers) ?? view.layers.find(({ status }) => status.code === view.narrowest)
  const layer = narrow?.status.code ?? ''
  const bottleneck: Key[] = [
    ...(narrow && choice.who !== 'mine' ? [pressKey(t('key.byEmployee'), splitReportButton, { choice, asOf, layer })] : []),
    ...(narrow?.open
      ? [pressKey(t('key.behind', { count: narrow.open }), behindReportButton, { choice, asOf, layer, part: 'open', pages: [] })]
      : []),
  ]
  const other = formats.filter((format) => format !== choice.format)
  const words = new URLSearchParams(reportWords(session, choice, new Date(asOf)))
  return [
    bottleneck,
    [
      pressKey(t('report.periodKey', { name: t(`report.period.${choice.period}`) }), reportChoiceButton, choice),
      pressKey(t('report.type', { name: type?.names[session.locale] ?? t('report.allTypes') }), reportChoiceButton, choice),
    ],
    [
      ...other.map((format) => pressKey(t(`report.format.${format}`), makeReportButton, { ...choice, format })),
      ...(appUrl === null ? [] : [linkKey(t('key.open'), `${appUrl}/funnel?${words}`)]),
    ],
  ]
}
