import type { DealClass } from '../../shared/domain/funnel.ts'
import type { CellRow } from '../../shared/domain/funnel-cells.ts'
import type { Day } from '../../shared/domain/periods.ts'
import type { Em } from '../orm.ts'
import { selectKnownRow, selectRow, sql } from '../sql.ts'

/** What the kept sums of the funnel are made for, and the reading of them. */

export type CubeState = {
  readonly anchorIds: readonly number[]
  readonly timeZone: string
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
    sql`select anchor_ids as "anchorIds", time_zone as "timeZone", is_summarised as "isSummarised", fingerprint, build,
      coalesce(pg_snapshot_xmin(pg_current_snapshot())::text::bigint > switched_in, true) as "isSettled",
      tree_version <> built_tree_version as "isMoved", tree_version as "treeVersion" from funnel_cube`,
  )
}

/** Neighbouring buckets (`grain`: see `grains`), or days, of the question's period or of the one before it. */
export type AskedDays = { readonly baseline: boolean; readonly from: Day; readonly to: Day }
export type AskedBuckets = AskedDays & { readonly grain: number }

export type CubeQuestion = {
  /** Of the dictionary that the asker reads the sums by. */
  readonly fingerprint: string
  /** Whatever happened must have happened by then. */
  readonly asOf: Date
  readonly strict: boolean
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

type Halves<Thing> = { readonly own: readonly Thing[]; readonly before: readonly Thing[] }
export type CubeAnswer = {
  readonly cells: Halves<CellRow>
  /** Statuses as visits name them. */
  readonly classes: Halves<DealClass>
  readonly treeVersion: number
}

/** Sums of a slice, or null when the cells cannot answer. @see the function funnel_read of the database */
export async function readCube(em: Em, question: CubeQuestion): Promise<CubeAnswer | null> {
  const { buckets, rest } = question
  const kinds = (asked: readonly AskedDays[]) => asked.map(({ baseline }) => (baseline ? 2 : 1))
  const row = await selectKnownRow<{ answer: string | null }>(
    em,
    sql`select funnel_read(${question.fingerprint}, ${question.asOf}, ${question.strict}, ${question.nodes}::int[],
      ${question.types.length > 0 ? question.types : [0]}::int[],
      ${kinds(buckets)}::smallint[], ${buckets.map(({ grain }) => grain)}::smallint[], ${buckets.map(({ from }) => from)}::date[], ${buckets.map(({ to }) => to)}::date[],
      ${kinds(rest).map((kind) => kind + 2)}::smallint[], ${rest.map(({ from }) => from)}::date[], ${rest.map(({ to }) => to)}::date[],
      ${question.baselineFrom}, ${question.from}, ${question.to}, ${question.departments}::int[], ${question.owners}::int[]) as answer`,
  )
  if (!row?.answer) return null
  const lists = JSON.parse(`[${row.answer.replace(/[{(]/g, '[').replace(/[})]/g, ']')}]`) as readonly number[][]
  const of = (kind: number) => lists.filter((numbers) => numbers[0] === kind)
  return {
    cells: { own: of(1).map(toCell), before: of(2).map(toCell) },
    classes: { own: of(3).map(toClass), before: of(4).map(toClass) },
    treeVersion: lists[0]![1]!,
  }
}

function toCell(numbers: readonly number[]): CellRow {
  return { layerId: numbers[1]!, deals: numbers.slice(2, 10), money: numbers.slice(10, 18) }
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
