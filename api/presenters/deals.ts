import type { DealEventRow, DealRow, VisitRow } from '../../db/queries/deals.ts'
import type { Names } from '../../db/queries/dictionaries.ts'
import { pathOf } from '../../shared/domain/process.ts'
import { elapsedHours, type WorkCalendar } from '../../shared/domain/working-time.ts'
import type { CodedView, Locale } from '../../shared/views/common.ts'
import type {
  CauseView,
  DealCardView,
  DealEventView,
  DealHistoryView,
  DealListView,
  DealRowView,
  ProcessRunView,
  VisitView,
} from '../../shared/views/deals.ts'
import { encodeCursor } from '../usecases/cursor.ts'
import type { FieldBook } from '../usecases/deal-types/field-book.ts'
import type { DealList } from '../usecases/deals/list-deals.ts'
import type { DealCard } from '../usecases/deals/show-deal.ts'
import type { StatusDictionary } from '../usecases/dictionary.ts'
import { presentFields } from './deal-types.ts'
import { presentDocument } from './documents.ts'

/** What an answer is written for: the reader's language and the moment of the answer. */
export type Reader = {
  readonly locale: Locale
  readonly now: Date
  readonly organization: { readonly baseCurrency: string; readonly timeZone: string; readonly workCalendar?: WorkCalendar | null }
}

const hourMs = 3_600_000

export function presentDealRow(row: DealRow, statuses: StatusDictionary, book: FieldBook, reader: Reader): DealRowView {
  const ageHours = Math.max(0, (reader.now.getTime() - row.statusSince.getTime()) / hourMs)
  const status = statuses.view(row.statusId, reader.locale)
  return {
    number: row.number,
    title: row.title,
    type: coded(row.typeId, row.typeCode, row.typeNames, reader),
    counterparty: row.counterpartyId === null ? null : { id: row.counterpartyId, name: row.counterpartyName ?? '' },
    owner: { id: row.ownerId, name: row.ownerName },
    department: { id: row.departmentId, name: row.departmentName },
    amount: { amountMinor: row.amountMinor, currency: row.currency },
    baseAmount:
      row.baseAmountMinor === null ? null : { amountMinor: row.baseAmountMinor, currency: reader.organization.baseCurrency },
    status,
    stage:
      row.stageId === null || row.stageNames === null ? null : coded(row.stageId, row.stageCode ?? '', row.stageNames, reader),
    createdAt: row.createdAt.toISOString(),
    statusSince: row.statusSince.toISOString(),
    ageHours: Math.round(ageHours * 10) / 10,
    overdue: status.category !== 'lost' && row.timeLimitHours !== null && isPast(row.statusSince, row.timeLimitHours, reader),
    expectedCloseOn: row.expectedCloseOn,
    fields: presentFields(row, book, reader),
    version: row.version,
  }
}

function isPast(since: Date, limitHours: number, { now, organization }: Reader): boolean {
  return elapsedHours(since, now, organization.workCalendar) > limitHours
}

export function presentDealList(list: DealList, reader: Reader): DealListView {
  return {
    items: list.rows.map((row) => presentDealRow(row, list.statuses, list.book, reader)),
    nextCursor: encodeCursor(list.next),
    total: list.total,
    amountMinor: list.amountMinor,
    currency: reader.organization.baseCurrency,
    withoutRate: list.withoutRate,
    ...(list.actions === undefined ? {} : { actions: list.actions }),
  }
}

export function presentDealCard(card: DealCard, reader: Reader): DealCardView {
  const { deal, statuses } = card
  const current = card.visits.find((visit) => visit.leftAt === null && !visit.voided)
  return {
    ...presentDealRow(deal, statuses, card.book, reader),
    description: deal.description,
    contact:
      deal.contactId === null
        ? null
        : { id: deal.contactId, name: deal.contactName ?? '', phone: deal.contactPhone, email: deal.contactEmail },
    participants: deal.participants,
    probabilityPct: deal.probabilityPct ?? statuses.byId(deal.statusId).probabilityPct,
    timeLimitHours: deal.timeLimitHours,
    held: deal.statusHeld,
    lostReason: deal.lostReason,
    cause: current
      ? presentCause(current, reader)
      : { kind: 'creation', at: deal.statusSince.toISOString(), person: null, name: null, reason: null },
    lifeCycle: presentLifeCycle(card, reader),
    runs: card.runs.map((run) => presentRun(run, card, reader)),
    startable: card.actions.includes('move') ? deal.startable.map(({ id, code, names }) => coded(id, code, names, reader)) : [],
    actions: card.actions,
    undo: card.undo && { until: card.undo.until.toISOString(), eventId: card.undo.eventId, body: card.undo.body },
    externalId: deal.externalId,
    documents: card.documents.map((document) => presentDocument(document, reader)),
    documentTypes: card.documentTypes.map(({ id, code, names, isPayable }) => ({ ...coded(id, code, names, reader), isPayable })),
  }
}

/** Why a visit began, with the person and the name of what set it. */
export function presentCause(visit: VisitRow, reader: Reader): CauseView {
  const { cause } = visit
  return {
    kind: cause.kind,
    at: visit.enteredAt.toISOString(),
    person: visit.actorId === null ? null : { id: visit.actorId, name: visit.actorName ?? '' },
    name:
      cause.kind === 'stage' ? cause.stage.name[reader.locale] : cause.kind === 'rule' ? cause.rule.name[reader.locale] : null,
    reason: cause.kind === 'user' ? cause.reason : null,
  }
}

export function presentHistory(
  history: {
    readonly visits: readonly VisitRow[]
    readonly events: readonly DealEventRow[]
    readonly statuses: StatusDictionary
  },
  reader: Reader,
): DealHistoryView {
  return {
    visits: history.visits.map((visit) => presentVisit(visit, history.statuses, reader)),
    events: history.events.map(presentEvent),
  }
}

function presentVisit(visit: VisitRow, statuses: StatusDictionary, reader: Reader): VisitView {
  return {
    id: visit.id,
    status: statuses.view(visit.statusId, reader.locale),
    enteredAt: visit.enteredAt.toISOString(),
    leftAt: visit.leftAt?.toISOString() ?? null,
    recordedAt: visit.recordedAt.toISOString(),
    owner: { id: visit.ownerId, name: visit.ownerName },
    department: { id: visit.departmentId, name: visit.departmentName },
    amount: { amountMinor: visit.amountMinor, currency: visit.currency },
    cause: presentCause(visit, reader),
    voided: visit.voided,
  }
}

function presentEvent(event: DealEventRow): DealEventView {
  return {
    id: event.id,
    at: event.occurredAt.toISOString(),
    recordedAt: event.recordedAt.toISOString(),
    person: event.actorId === null ? null : { id: event.actorId, name: event.actorName ?? '' },
    door: event.door,
    body: event.body,
    voided: event.voided,
  }
}

/** The statuses of the deal's own path in funnel order, with those it has been in besides; `current` where it stands or, lost, where it stood last. */
function presentLifeCycle({ deal, runs, versions, visits, statuses }: DealCard, reader: Reader): DealCardView['lifeCycle'] {
  const main = versions.find((version) => version.id === runs.find((run) => run.isMain)?.templateVersionId)
  const visited = visits.filter((visit) => !visit.voided).map((visit) => statuses.resolve(visit.statusId))
  const standing = [statuses.resolve(deal.statusId), ...visited].find((status) => status.category !== 'lost')
  const ids = new Set([...(main ? pathOf(main) : []), ...visited.map((status) => status.id)])
  return [...ids]
    .map((id) => statuses.resolve(id))
    .filter((status, index, all) => status.category !== 'lost' && all.indexOf(status) === index)
    .sort((a, b) => a.rank - b.rank)
    .map((status) => ({
      ...statuses.view(status.id, reader.locale),
      state:
        status.id === standing?.id
          ? 'current'
          : visited.includes(status) || (standing && status.rank < standing.rank)
            ? 'passed'
            : 'ahead',
    }))
}

function presentRun(run: DealCard['runs'][number], card: DealCard, reader: Reader): ProcessRunView {
  const version = card.versions.find((candidate) => candidate.id === run.templateVersionId)
  const stages = version?.stages ?? []
  const current = stages.find((stage) => stage.id === run.stageId)
  const statusOf = (stage: { readonly statusId: number | null }) => {
    const id = stage.statusId ?? version?.statusId ?? null
    return id === null ? null : card.statuses.view(id, reader.locale)
  }
  return {
    id: run.id,
    name: version?.templateNames[reader.locale] ?? '',
    isMain: run.isMain,
    versionNumber: version?.number ?? 0,
    state: run.state,
    stages: stages.map((stage) => ({
      ...coded(stage.id, stage.code, stage.names, reader),
      state: stage.id === run.stageId ? 'current' : stage.position < (current?.position ?? 0) ? 'done' : 'ahead',
      status: statusOf(stage),
      enteredAt: stage.id === run.stageId ? run.stageSince.toISOString() : null,
      timeLimitHours: stage.timeLimitHours,
    })),
    next: (card.ways.get(run.id) ?? []).map(({ stage, kind, names, missing, approvals }) => ({
      ...coded(stage.id, stage.code, stage.names, reader),
      kind,
      status: statusOf(stage),
      wayName: names?.[reader.locale] ?? null,
      missing,
      approvals,
    })),
  }
}

function coded(id: number, code: string, names: Names, reader: Reader): CodedView {
  return { id, code, name: names[reader.locale] }
}
