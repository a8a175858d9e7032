import { z } from 'zod'
import { presentDealList } from '../../api/presenters/deals.ts'
import { presentSplit } from '../../api/presenters/funnel.ts'
import { findLastSpent } from '../../api/usecases/chat/buttons.ts'
import { listFunnelDeals, splitFunnel } from '../../api/usecases/funnel/drill-down.ts'
import { listDealTypes } from '../../api/usecases/settings.ts'
import { AppError } from '../../shared/domain/app-error.ts'
import { isAble } from '../../shared/domain/permissions.ts'
import { formatShare } from '../../shared/messages/format.ts'
import { ListFunnelDeals, SplitFunnel } from '../../shared/schemas/funnel.ts'
import type { Bot } from '../bot.ts'
import { defineButton, linkedTurn, onPress } from '../buttons.ts'
import { bold, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import { bases, firstChoice, fitChoice, formats, periods, ReportChoice, reportWords, scopesFor } from '../report-choice.ts'
import { firstWhat, whatScheduleButton } from '../schedule-choice.ts'
import { answerPress, type LinkedTurn, type Screen, say, send, show } from '../turn.ts'
import { dealListText, rowKeys } from './deal-list.ts'

export const openReportButton = defineButton('report', z.strictObject({}))
/** Shows the slices as they would be. */
export const reportChoiceButton = defineButton('report.choice', ReportChoice)
const reportTypesButton = defineButton('report.types', ReportChoice)
/** Makes it. Its payload, once pressed, is also what «as the last time» repeats. */
export const makeReportButton = defineButton('report.make', ReportChoice, { once: true })

/** The deals behind a part of a report's layer, at the report's own instant: as many as it says. */
const Behind = z.strictObject({
  choice: ReportChoice,
  asOf: z.iso.datetime(),
  layer: z.string(),
  /** Of where deals stand, a layer is whole. */
  part: z.enum(['open', 'lost', 'passed', 'reached', 'finished', 'stillThere', 'standing']),
  pages: z.array(z.string()).max(200),
})
type Behind = z.output<typeof Behind>

const Split = z.strictObject({ choice: ReportChoice, asOf: z.iso.datetime(), layer: z.string() })
export const splitReportButton = defineButton('report.split', Split)
export const behindReportButton = defineButton('report.deals', Behind)

const pageSize = 5
/** So many employees fit into a message. */
const splitLimit = 15

/** The question as it was put the last time, the reader's rights of today applied. */
async function lastChoice(turn: LinkedTurn): Promise<ReportChoice | null> {
  const payload = await findLastSpent(turn.em, turn.session.actor.id, makeReportButton.name)
  const read = ReportChoice.safeParse(payload)
  return read.success ? fitChoice(turn.session, read.data) : null
}

async function reportScreen(turn: LinkedTurn, wanted: ReportChoice | null): Promise<Screen> {
  if (!isAble(turn.session.actor, 'report.make')) throw new AppError('forbidden')
  const last = await lastChoice(turn)
  const choice = wanted ? fitChoice(turn.session, wanted) : (last ?? firstChoice(turn.session))
  const { t } = turn
  const type = (await listDealTypes(turn.session)).find(({ code }) => code === choice.type)
  const option = (on: boolean, label: string, change: Partial<ReportChoice>): Key =>
    pressKey(on ? `✓ ${label}` : label, reportChoiceButton, { ...choice, ...change })
  const allowed = scopesFor(turn.session)
  const repeated = last !== null && JSON.stringify(last) === JSON.stringify(choice)
  return {
    text: `${bold(t('report.title'))}\n\n${t('report.choose')}`,
    keys: [
      bases.map((basis) => option(choice.basis === basis, t(`report.basis.${basis}`), { basis })),
      choice.basis === 'snapshot'
        ? []
        : periods.map((period) => option(choice.period === period, t(`report.period.${period}`), { period })),
      [pressKey(t('report.type', { name: type?.names[turn.locale] ?? t('report.allTypes') }), reportTypesButton, choice)],
      allowed.length > 1 ? allowed.map((who) => option(choice.who === who, t(`report.who.${who}`), { who })) : [],
      formats.map((format) => option(choice.format === format, t(`report.format.${format}`), { format })),
      [pressKey(t('key.bySchedule'), whatScheduleButton, { ...firstWhat(turn.session), ...choice })],
      [pressKey(t(repeated ? 'key.reportAgain' : 'key.makeReport'), makeReportButton, choice, 'primary')],
    ],
  }
}

async function typesScreen(turn: LinkedTurn, choice: ReportChoice): Promise<Screen> {
  const types = (await listDealTypes(turn.session)).filter((type) => !type.archived)
  const keys = [
    pressKey(turn.t('report.allTypes'), reportChoiceButton, { ...choice, type: null }),
    ...types.map(({ code, names }) => pressKey(names[turn.locale], reportChoiceButton, { ...choice, type: code })),
  ]
  return { text: `${bold(turn.t('report.title'))}\n\n${turn.t('report.chooseType')}`, keys: inRows(keys, 2) }
}

/** The report itself is made and sent outside of the transaction; the question stays, ready to be put again. */
async function makeReport(turn: LinkedTurn, wanted: ReportChoice): Promise<void> {
  if (!isAble(turn.session.actor, 'report.make')) throw new AppError('forbidden')
  const choice = fitChoice(turn.session, wanted)
  const { actor } = turn.session
  await send(
    turn,
    { kind: 'report', chatId: turn.chatId, employeeId: actor.id, choice, asOf: turn.now.toISOString(), locale: turn.locale },
    'files',
  )
  answerPress(turn, turn.t('report.making'))
  const pressed = turn.query?.message
  if (pressed && pressed.date !== 0 && 'text' in pressed) await show(turn, await reportScreen(turn, choice))
}

async function behindReport(turn: LinkedTurn, behind: Behind): Promise<void> {
  const asOf = new Date(behind.asOf)
  const choice = fitChoice(turn.session, behind.choice)
  const cursor = behind.pages.at(-1)
  const input = ListFunnelDeals.parse({
    basis: 'cohort',
    ...reportWords(turn.session, choice, asOf),
    asOf: behind.asOf,
    layer: behind.layer,
    ...(behind.part === 'standing' ? {} : { part: behind.part }),
    sort: 'waiting',
    limit: pageSize,
    ...(cursor === undefined ? {} : { cursor }),
  })
  const list = await listFunnelDeals(turn.session, input)
  const view = presentDealList(list, turn.session)
  const page = behind.pages.length
  const title = `${line(list.statuses.find(behind.layer).names[turn.locale], 60)}: ${turn.t(`report.part.${behind.part}`)}`
  const turnPage = (label: string, pages: string[]): Key => pressKey(label, behindReportButton, { ...behind, pages })
  const pager = [
    ...(page > 0 ? [turnPage(turn.t('key.previous'), behind.pages.slice(0, -1))] : []),
    ...(view.nextCursor ? [turnPage(turn.t('key.next'), [...behind.pages, view.nextCursor])] : []),
  ]
  await show(turn, {
    text: dealListText(turn, { title, view, page, empty: turn.t('list.empty') }),
    keys: [rowKeys(view.items, page), pager],
  })
}

/** One layer by employee, the worst first. */
async function splitReport(turn: LinkedTurn, { choice, asOf, layer }: z.output<typeof Split>): Promise<void> {
  const words = reportWords(turn.session, fitChoice(turn.session, choice), new Date(asOf))
  const input = SplitFunnel.parse({ basis: 'cohort', ...words, asOf, layer, split: 'employee' })
  const { rows, layer: status } = presentSplit(await splitFunnel(turn.session, input), turn.session, input)
  const lines = rows.slice(0, splitLimit).map(({ name, figures, resolved, worse }) => {
    const { passed, lost, open } = figures
    const share = bold(formatShare(resolved, turn.locale))
    const text = turn.t('report.splitRow', { name: line(name, 60), share, passed, lost, open })
    return worse ? `${text} · ${turn.t('report.splitWorse')}` : text
  })
  await show(turn, { text: [bold(turn.t('report.split', { name: line(status.name, 60) })), '', ...lines].join('\n') })
}

export function registerReport(bot: Bot): void {
  bot.command(['report', 'funnel'], async (ctx) => say(linkedTurn(ctx), await reportScreen(linkedTurn(ctx), null)))
  bot.action(
    openReportButton.filter,
    onPress(openReportButton, async (turn) => say(turn, await reportScreen(turn, null))),
  )
  bot.action(
    reportChoiceButton.filter,
    onPress(reportChoiceButton, async (turn, choice) => show(turn, await reportScreen(turn, choice))),
  )
  bot.action(
    reportTypesButton.filter,
    onPress(reportTypesButton, async (turn, choice) => show(turn, await typesScreen(turn, choice))),
  )
  bot.action(splitReportButton.filter, onPress(splitReportButton, splitReport))
  bot.action(makeReportButton.filter, onPress(makeReportButton, makeReport))
  bot.action(behindReportButton.filter, onPress(behindReportButton, behindReport))
}
