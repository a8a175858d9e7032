import { bindFigures, flowRowWords, sentenceRuns } from '../api/reports/report-words.ts'
import type { Session } from '../api/session.ts'
import { formatDateTime, formatInteger, formatMoneyShort, formatPeriod } from '../shared/messages/format.ts'
import type { FunnelView } from '../shared/views/funnel.ts'
import { bold, cutText, line } from './html.ts'
import { botText } from './texts.ts'

/** Telegram's limit of a caption; tags do not count there, so that what fits with them fits. */
const longestCaption = 1024

/** The report's sentence, its figures, and what they were made of: each line cut, and as many layers as a caption holds; the others are counted. */
export function reportCaption(session: Session, view: FunnelView): string {
  const t = botText(session.locale)
  const { locale, organization } = session
  const said = sentenceRuns({ funnel: view, locale })
    .map(({ text }) => text)
    .join('')
  const slice = [view.slice.types, view.slice.departments, view.slice.employees].flat().map(({ name }) => name)
  const period = view.basis === 'snapshot' ? [] : [formatPeriod(view.period.from, view.period.to, locale)]
  const of = [...period, ...slice].join(' · ')
  const head = bold(line(bindFigures(said), 400))
  const foot = [
    ...(of === '' ? [] : [line(of, 150)]),
    t('report.asOf', { at: formatDateTime(view.asOf, organization.timeZone, locale) }),
  ]
  const room = longestCaption - [head, ...foot, ''].join('\n').length
  return [head, ...figures(session, view, room), ...foot].join('\n')
}

/** @param room for the lines, their ends included */
function figures(session: Session, view: FunnelView, room: number): string[] {
  switch (view.basis) {
    case 'cohort': {
      const { locale } = session
      const { deals, amountMinor, won, lost } = view.totals
      const shown = (value: number) => formatInteger(value, locale)
      const amount = formatMoneyShort(amountMinor, view.currency, locale)
      return [botText(locale)('report.figures', { deals, shown: shown(deals), amount, won: shown(won), lost: shown(lost) })]
    }
    case 'flow':
      return flowLines(session, view, room)
    case 'snapshot':
      return snapshotLines(session, view, room)
  }
}

function rowLine(name: string, words: string): string {
  return line(`${cutText(name, 30)}: ${words}`, 90)
}

/** All of them, or the first that fit with a line about the rest. */
function fitLines<Row>(
  rows: readonly Row[],
  say: (row: Row) => string,
  sayRest: (rest: readonly Row[]) => string,
  room: number,
): string[] {
  const lengthOf = (lines: readonly string[]) => lines.reduce((sum, one) => sum + one.length + 1, 0)
  for (let shown = rows.length; ; shown--) {
    const rest = rows.slice(shown)
    const lines = [...rows.slice(0, shown).map(say), ...(rest.length > 0 ? [sayRest(rest)] : [])]
    if (shown === 0 || lengthOf(lines) <= room) return lines
  }
}

/** A deal may have entered several statuses: what the others hold cannot be added up. */
function flowLines({ locale }: Session, view: Extract<FunnelView, { basis: 'flow' }>, room: number): string[] {
  const rows = view.layers.filter(({ entered }) => entered > 0)
  const sayRest = ({ length }: readonly unknown[]) => botText(locale)('report.moreStatuses', { count: length })
  return fitLines(rows, (layer) => rowLine(layer.status.name, flowRowWords(layer, locale)), sayRest, room)
}

/** The lines add up to the sentence: deals in statuses that the funnel does not draw have one of their own. */
function snapshotLines({ locale }: Session, view: Extract<FunnelView, { basis: 'snapshot' }>, room: number): string[] {
  const t = botText(locale)
  const figure = (count: number, minor: number) =>
    `${formatInteger(count, locale)} · ${formatMoneyShort(minor, view.currency, locale)}`
  const sum = (rows: typeof view.layers, of: 'count' | 'amountMinor') => rows.reduce((total, row) => total + row[of], 0)
  const rows = view.layers.filter(({ count }) => count > 0)
  const beside = view.totals.deals - sum(rows, 'count')
  const besideMinor = view.totals.amountMinor - sum(rows, 'amountMinor')
  const besideLine = beside > 0 ? [line(t('report.beside', { figure: figure(beside, besideMinor) }), 90)] : []
  const sayRest = (rest: typeof view.layers) =>
    line(t('report.moreLayers', { count: rest.length, figure: figure(sum(rest, 'count'), sum(rest, 'amountMinor')) }), 90)
  const lines = fitLines(
    rows,
    (layer) => rowLine(layer.status.name, figure(layer.count, layer.amountMinor)),
    sayRest,
    room - besideLine.join('').length - besideLine.length,
  )
  return [...lines, ...besideLine]
}
