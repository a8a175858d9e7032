import { shareOf } from '../../shared/domain/funnel-cohort.ts'
import { wilsonInterval } from '../../shared/domain/funnel-wilson.ts'
import { reportEn } from '../../shared/messages/en/report.ts'
import { reportRu } from '../../shared/messages/ru/report.ts'
import { createTranslate } from '../../shared/messages/translate.ts'
import type { CohortFunnelView } from '../../shared/views/funnel.ts'
import type {
  DeliveryView,
  ReportSlice,
  ReportSliceRowView,
  ReportSliceView,
  ScheduleView,
  ShareView,
} from '../../shared/views/reports.ts'
import type { DeliveryRow } from '../usecases/reports/deliveries.ts'
import type { ScheduleCard } from '../usecases/reports/schedules.ts'
import type { ShareRow } from '../usecases/reports/share-report.ts'
import type { SlicedFunnel } from '../usecases/reports/slice-funnel.ts'
import type { Reader } from './deals.ts'

const words = { ru: createTranslate('ru', reportRu), en: createTranslate('en', reportEn) } as const
type WordKey = keyof typeof reportRu

/** @param loud code of the layer that the report speaks of. */
export function presentSlices(
  sliced: readonly SlicedFunnel[],
  by: ReportSlice,
  whole: CohortFunnelView,
  loud: string | null,
): ReportSliceView {
  const layer = whole.layers.find(({ status }) => status.code === loud)
  const wholeShare = layer ? shareOf(layer.passed, layer.passed + layer.lost) : null
  return { by, rows: sliced.map((row) => presentSlice(row, layer?.status.id ?? null, wholeShare)) }
}

function presentSlice(
  { id, word, name, funnel }: SlicedFunnel,
  loudId: number | null,
  wholeShare: number | null,
): ReportSliceRowView {
  const { deals, amountMinor, won, wonAmountMinor, lost } = funnel.totals
  const loud = funnel.layers.find(({ status }) => status.id === loudId)
  const upper = loud && wilsonInterval(loud.passed, loud.passed + loud.lost)?.upper
  return {
    id,
    word,
    name: name ?? '—',
    deals,
    amountMinor,
    won,
    wonAmountMinor,
    lost,
    reached: funnel.layers.map(({ reached }) => reached),
    loud: loud
      ? {
          figures: partsOf(loud),
          amountMinor: partsOf(loud.amountMinor),
          resolved: shareOf(loud.passed, loud.passed + loud.lost),
          worse: upper != null && wholeShare !== null && upper < wholeShare,
        }
      : null,
  }
}

type Parts = NonNullable<ReportSliceRowView['loud']>['figures']

function partsOf({ reached, passed, lost, open, finished }: Parts): Parts {
  return { reached, passed, lost, open, finished }
}

export function presentShare(row: ShareRow, { now }: Pick<Reader, 'now'>): ShareView {
  const { id, title, format, asOf, createdAt, expiresAt, revokedAt, opened, openedAt } = row
  return {
    id,
    title,
    format,
    asOf: asOf.toISOString(),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    state: revokedAt ? 'revoked' : expiresAt <= now ? 'expired' : 'open',
    owner: { id: row.ownerId, name: row.ownerName },
    opened,
    openedAt: openedAt?.toISOString() ?? null,
  }
}

export function presentSchedule({ schedule, ownerName, readers, last }: ScheduleCard): ScheduleView {
  const { id, name, query, period, format, locale, rhythm, atTime, timeZone, emails, isActive, nextDueAt, version } = schedule
  const count = (state: DeliveryRow['state']) => last?.deliveries.filter((one) => one.state === state).length ?? 0
  return {
    id,
    name,
    owner: { id: schedule.employee.id, name: ownerName },
    query,
    period,
    format,
    locale,
    rhythm,
    time: atTime,
    timeZone,
    emails,
    employees: readers,
    active: isActive,
    nextDueAt: nextDueAt?.toISOString() ?? null,
    last: last && { at: last.at.toISOString(), failed: count('failed'), waiting: count('waiting'), sent: count('sent') },
    version,
  }
}

export function presentDelivery(row: DeliveryRow, { locale }: Pick<Reader, 'locale'>): DeliveryView {
  return {
    id: row.id,
    title: row.title,
    format: row.format,
    to: row.address ?? row.employeeName ?? '—',
    channel: row.address === null ? 'telegram' : 'email',
    state: row.state,
    orderedAt: row.orderedAt.toISOString(),
    dueAt: row.dueAt?.toISOString() ?? null,
    sentAt: row.sentAt?.toISOString() ?? null,
    attempts: row.attempts,
    nextTryAt: row.nextTryAt?.toISOString() ?? null,
    error: row.state === 'sent' || row.error === null ? null : sayProblem(row.error, locale),
  }
}

const problems: Readonly<Record<string, WordKey>> = {
  mail_off: 'delivery.mailOff',
  file_gone: 'delivery.fileGone',
  owner_gone: 'delivery.ownerGone',
  not_linked: 'delivery.notLinked',
  unwanted: 'delivery.unwanted',
  blocked: 'delivery.blocked',
  sending: 'delivery.sending',
}

/** Ours in words; of other programs what they said. */
function sayProblem(problem: string, locale: Reader['locale']): string {
  const key = problems[problem]
  return key ? words[locale](key) : problem
}
