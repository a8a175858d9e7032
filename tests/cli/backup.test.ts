import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { backupDatabase, restoreDatabase } from '../../api/cli/backup.ts'
import { checkInvariants } from '../../api/usecases/check.ts'
import { largestFile } from '../../api/usecases/files.ts'
import type { Orm } from '../../db/orm.ts'
import { loadDemoCompany } from '../../db/seeds/load-demo.ts'
import { selectRow, selectRows, sql } from '../../db/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { makeTemporaryFolder } from '../support/folder.ts'
import { funnelOf, now, openCompany } from '../usecases/import-world.ts'

test('a backup restored elsewhere is the same company: same funnel, every invariant, numbers go on', async () => {
  const [from, to] = [await demoDatabase(), await freshDatabase()]
  const file = await newFile()
  const written = await backupDatabase(await urlOf(from), file, now)
  const read = await restoreDatabase(await urlOf(to), file, false)
  assert.deepEqual(read, written)
  assert.equal(written.tables['deal'], 300)
  assert.deepEqual(await rowsOf(to), await rowsOf(from))
  assert.deepEqual((await checkInvariants(to.em.fork())).findings, [])
  const admin = (orm: Orm) =>
    ({
      em: orm.em.fork(),
      actor: { id: 1, name: 'А', role: 'admin', departmentId: 1 },
      now,
      locale: 'ru',
      door: 'web',
      organization: { name: 'Х', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', isDemo: true },
    }) as const
  assert.deepEqual((await funnelOf(admin(to))).funnel, (await funnelOf(admin(from))).funnel)
  const [next, last] = await Promise.all([nextNumber(to), nextNumber(from)])
  assert.equal(next, last)
  const audited = await selectRow<{ enabled: string }>(
    to.em.fork(),
    sql`select tgenabled as enabled from pg_trigger where tgname = 'deal_audit'`,
  )
  assert.equal(audited!.enabled, 'O')
})

test('documents, their payments and the largest of files are restored byte by byte', async () => {
  const from = await demoDatabase()
  const content = randomBytes(largestFile)
  const em = from.em.fork()
  await selectRows(
    em,
    sql`insert into stored_file (id, name, media_type, size_bytes, sha256, content, uploaded_at)
      values (1, 'скан.pdf', 'application/pdf', ${content.length}, '', ${content}, now())`,
  )
  await selectRows(
    em,
    sql`insert into deal_document (id, deal_id, document_type_id, number, dated_on, amount_minor, file_id, created_at, changed_at)
      values (1, 1, 2, '7', '2026-10-01', 100, 1, now(), now())`,
  )
  await selectRows(
    em,
    sql`insert into payment (document_id, amount_minor, paid_on, recorded_at) values (1, 40, '2026-10-02', now())`,
  )
  const [file, to] = [await newFile(), await freshDatabase()]
  await backupDatabase(await urlOf(from), file, now)
  await restoreDatabase(await urlOf(to), file, false)
  const restored = await selectRow<{ content: Buffer; number: string; paid: number }>(
    to.em.fork(),
    sql`select f.content, d.number, p.amount_minor as paid from stored_file f join deal_document d on d.file_id = f.id join payment p on p.document_id = d.id`,
  )
  assert.deepEqual([restored?.number, restored?.paid], ['7', 40])
  assert.ok(restored?.content.equals(content))
})

test('a restore into a company that is there is refused, and with force replaces it', async () => {
  const { orm } = await openCompany()
  const from = await demoDatabase()
  const file = await newFile()
  await backupDatabase(await urlOf(from), file, now)
  await assert.rejects(restoreDatabase(await urlOf(orm), file, false), /not empty/)
  await restoreDatabase(await urlOf(orm), file, true)
  assert.deepEqual(await rowsOf(orm), await rowsOf(from))
})

test('a damaged, shortened or foreign file changes nothing', async () => {
  const { orm } = await openCompany()
  const before = await rowsOf(orm)
  const file = await newFile()
  await backupDatabase(await urlOf(await demoDatabase()), file, now)
  const packed = await readFile(file)
  const plain = gunzipSync(packed)
  const changed = Buffer.from(plain)
  const at = plain.indexOf('Europe/Moscow')
  changed.write('Europe/Moskow', at)
  for (const bad of [
    packed.subarray(0, packed.length / 2),
    gzipSync(changed),
    Buffer.from('deal;1'),
    gzipSync('{"format":"other"}\n'),
  ]) {
    const path = await newFile()
    await writeFile(path, bad)
    await assert.rejects(restoreDatabase(await urlOf(orm), path, true), /not a whole backup/)
    assert.deepEqual(await rowsOf(orm), before)
  }
})

async function demoDatabase(): Promise<Orm> {
  const orm = await freshDatabase()
  await loadDemoCompany(orm.em.fork(), { now, timeZone: 'Europe/Moscow', baseCurrency: 'RUB', deals: 300 })
  return orm
}

async function newFile(): Promise<string> {
  return join(makeTemporaryFolder('backup'), 'company.backup')
}

function urlOf(orm: Orm): Promise<string> {
  return Promise.resolve(orm.config.get('clientUrl') as string)
}

/** Every table whole, as a hash. */
async function rowsOf(orm: Orm): Promise<Record<string, string | null>> {
  const tables = await selectRows<{ name: string }>(
    orm.em.fork(),
    sql`select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migration' order by 1`,
  )
  const hashes: Record<string, string | null> = {}
  for (const { name } of tables) {
    const row = await selectRow<{ hash: string | null }>(
      orm.em.fork(),
      sql`select md5(string_agg(t::text, '|' order by t::text)) as hash from ${sql.table(name)} t`,
    )
    hashes[name] = row!.hash
  }
  return hashes
}

async function nextNumber(orm: Orm): Promise<number> {
  const row = await selectRow<{ id: number; number: number }>(
    orm.em.fork(),
    sql`select nextval('deal_id_seq') as id, nextval('deal_number_seq') as number`,
  )
  return row!.number * 1_000_000 + row!.id
}
