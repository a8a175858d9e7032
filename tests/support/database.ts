import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after } from 'node:test'
import pg from 'pg'
import { startTestCluster } from '../../db/embedded/test-cluster.ts'
import { migrate, type Orm, openOrm } from '../../db/orm.ts'

/**
 * Databases for tests: each is cloned from a migrated template, in tens of milliseconds. The cluster is the whole run's
 * (TEST_DATABASE_URL, set by tests/run.ts) or, for a file run alone, one of its own.
 */
let cluster: Promise<{ url: string; stop(): Promise<void> }> | null = null
const opened: Orm[] = []
const users: (() => unknown)[] = []

/** Ends what works on a database before that goes, the last first: hooks after a file's tests run in the order of the imports. */
export function stopBeforeDatabase(stop: () => unknown): void {
  users.push(stop)
}

/** A database of its own with the schema and no rows, closed when the file's tests end. */
export async function freshDatabase(): Promise<Orm> {
  const server = await serverUrl()
  const template = await ensureTemplate(server)
  const name = `t_${randomBytes(6).toString('hex')}`
  await administer(server, (client) => client.query(`create database ${name} template ${template}`))
  const orm = await openOrm(withDatabase(server, name), 10)
  opened.push(orm)
  return orm
}

/** A database without a schema, closed when the file's tests end. */
export async function emptyDatabase(): Promise<Orm> {
  const server = await serverUrl()
  const name = `t_${randomBytes(6).toString('hex')}`
  await administer(server, (client) => client.query(`create database ${name}`))
  const orm = await openOrm(withDatabase(server, name), 4)
  opened.push(orm)
  return orm
}

after(async () => {
  for (const stop of users.reverse()) await stop()
  for (const orm of opened) await orm.close(true)
  await (await cluster)?.stop()
})

async function serverUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return given
  cluster ??= startTestCluster()
  return (await cluster).url
}

/** The template is named after the migrations' content, made once per cluster; whoever comes second waits on the lock. */
async function ensureTemplate(server: string): Promise<string> {
  const sql = await readFile(new URL('../../db/migrations/0001-foundation.sql', import.meta.url), 'utf8')
  const name = `template_${createHash('sha256').update(sql).digest('hex').slice(0, 12)}`
  await administer(server, async (client) => {
    await client.query('select pg_advisory_lock(4242)')
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount) return
    const draft = `${name}_draft`
    await client.query(`drop database if exists ${draft}`)
    await client.query(`create database ${draft}`)
    const orm = await openOrm(withDatabase(server, draft), 2)
    await migrate(orm)
    await orm.close(true)
    await client.query(`alter database ${draft} rename to ${name}`)
  })
  return name
}

async function administer(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
