import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectKnownRow, selectKnownRows, selectRow, selectRows, sql } from '../sql.ts'
import type { Names } from './dictionaries.ts'
import { type Viewer, visibleDeals } from './visibility.ts'

/** One line of a list of deals, as it stands in the database. */
export type DealRow = {
  readonly id: number
  readonly number: number
  readonly title: string
  readonly typeId: number
  readonly typeCode: string
  readonly typeNames: Names
  readonly counterpartyId: number | null
  readonly counterpartyName: string | null
  readonly ownerId: number
  readonly ownerName: string
  readonly departmentId: number
  readonly departmentName: string
  readonly amountMinor: number
  readonly currency: string
  /** In the organisation's currency; null where no rate is known. */
  readonly baseAmountMinor: number | null
  /** The status it counts as: history keeps the name of a merged one. */
  readonly statusId: number
  readonly statusSince: Date
  readonly stageCode: string | null
  readonly stageId: number | null
  readonly stageNames: Names | null
  /** The limit of the stage that gave the status, where it has one, else the status's: the clock is that of the stay. */
  readonly timeLimitHours: number | null
  readonly createdAt: Date
  readonly changedAt: Date
  readonly expectedCloseOn: string | null
  /** Custom fields by code. */
  readonly fields: Readonly<Record<string, FieldValue>>
  readonly version: number
}

const dealColumns = sql`deal.id, deal.number, deal.title, deal.type_id as "typeId", deal_type.code as "typeCode",
  jsonb_build_object('ru', deal_type.name_ru, 'en', deal_type.name_en) as "typeNames",
  deal.counterparty_id as "counterpartyId", counterparty.name as "counterpartyName", deal.owner_id as "ownerId", owner.name as "ownerName",
  deal.department_id as "departmentId", department.name as "departmentName", deal.amount_minor as "amountMinor", deal.currency, deal.base_amount_minor as "baseAmountMinor",
  status.id as "statusId", deal.status_since as "statusSince", stage.code as "stageCode", stage.id as "stageId",
  case when stage.id is not null then jsonb_build_object('ru', stage.name_ru, 'en', stage.name_en) end as "stageNames",
  coalesce(giving.time_limit_hours, status.time_limit_hours) as "timeLimitHours",
  deal.created_at as "createdAt", deal.changed_at as "changedAt", deal.expected_close_on::text as "expectedCloseOn", deal.fields, deal.version`

const dealJoins = sql`join deal_type on deal_type.id = deal.type_id join employee owner on owner.id = deal.owner_id
  join department on department.id = deal.department_id join status own on own.id = deal.status_id join status on status.id = coalesce(own.merged_into_id, own.id)
  left join counterparty on counterparty.id = deal.counterparty_id
  left join process_run run on run.deal_id = deal.id and run.is_main left join stage on stage.id = run.stage_id
  left join status_visit stay on stay.deal_id = deal.id and stay.left_at is null and stay.voided_at is null
  left join stage giving on giving.id = stay.stage_id`

export type DealSort = 'recent' | 'created' | 'amount' | 'waiting' | 'number'
export const dealSorts = ['recent', 'created', 'amount', 'waiting', 'number'] as const satisfies readonly DealSort[]

/** Position in a list: its order, the value sorted by (as text that PostgreSQL reads back exactly) and the deal's id. */
export type DealCursor = { readonly order: DealSort; readonly value: string; readonly id: number }

const sortKeys: {
  readonly [S in DealSort]: {
    readonly column: RawBuilder<unknown>
    readonly type: RawBuilder<unknown>
    readonly descending: boolean
  }
} = {
  recent: { column: sql`deal.changed_at`, type: sql`timestamptz`, descending: true },
  created: { column: sql`deal.created_at`, type: sql`timestamptz`, descending: true },
  amount: { column: sql`coalesce(deal.base_amount_minor, 0)`, type: sql`bigint`, descending: true },
  waiting: { column: sql`deal.status_since`, type: sql`timestamptz`, descending: false },
  number: { column: sql`deal.number`, type: sql`bigint`, descending: true },
}

/** Rows to choose deals from, under the name `deal`, with at least `id`; `column`: what they are sorted by, where it is called otherwise. */
export type DealSource = { readonly from: RawBuilder<unknown>; readonly column?: RawBuilder<unknown> }

export type DealPage = { readonly sort: DealSort; readonly limit: number; readonly cursor: DealCursor | null }

/**
 * A page of deals that meet `condition` (over the alias `deal`), in a total order, by keyset.
 * The caller's condition must already hold visibility.
 * @returns at most `limit` rows and the cursor of the next page.
 */
export async function selectDealPage(
  em: Em,
  condition: RawBuilder<unknown>,
  page: DealPage,
  source?: DealSource,
): Promise<{ rows: DealRow[]; next: DealCursor | null }> {
  const { column, type, descending } = sortKeys[page.sort]
  const sorted = source?.column ?? column
  const beyond = page.cursor
    ? sql`and (${sorted}, deal.id) ${descending ? sql`<` : sql`>`} (${page.cursor.value}::${type}, ${page.cursor.id}::bigint)`
    : sql``
  const direction = descending ? sql`desc` : sql`asc`
  const order = (by: RawBuilder<unknown>) => sql`${by} ${direction}, deal.id ${direction}`
  // Chosen before they are joined: planning ten joins around the choice takes ten times as long as answering.
  const isFirst = sql`where ${condition} ${beyond} order by ${order(sorted)} limit ${page.limit + 1}`
  const chosen = source
    ? sql`select deal.* from (select deal.id from ${source.from} ${isFirst}) as first_ones join deal on deal.id = first_ones.id`
    : sql`select * from deal ${isFirst}`
  const rows = await selectRows<DealRow & { sortValue: string }>(
    em,
    sql`select ${dealColumns}, ${column}::text as "sortValue" from (${chosen}) as deal ${dealJoins} order by ${order(column)}`,
  )
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > page.limit && last ? { order: page.sort, value: last.sortValue, id: last.id } : null }
}

export type DealTotals = {
  readonly total: number
  /** In the organisation's currency, minor units. */
  readonly amountMinor: number
  /** Deals that the sum leaves out: no rate of their currency is known. */
  readonly withoutRate: number
}

/** How many deals meet the condition, and what they come to. */
export async function selectDealTotals(em: Em, condition: RawBuilder<unknown>): Promise<DealTotals> {
  const row = await selectRow<DealTotals>(
    em,
    sql`select count(*)::int as total, coalesce(sum(deal.base_amount_minor), 0)::bigint as "amountMinor",
      (count(*) filter (where deal.base_amount_minor is null))::int as "withoutRate" from deal where ${condition}`,
  )
  return row ?? { total: 0, amountMinor: 0, withoutRate: 0 }
}

/** About how many deals the company has, as the database knows without counting; 0 before it ever looked. */
export async function estimateDeals(em: Em): Promise<number> {
  const row = await selectKnownRow<{ deals: number }>(
    em,
    sql`select greatest(reltuples, 0)::float8 as deals from pg_class where oid = 'deal'::regclass`,
  )
  return row?.deals ?? 0
}

export type DealCardRow = DealRow & {
  readonly description: string
  readonly contactId: number | null
  readonly contactName: string | null
  readonly contactPhone: string | null
  readonly contactEmail: string | null
  readonly participants: readonly { id: number; name: string }[]
  readonly probabilityPct: number | null
  readonly statusHeld: boolean
  readonly lostReason: string | null
  readonly externalId: string | null
  readonly isParticipant: boolean
  readonly inSubtree: boolean
  /** The further processes of its type that may be started now. */
  readonly startable: readonly { readonly id: number; readonly code: string; readonly names: Names }[]
}

/** One deal with all that its card shows, or null when it is not there or not visible. */
export function selectDealCard(em: Em, viewer: Viewer, number: number): Promise<DealCardRow | null> {
  return selectKnownRow<DealCardRow>(
    em,
    sql`select ${dealColumns}, deal.description, deal.contact_id as "contactId", contact.name as "contactName", contact.phone as "contactPhone",
      contact.email as "contactEmail", deal.probability_pct as "probabilityPct", deal.status_held as "statusHeld", deal.lost_reason as "lostReason",
      deal.external_id as "externalId",
      (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'name', e.name) order by e.name), '[]')
        from deal_participant dp join employee e on e.id = dp.employee_id where dp.deal_id = deal.id) as participants,
      (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'code', t.code, 'names', jsonb_build_object('ru', t.name_ru, 'en', t.name_en)) order by t.id), '[]')
        from deal_type_process further join process_template t on t.id = further.process_template_id and t.archived_at is null
        where further.deal_type_id = deal.type_id and exists (select 1 from process_template_version v where v.template_id = t.id and v.state = 'published')
          and not exists (select 1 from process_run r join process_template_version v on v.id = r.template_version_id
            where r.deal_id = deal.id and r.state = 'running' and v.template_id = t.id)) as startable,
      exists (select 1 from deal_participant dp where dp.deal_id = deal.id and dp.employee_id = ${viewer.id}) as "isParticipant",
      deal.department_id in (select department_subtree(${viewer.departmentId})) as "inSubtree"
    from deal ${dealJoins} left join contact on contact.id = deal.contact_id
    where deal.number = ${number} and ${visibleDeals(viewer)}`,
  )
}

export type VisitRow = {
  readonly id: number
  readonly statusId: number
  readonly enteredAt: Date
  readonly leftAt: Date | null
  readonly recordedAt: Date
  readonly ownerId: number
  readonly ownerName: string
  readonly departmentId: number
  readonly departmentName: string
  readonly amountMinor: number
  readonly currency: string
  readonly cause: import('../../shared/domain/events.ts').VisitCause
  readonly actorId: number | null
  readonly actorName: string | null
  readonly voided: boolean
}

/** All stays of a deal, newest first; voided ones too. */
export function selectVisits(em: Em, dealId: number): Promise<VisitRow[]> {
  return selectKnownRows<VisitRow>(
    em,
    sql`select v.id, v.status_id as "statusId", v.entered_at as "enteredAt", v.left_at as "leftAt", v.recorded_at as "recordedAt",
      v.owner_id as "ownerId", o.name as "ownerName", v.department_id as "departmentId", d.name as "departmentName",
      v.amount_minor as "amountMinor", v.currency, v.cause, v.actor_id as "actorId", a.name as "actorName", v.voided_at is not null as voided
    from status_visit v join employee o on o.id = v.owner_id join department d on d.id = v.department_id left join employee a on a.id = v.actor_id
    where v.deal_id = ${dealId} order by v.entered_at desc, v.id desc`,
  )
}

export type DealEventRow = {
  readonly id: number
  readonly occurredAt: Date
  readonly recordedAt: Date
  readonly actorId: number | null
  readonly actorName: string | null
  readonly door: 'web' | 'bot' | 'api' | 'import' | 'system'
  readonly body: import('../../shared/domain/events.ts').DealEventBody
  readonly undoVersion: number | null
  readonly voided: boolean
}

/** All events of a deal, newest first. `undoVersion` is the deal's version that the event left behind, where it can be undone. */
export function selectDealEvents(em: Em, dealId: number): Promise<DealEventRow[]> {
  return selectKnownRows<DealEventRow>(
    em,
    sql`select e.id, e.occurred_at as "occurredAt", e.recorded_at as "recordedAt", e.actor_id as "actorId", a.name as "actorName", e.door, e.body,
      (e.undo_state ->> 'versionAfter')::int as "undoVersion", e.voided_at is not null as voided
    from deal_event e left join employee a on a.id = e.actor_id where e.deal_id = ${dealId} order by e.occurred_at desc, e.id desc`,
  )
}

export type RunRow = {
  readonly id: number
  readonly isMain: boolean
  readonly templateVersionId: number
  readonly stageId: number
  readonly stageSince: Date
  readonly state: 'running' | 'finished' | 'cancelled'
}

/** The process runs of a deal, the main one first. */
export function selectRuns(em: Em, dealId: number): Promise<RunRow[]> {
  return selectKnownRows<RunRow>(
    em,
    sql`select id, is_main as "isMain", template_version_id as "templateVersionId", stage_id as "stageId", stage_since as "stageSince", state
    from process_run where deal_id = ${dealId} order by is_main desc, id`,
  )
}
