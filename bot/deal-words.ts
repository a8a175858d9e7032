import { deadlineOf } from '../shared/domain/working-time.ts'
import { describeCause } from '../shared/messages/describe.ts'
import { formatAge, formatDate, formatDateTime, formatMoneyShort, formatReference } from '../shared/messages/format.ts'
import type { DealCardView, DealRowView } from '../shared/views/deals.ts'
import { line } from './html.ts'
import type { LinkedTurn } from './turn.ts'

const hourMs = 3_600_000

export function currentYear(turn: LinkedTurn): number {
  const year = new Intl.DateTimeFormat('en-GB', { timeZone: turn.session.organization.timeZone, year: 'numeric' }).format(
    turn.now,
  )
  return Number(year)
}

/** `12:41` today, with the day before that. */
export function formatTime(at: Date, turn: LinkedTurn): string {
  const { timeZone } = turn.session.organization
  const today = formatDate(turn.now, timeZone, turn.locale) === formatDate(at, timeZone, turn.locale)
  const text = formatDateTime(at, timeZone, turn.locale, currentYear(turn))
  return today ? (text.split(', ').at(-1) ?? text) : text
}

/** How far the deal has come: `▮▮▮▯ 3 из 4`; empty for a deal without a path. */
export function drawStrip({ lifeCycle }: DealCardView, turn: LinkedTurn): string {
  const place = lifeCycle.findIndex((status) => status.state === 'current') + 1
  if (lifeCycle.length === 0 || place === 0) return ''
  const strip = '▮'.repeat(place) + '▯'.repeat(lifeCycle.length - place)
  return `${strip} ${turn.t('card.place', { place, of: lifeCycle.length })}`
}

/** Why the deal is in its status, in one line; HTML. */
export function sayCause(view: DealCardView, turn: LinkedTurn): string {
  const text = describeCause(view.cause, turn.locale, turn.session.organization.timeZone, currentYear(turn))
  return line(view.held ? `${text} · ${turn.t('card.held')}` : text, 200)
}

/** Name of the stage and until when it may last; HTML. Null without a process. */
export function sayStage(view: DealCardView, turn: LinkedTurn): string | null {
  const run = view.runs.find((candidate) => candidate.isMain)
  const stage = run?.stages.find((candidate) => candidate.state === 'current')
  if (!run || !stage) return null
  const name = `<b>${line(stage.name, 100)}</b>`
  if (run.state === 'finished') return turn.t('card.stageFinished', { name })
  if (run.state === 'cancelled') return turn.t('card.stageStopped', { name })
  if (stage.timeLimitHours === null || stage.enteredAt === null) return turn.t('card.stage', { name })
  const due = deadlineOf(new Date(stage.enteredAt), stage.timeLimitHours, turn.session.organization.workCalendar)
  const late = (turn.now.getTime() - due.getTime()) / hourMs
  if (late > 0) return turn.t('card.stageLate', { name, age: formatAge(late, turn.locale) })
  return turn.t('card.stageUntil', {
    name,
    day: formatDate(due, turn.session.organization.timeZone, turn.locale, currentYear(turn)),
  })
}

export function sayMoney(row: Pick<DealRowView, 'amount'>, turn: LinkedTurn): string {
  return formatMoneyShort(row.amount.amountMinor, row.amount.currency, turn.locale)
}

/** `АО «Волга-Пак» · Проект · 1,86 млн ₽`; HTML. */
export function sayHead(row: DealRowView, turn: LinkedTurn): string {
  const parts = [formatReference(row.number, turn.locale), row.counterparty?.name, row.type.name].filter(
    (part) => part !== undefined,
  )
  return `${parts.map((part) => line(part, 80)).join(' · ')} · <b>${sayMoney(row, turn)}</b>`
}
