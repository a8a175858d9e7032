import type { FunnelSpan } from '../../../db/queries/funnel.ts'
import type { FunnelSlice, StatusBits } from '../../../db/queries/funnel-slice.ts'
import type { StandingQuestion } from '../../../db/queries/funnel-standing.ts'
import { sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { type DealClass, type FunnelStatus, ladderOf, type Paths } from '../../../shared/domain/funnel.ts'
import { addDays, dayOf, type Period, precedingYear, presetPeriod, startOfDay } from '../../../shared/domain/periods.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { fieldConditions } from '../deals/field-conditions.ts'
import { dealTypeIn, type StatusDictionary } from '../dictionary.ts'
import { readFunnelDictionary } from './kept-dictionary.ts'

/** A funnel question made exact: which deals, which instants, which statuses; shared by figure, list, split, charts and reports. */
export type Asked = {
  readonly query: FunnelQuery
  readonly period: Period
  readonly span: FunnelSpan
  readonly slice: FunnelSlice
  readonly statuses: StatusDictionary
  readonly funnelStatuses: readonly FunnelStatus[]
  readonly bits: StatusBits
}

/**
 * Reads the question's words against the dictionaries and the calendar. Default period: from 1 January to the as-of day.
 * @param dictionary instead of the one in force: what would be, if it were so
 * @throws AppError not_found for an unknown type, input_invalid when the period is empty or the moment is yet to come
 */
export async function ask(session: Session, query: FunnelQuery, dictionary?: StatusDictionary): Promise<Asked> {
  const [kept, fields] = await Promise.all([
    readFunnelDictionary(session),
    query.fields ? fieldConditions(session, query.fields) : [],
  ])
  const statuses = dictionary ?? kept.statuses
  const types = (query.type ?? []).map((code) => dealTypeIn(kept.types, code).id)
  const tags = query.tag?.length ? [sql`deal.tags && ${query.tag}::text[]`] : []
  const { timeZone } = session.organization
  const period = periodOf(query, session)
  if (period.from >= period.to) throw new AppError('input_invalid', { problems: 'from < to' })
  const asOf = query.asOf === undefined ? session.now : new Date(query.asOf)
  if (asOf > endOfToday(session)) throw new AppError('input_invalid', { problems: [{ path: 'asOf', message: 'asOf <= now' }] })
  return {
    query,
    period,
    span: {
      baselineFrom: startOfDay(precedingYear(period).from, timeZone),
      from: startOfDay(period.from, timeZone),
      to: startOfDay(period.to, timeZone),
      asOf,
    },
    slice: {
      types,
      counterparties: query.counterparty ?? [],
      departments: query.department ?? [],
      employees: query.employee ?? [],
      attribution: query.attribution,
      others: [...fields, ...tags],
    },
    statuses,
    funnelStatuses: statuses.live,
    bits: bitsOf(statuses),
  }
}

/** How the statuses of visits are read. */
export function bitsOf(statuses: StatusDictionary): StatusBits {
  const bits = keptBits.get(statuses) ?? {
    ids: statuses.live.map((status) => status.id),
    resolved: new Map(statuses.all.map((status) => [status.id, statuses.resolve(status.id).id])),
    anchors: statuses.live.filter((status) => status.category !== 'lost' && status.shownInFunnel).map((status) => status.id),
  }
  keptBits.set(statuses, bits)
  return bits
}

const keptBits = new WeakMap<StatusDictionary, StatusBits>()

/** Statuses as visits name them, in order of id: the milestone and all behind it, the lost ones, and those between. */
export type Ends = {
  readonly wonIds: readonly number[]
  readonly lostIds: readonly number[]
  readonly openIds: readonly number[]
}

export function endsOf(statuses: StatusDictionary): Ends {
  const counting = statuses.all.map((status) => ({ id: status.id, as: statuses.resolve(status.id) })).sort((a, b) => a.id - b.id)
  const milestones = counting.filter(({ as }) => as.isWon && as.category !== 'lost').map(({ as }) => as.rank)
  const first = milestones.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...milestones)
  const idsWhere = (isSuch: (status: (typeof counting)[number]['as']) => boolean) =>
    counting.filter(({ as }) => isSuch(as)).map(({ id }) => id)
  return {
    wonIds: idsWhere((status) => status.category !== 'lost' && status.rank >= first),
    lostIds: idsWhere((status) => status.category === 'lost'),
    openIds: idsWhere((status) => status.category !== 'lost' && status.rank < first),
  }
}

/** Does the question show this status's layer? Chapters that are not asked for are folded away. */
export function isInView({ query }: Pick<Asked, 'query'>, { phase }: Pick<FunnelStatus, 'phase'>): boolean {
  return !query.phase?.length || query.phase.includes(phase)
}

/** The layers that the question shows. */
export function shownLayers(asked: Asked): readonly FunnelStatus[] {
  return asked.funnelStatuses.filter((status) => status.category !== 'lost' && status.shownInFunnel && isInView(asked, status))
}

/** All statuses of these chapters that are not lost, those without a layer too: nobody who stands somewhere is left out of a snapshot's total. */
export function standingStatuses(asked: Asked): readonly FunnelStatus[] {
  const { lost } = ladderOf(asked.funnelStatuses)
  return asked.funnelStatuses.filter((status) => !lost.has(status.id) && isInView(asked, status))
}

/** The latest moment that can be asked about: the end of a day that is not over is now. */
function endOfToday({ now, organization: { timeZone } }: Session): Date {
  return startOfDay(addDays(dayOf(now, timeZone), 1), timeZone)
}

/** The same question as where deals stand at its moment. */
export function standingQuestion({ actor }: Session, { slice, span, bits, query }: Asked): StandingQuestion {
  return { viewer: actor, slice, bits, asOf: span.asOf, isPresent: query.asOf === undefined }
}

function periodOf(query: FunnelQuery, session: Session): Period {
  // The last day of which anything is known: midnight is the end of the day before.
  const latest = query.asOf === undefined ? session.now : new Date(Math.min(Date.parse(query.asOf) - 1, session.now.getTime()))
  const today = dayOf(latest, session.organization.timeZone)
  const year = presetPeriod('year', today)
  return {
    from: query.from ?? (query.to && query.to <= year.from ? addDays(query.to, -365) : year.from),
    to: query.to ?? year.to,
  }
}

/** Which statuses each process version can give, merged ones resolved: cohorts need it, snapshots and charts do not. */
export async function readPaths(session: Session, { statuses }: Pick<Asked, 'statuses'>): Promise<Paths> {
  const { versions } = await readFunnelDictionary(session)
  return new Map(versions.map(({ id, statusIds }) => [id, [...new Set(statusIds.map((own) => statuses.resolve(own).id))]]))
}

/** A class as the database groups it, with the set of statuses read from its bits. */
export function toDealClass<
  Row extends {
    readonly visited: string
    readonly path: number
    readonly current: number
    readonly count: number
    readonly amountMinor: number
  },
>(row: Row, bits: StatusBits): DealClass & { readonly row: Row } {
  const { path, current, count, amountMinor } = row
  return {
    row,
    path,
    current,
    count,
    amountMinor,
    visited: bits.ids.filter((_, place) => row.visited[place] === '1').sort((a, b) => a - b),
  }
}
