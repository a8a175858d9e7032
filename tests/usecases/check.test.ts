import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { checkInvariants } from '../../api/usecases/check.ts'
import type { Em, Orm } from '../../db/orm.ts'
import { type InvariantCode, invariantCodes } from '../../db/queries/check.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRows, sql } from '../../db/sql.ts'
import { freshDatabase } from '../support/database.ts'

/**
 * Ways to break each invariant behind the use-cases' back. `standing`, `lost` and `moved` pick a deal of the kind. Each is done in a transaction that is rolled back.
 */
const standing = `(select d.id from deal d join status s on s.id = d.status_id where s.category = 'open' order by d.id limit 1)`
const lost = `(select d.id from deal d join status s on s.id = d.status_id where s.category = 'lost' order by d.id limit 1)`
const moved = `(select deal_id from status_visit group by deal_id having count(*) > 3 order by deal_id limit 1)`
const openVisit = `deal_id = ${standing} and left_at is null`

const breaks: readonly (readonly [InvariantCode, title: string, ...statements: string[]])[] = [
  ['open_visit_count', 'a deal without an open visit', `update status_visit set left_at = now() where ${openVisit}`],
  ['open_visit_count', 'a deal whose only open visit is voided', `update status_visit set voided_at = now() where ${openVisit}`],
  [
    'open_visit_count',
    'a deal with two open visits',
    `drop index status_visit_one_open_uq`,
    `update status_visit set left_at = null where deal_id = ${moved}`,
  ],
  [
    'open_visit_differs',
    'a status without its visit',
    `update deal set status_id = (select id from status where code = 'new') where id = ${moved}`,
  ],
  [
    'open_visit_differs',
    'a clock reset by an edit',
    `update deal set status_since = status_since + interval '1 second' where id = ${standing}`,
  ],
  [
    'visits_not_contiguous',
    'a gap between visits',
    `update status_visit set left_at = left_at - interval '1 millisecond' where id = (select id from status_visit where deal_id = ${moved} and left_at > entered_at order by id limit 1)`,
  ],
  [
    'visits_not_contiguous',
    'visits that overlap',
    `update status_visit set left_at = left_at + interval '1 minute' where id = (select id from status_visit where deal_id = ${moved} order by id limit 1)`,
  ],
  [
    'visit_before_creation',
    'a visit older than its deal',
    `update deal set created_at = created_at + interval '1 second' where id = ${moved}`,
  ],
  [
    'visit_ends_before_it_begins',
    'a visit left before it was entered',
    `alter table status_visit drop constraint status_visit_leaves_after_entering`,
    `update status_visit set left_at = entered_at - interval '1 second' where deal_id = ${moved} and left_at is not null`,
  ],
  [
    'lost_deal_running',
    'a lost deal whose process runs on',
    `update process_run set state = 'running', ended_at = null where deal_id = ${lost}`,
  ],
  ['main_run_missing', 'a deal without its process', `delete from process_run where deal_id = ${standing}`],
  [
    'stage_of_another_version',
    'a run in a stage of another process',
    `update process_run set stage_id = (select id from stage where template_version_id <> process_run.template_version_id limit 1) where deal_id = ${standing}`,
  ],
  ['department_missing', 'a deal of no department', `update deal set department_id = 999 where id = ${standing}`],
  ['department_cycle', 'departments in a ring', `update department set parent_id = 3 where id = 2`],
  ['version_below_one', 'a deal of version 0', `update deal set version = 0 where id = ${standing}`],
  ['version_below_one', 'a status of version 0', `update status set version = 0 where code = 'new'`],
  [
    'row_without_deal',
    'events whose deal is gone',
    `update deal_event set deal_id = 999999 where deal_id = ${standing} and kind = 'comment_added' or id = 5`,
  ],
  ['row_without_deal', 'a visit whose deal is gone', `update status_visit set deal_id = 999999 where ${openVisit}`],
  ['deal_without_event', 'a deal that nobody created', `delete from deal_event where deal_id = ${standing}`],
  [
    'held_without_hand',
    'a hold on a status that a stage gave',
    `update deal set status_held = true where id = (select deal_id from status_visit where left_at is null and cause ->> 'kind' = 'stage' limit 1)`,
  ],
  [
    'void_document_paid',
    'a void document on which money counts',
    `insert into deal_document (id, deal_id, document_type_id, number, dated_on, amount_minor, state, created_at, changed_at)
      values (1, ${standing}, 2, '1', '2026-10-01', 100, 'void', now(), now())`,
    `insert into payment (document_id, amount_minor, paid_on, recorded_at) values (1, 100, '2026-10-02', now())`,
  ],
  ['withdrawn_without_undo', 'a deal withdrawn by nobody', `update deal set withdrawn_at = now() where id = ${standing}`],
  [
    'withdrawn_without_undo',
    'a deal withdrawn with an import that stands',
    `insert into import_batch (id, kind, file_name, mapping, state, dry_run, report, created_at) values (1, 'deals', 'x.csv', '{}', 'done', false, '{}', now())`,
    `update deal set withdrawn_at = now(), import_batch_id = 1 where id = ${standing}`,
  ],
  [
    'merger_broken',
    'a merged status that is still offered',
    `update status set merged_into_id = (select id from status where code = 'proposal') where code = 'negotiation'`,
  ],
  [
    'merger_broken',
    'a status merged into a merged one',
    `update status set archived_at = now(), merged_into_id = (select id from status where code = 'proposal') where code = 'negotiation'`,
    `update status set archived_at = now(), merged_into_id = (select id from status where code = 'negotiation') where code = 'qualification'`,
    `update status set merged_into_id = (select id from status where code = 'new'), archived_at = now() where code = 'proposal'`,
  ],
  [
    'base_amount_differs',
    'a deal that comes to something else',
    `update deal set base_amount_minor = base_amount_minor + 1 where id = ${standing}`,
  ],
  ['base_amount_differs', 'a deal whose money is missing', `update deal set base_amount_minor = null where id = ${standing}`],
]

let orm: Orm
before(async () => {
  orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), {
    now: new Date('2026-11-20T12:00:00Z'),
    timeZone: 'Europe/Moscow',
    baseCurrency: 'RUB',
    deals: 120,
  })
})

test('a small demo company breaks no invariant, and all of it was looked at', async () => {
  const { findings, counted } = await checkInvariants(orm.em.fork())
  assert.deepEqual(findings, [])
  assert.equal(counted.deals, 120)
  assert.equal(counted.runs, 120)
  assert.ok(counted.visits > 400 && counted.events > counted.visits)
})

test('an empty database breaks no invariant', async () => {
  const { findings, counted } = await checkInvariants((await freshDatabase()).em.fork())
  assert.deepEqual(findings, [])
  assert.deepEqual(counted, { deals: 0, visits: 0, runs: 0, events: 0 })
})

for (const [code, title, ...statements] of breaks) {
  test(`the check finds ${title}`, async () => {
    const finding = await inBroken(statements, async (em) =>
      (await checkInvariants(em)).findings.find((found) => found.code === code),
    )
    assert.ok(finding, `${code} is not found`)
    assert.ok(finding.total >= 1 && finding.sample.length >= 1 && finding.sample.length <= 5)
    assert.match(finding.sample[0]!, /^[a-z ]+ \S+$/)
  })
}

test('every invariant has a way to be broken here', () => {
  assert.deepEqual(new Set(breaks.map(([code]) => code)), new Set(invariantCodes))
})

test('a deal withdrawn with an undone import is nothing to find, whatever its visits', async () => {
  const findings = await inBroken(
    [
      `insert into import_batch (id, kind, file_name, mapping, state, dry_run, report, created_at) values (1, 'deals', 'x.csv', '{}', 'undone', false, '{}', now())`,
      `update deal set withdrawn_at = now(), import_batch_id = 1 where id = ${standing}`,
      `update status_visit set voided_at = now() where ${openVisit}`,
    ],
    async (em) => (await checkInvariants(em)).findings,
  )
  assert.deepEqual(findings, [])
})

/** Breaks the data with triggers and foreign keys off, looks, and takes all back. */
async function inBroken<Result>(statements: readonly string[], look: (em: Em) => Promise<Result>): Promise<Result> {
  const em = orm.em.fork()
  await em.begin()
  try {
    await selectRows(em, sql`set local session_replication_role = replica`)
    for (const statement of statements) await selectRows(em, sql.raw(statement))
    return await look(em)
  } finally {
    await em.rollback()
  }
}
