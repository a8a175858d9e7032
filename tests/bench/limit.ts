import type { Em } from '../../db/orm.ts'
import { selectKnownRows, selectRows, sql } from '../../db/sql.ts'

/** How many answers are laid out: readers take different ones, as with the funnel. */
export const preparedAnswers = 500
const layers = 9

/**
 * The limit L that a funnel is held against: its nine rows, added up beforehand and read by key. Nothing that computes can be quicker through the same
 * driver; as many numbers a row as a layer of the funnel has.
 */
export async function layOutAnswers(em: Em): Promise<void> {
  await selectRows(em, sql`drop table if exists bench_answer`)
  await selectRows(
    em,
    sql`create table bench_answer (slice int, layer int, passed int, lost int, finished int, open int, skipped int, through int, applicable int, passable int,
      passed_minor bigint, lost_minor bigint, finished_minor bigint, open_minor bigint, skipped_minor bigint, through_minor bigint, applicable_minor bigint, passable_minor bigint,
      primary key (slice, layer))`,
  )
  await selectRows(
    em,
    sql`insert into bench_answer select slice, layer, slice * layer, layer, layer, layer, layer, slice, slice, slice, slice * 100000::bigint, slice, slice, slice, slice, slice, slice, slice
    from generate_series(1, ${preparedAnswers}) slice, generate_series(1, ${layers}) layer`,
  )
  await selectRows(em, sql`vacuum (analyze) bench_answer`)
}

/** Nine rows by key. */
export function readAnswer(em: Em, slice: number): Promise<Record<string, number>[]> {
  return selectKnownRows(
    em,
    sql`select layer, passed, lost, finished, open, skipped, through, applicable, passable, passed_minor, lost_minor, finished_minor, open_minor, skipped_minor, through_minor,
      applicable_minor, passable_minor from bench_answer where slice = ${slice}`,
  )
}
