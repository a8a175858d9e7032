import type { WorkCalendar } from '../../shared/domain/working-time.ts'
import type { Em } from '../orm.ts'
import { type RawBuilder, selectRow, selectRows, sql } from '../sql.ts'

/** How far something that comes by the calendar has been told to the deals. */
export type CalendarRoundRow = {
  readonly topic: string
  readonly beganOn: string
  readonly toldUpTo: string
  readonly afterDealId: number
  readonly finishedAt: Date | null
}
export type NewRound = Pick<CalendarRoundRow, 'topic' | 'beganOn' | 'toldUpTo' | 'finishedAt'>

/** The company's working days, whether or not limits count by them. */
export async function selectWorkDays(em: Em): Promise<Pick<WorkCalendar, 'workDays' | 'exceptions'>> {
  const row = await selectRow<Pick<WorkCalendar, 'workDays' | 'exceptions'>>(
    em,
    sql`select work_days as "workDays", (select coalesce(jsonb_object_agg(day, is_working), '{}') from calendar_day) as exceptions
      from organization where id = 1`,
  )
  return row ?? { workDays: [], exceptions: {} }
}

/**
 * Rounds as they are to be: what no rule waits for any more goes, what is new begins as given, and one whose time has come is begun anew.
 * Any number of processes may do so at once. @returns those of the given topics, in their order
 */
export async function settleCalendarRounds(em: Em, rounds: readonly NewRound[]): Promise<CalendarRoundRow[]> {
  const topics = rounds.map(({ topic }) => topic)
  await selectRows(em, sql`delete from calendar_round where topic <> all(${topics}::text[])`)
  for (const { topic, beganOn, toldUpTo, finishedAt } of rounds)
    await selectRows(
      em,
      sql`insert into calendar_round (topic, began_on, told_up_to, finished_at) values (${topic}, ${beganOn}::date, ${toldUpTo}::date, ${finishedAt})
        on conflict (topic) do update set began_on = excluded.began_on, after_deal_id = 0, finished_at = null,
          told_up_to = case when calendar_round.finished_at is null then calendar_round.told_up_to else calendar_round.began_on end
        where calendar_round.began_on < excluded.began_on`,
    )
  return selectRows<CalendarRoundRow>(
    em,
    sql`select topic, began_on::text as "beganOn", told_up_to::text as "toldUpTo", after_deal_id as "afterDealId", finished_at as "finishedAt"
      from calendar_round where topic = any(${topics}::text[]) order by array_position(${topics}::text[], topic)`,
  )
}

/** Remembers how far a round has come. A round that has begun anew meanwhile is left alone. */
export async function keepRound(
  em: Em,
  { topic, beganOn }: CalendarRoundRow,
  afterDealId: number,
  finishedAt: Date | null,
): Promise<void> {
  await selectRows(
    em,
    sql`update calendar_round set after_deal_id = greatest(after_deal_id, ${afterDealId}), finished_at = coalesce(${finishedAt}, finished_at)
      where topic = ${topic} and began_on = ${beganOn}::date`,
  )
}

/** Takes one telling for a deal. @returns false where it has been told, here or by another process */
export async function takeTelling(em: Em, dealId: number, topic: string, toldOn: string): Promise<boolean> {
  const taken = await selectRow(
    em,
    sql`insert into calendar_told (deal_id, topic, told_on) values (${dealId}, ${topic}, ${toldOn}::date)
      on conflict (deal_id, topic) do update set told_on = excluded.told_on where calendar_told.told_on <> excluded.told_on returning deal_id`,
  )
  return taken !== null
}

/** Which deals a topic is told to: codes of types, and of statuses; null for any. */
export type Told = { readonly types: readonly string[] | null; readonly statuses: readonly string[] | null }
export type CalendarPage = { readonly afterId: number; readonly limit: number }

/** Deals that a period which began at this instant is to be told to: made before it, not lost, their main process not at its end; by id. */
export function selectDealsOfPeriod(
  em: Em,
  told: Told,
  { topic, beganOn }: CalendarRoundRow,
  startsAt: Date,
  { afterId, limit }: CalendarPage,
): Promise<{ readonly id: number }[]> {
  return selectRows(
    em,
    sql`select deal.id from deal join status own on own.id = deal.status_id join status on status.id = coalesce(own.merged_into_id, own.id)
    where ${isTold(told)} and deal.id > ${afterId} and deal.created_at < ${startsAt}
      and not exists (select 1 from process_run r where r.deal_id = deal.id and r.is_main and r.state <> 'running')
      and not exists (select 1 from calendar_told c where c.deal_id = deal.id and c.topic = ${topic} and c.told_on >= ${beganOn}::date)
    order by deal.id limit ${limit}`,
  )
}

/** Deals, not lost, whose date lies in [from, to] and of which the topic has not been told; by id. @param changedSince only those changed since */
export function selectDealsByDate(
  em: Em,
  told: Told,
  topic: string,
  {
    fact,
    from,
    to,
    changedSince,
  }: { readonly fact: string; readonly from: string; readonly to: string; readonly changedSince: Date | null },
  { afterId, limit }: CalendarPage,
): Promise<{ readonly id: number; readonly date: string }[]> {
  const date = dateOf(fact)
  return selectRows(
    em,
    sql`select deal.id, ${date} as date from deal join status own on own.id = deal.status_id join status on status.id = coalesce(own.merged_into_id, own.id)
    where ${isTold(told)} and deal.id > ${afterId} and ${date} between ${from} and ${to} and ${date} ~ '^\\d{4}-\\d\\d-\\d\\d$'
      and ${changedSince === null ? sql`true` : sql`deal.changed_at >= ${changedSince}`}
      and not exists (select 1 from calendar_told c where c.deal_id = deal.id and c.topic = ${topic} and c.told_on::text = ${date})
    order by deal.id limit ${limit}`,
  )
}

/** The names of a custom field that is a day, for the history. */
export function selectFieldTitle(em: Em, code: string): Promise<{ readonly ru: string; readonly en: string } | null> {
  return selectRow(
    em,
    sql`select name_ru as ru, name_en as en from custom_field where code = ${code} and kind = 'day' order by archived_at is not null, id limit 1`,
  )
}

/** Over the aliases `deal` and `status`. */
function isTold({ types, statuses }: Told): RawBuilder<unknown> {
  return sql`deal.withdrawn_at is null and status.category <> 'lost'
    and ${types === null ? sql`true` : sql`deal.type_id = any(array(select id from deal_type where code = any(${[...types]}::text[])))`}
    and ${statuses === null ? sql`true` : sql`status.code = any(${[...statuses]}::text[])`}`
}

/** The date as text: the days of custom fields are kept so, and compare so. */
function dateOf(fact: string): RawBuilder<unknown> {
  return fact.startsWith('field.') ? sql`(deal.fields ->> ${fact.slice('field.'.length)})` : sql`deal.expected_close_on::text`
}
