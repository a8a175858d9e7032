import type { DealClass } from '../../shared/domain/funnel.ts'
import type { Day } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { selectKnownRow, selectKnownTextRow, selectRow, sql } from '../sql.ts'

/** What the kept sums of the funnel are made for, and the reading of them. */

/** Statuses, as visits name them, in order of id: of the entry into the funnel, of the milestone and all behind it, of the lost ones; and the zone of days. */
export type SummaryKeys = {
  readonly anchorIds: readonly number[]
  readonly wonIds: readonly number[]
  readonly lostIds: readonly number[]
  readonly timeZone: string
}

export type CubeState = SummaryKeys & {
  readonly isSummarised: boolean
  /** No transaction that is older than the last change of the anchors is under way: none writes summaries by the former ones. */
  readonly isSettled: boolean
  readonly fingerprint: string | null
  readonly build: number
  /** The departments have moved since the build. */
  readonly isMoved: boolean
  readonly treeVersion: number
}

/** Null: nothing has been made yet. */
export function selectCubeState(em: Em): Promise<CubeState | null> {
  return selectRow<CubeState>(
    em,
    sql`select anchor_ids as "anchorIds", won_ids as "wonIds", lost_ids as "lostIds", time_zone as "timeZone", is_summarised as "isSummarised", fingerprint, build,
      coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::bigint > switched_in, true) as "isSettled",
      tree_version <> built_tree_version as "isMoved", tree_version as "treeVersion" from funnel_cube`,
  )
}

/** Whether the summaries, and what is kept by day, are by these keys and this dictionary. */
export async function selectWhatIsKept(
  em: Em,
  { anchorIds, wonIds, lostIds, timeZone }: SummaryKeys,
  fingerprint: string,
): Promise<{ readonly isSummarised: boolean; readonly areDaysKept: boolean }> {
  const row = await selectKnownRow<{ isSummarised: boolean; areDaysKept: boolean }>(
    em,
    sql`select is_summarised and anchor_ids = ${anchorIds}::int[] and won_ids = ${wonIds}::int[] and lost_ids = ${lostIds}::int[] and time_zone = ${timeZone} as "isSummarised",
      fingerprint is not distinct from ${fingerprint} as "areDaysKept" from funnel_cube`,
  )
  return row ?? { isSummarised: false, areDaysKept: false }
}

/** Neighbouring buckets (`grain`: see `grains`), or days, of the question's period or of the one before it. */
export type AskedDays = { readonly baseline: boolean; readonly from: Day; readonly to: Day }
/** `isTaken`: their sums are taken away. */
export type AskedBuckets = AskedDays & { readonly grain: number; readonly isTaken: boolean }

export type CubeQuestion = {
  /** Of the dictionary that the asker reads the sums by. */
  readonly fingerprint: string
  /** Whatever happened must have happened by then. */
  readonly asOf: Date
  /** 0: the company; departments, none below another; or 1,000,000,000 + employees. */
  readonly nodes: readonly number[]
  /** Empty: all. */
  readonly types: readonly number[]
  readonly buckets: readonly AskedBuckets[]
  /** Days that no bucket covers: of employees only. */
  readonly rest: readonly AskedDays[]
  readonly baselineFrom: Day
  readonly from: Day
  readonly to: Day
  /** Whose deals the nodes stand for; null: everybody's. */
  readonly departments: readonly number[] | null
  readonly owners: readonly number[] | null
}

export type CubeAnswer = {
  /** Packed. @see sumsOfPacks */
  readonly sums: { readonly own: string; readonly before: string }
  /** Deals that are not in the sums. Statuses as visits name them. */
  readonly classes: { readonly own: readonly DealClass[]; readonly before: readonly DealClass[] }
  readonly treeVersion: number
}

const readText = `select funnel_read(${Array.from({ length: 16 }, (_, place) => `$${place + 1}`).join(', ')}) as answer`

/** Sums of a slice, or null when the cells cannot answer. @see the function funnel_read of the database */
export async function readCube(em: Em, question: CubeQuestion): Promise<CubeAnswer | null> {
  const { buckets, rest } = question
  const kindOf = ({ baseline }: AskedDays) => (baseline ? 2 : 1)
  const row = await selectKnownTextRow<{ answer: string | null }>(em, readText, [
    question.fingerprint,
    question.asOf,
    question.nodes,
    question.types.length > 0 ? question.types : [0],
    buckets.map((one) => (one.isTaken ? -kindOf(one) : kindOf(one))),
    buckets.map(({ grain }) => grain),
    buckets.map(({ from }) => from),
    buckets.map(({ to }) => to),
    rest.map((one) => kindOf(one) + 2),
    rest.map(({ from }) => from),
    rest.map(({ to }) => to),
    question.baselineFrom,
    question.from,
    question.to,
    question.departments,
    question.owners,
  ])
  if (!row?.answer) return null
  const [treeVersion, own, before, classes] = row.answer.split(';') as [string, string, string, string]
  const lists = JSON.parse(`[${classes.replaceAll('{', '[').replaceAll('}', ']')}]`) as readonly number[][]
  const of = (kind: number) => lists.filter((numbers) => numbers[0] === kind).map(toClass)
  return { sums: { own, before }, classes: { own: of(3), before: of(4) }, treeVersion: Number(treeVersion) }
}

function toClass([, count = 0, amountMinor = 0, path = 0, current = 0, ...visited]: readonly number[]): DealClass {
  return { count, amountMinor, path, current, visited }
}

/** Those of the departments that stand below none of the others, and the version of the tree by which they do. */
export async function selectTopDepartments(
  em: Em,
  ids: readonly number[],
): Promise<{ readonly ids: readonly number[]; readonly treeVersion: number } | null> {
  return selectRow(
    em,
    sql`select tree_version as "treeVersion", array(select id from unnest(${ids}::int[]) as id
      where not exists (select 1 from unnest(${ids}::int[]) as other where other <> id and id in (select department_subtree(other)))) as ids
    from funnel_cube`,
  )
}

/** Whether the viewer's department has all of these below it. */
export async function areBelow(em: Em, root: number, ids: readonly number[]): Promise<boolean> {
  const row = await selectRow<{ all: boolean }>(em, sql`select ${ids}::int[] <@ array(select department_subtree(${root})) as all`)
  return row?.all ?? false
}
