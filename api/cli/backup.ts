import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import {
  BackupDamaged,
  type BackupEnd,
  type BackupHead,
  pieceHead,
  readBackup,
  type TableHead,
  type TableSum,
} from './backup-format.ts'
import { CliError } from './cli-error.ts'
import { copyIn, copyOut } from './copy-rows.ts'

/** Rows by table. */
export type BackupResult = { readonly tables: Readonly<Record<string, number>>; readonly rows: number }
type Progress = (done: number, total: number | null, what: string) => void

/** Tables that are not the company's data. */
const kept = ['migration', 'rate_limit']

/**
 * Writes everything that the company has into one file, as of one moment, while others go on working. The file appears whole or not at all.
 * @param url connection string
 */
export async function backupDatabase(
  url: string,
  file: string,
  now: Date,
  onProgress: Progress = () => {},
): Promise<BackupResult> {
  return withClient(url, async (client) => {
    await client.query('begin isolation level repeatable read read only')
    const tables = await listTables(client)
    const counted: Record<string, number> = {}
    const half = `${file}.part`
    try {
      const source = Readable.from(writeTables(client, tables, now, counted, onProgress), { objectMode: false })
      await pipeline(source, createGzip(), createWriteStream(half, { mode: 0o600 }))
      await rename(half, file)
    } catch (error) {
      await rm(half, { force: true })
      throw error
    }
    await client.query('commit')
    return { tables: counted, rows: sumOf(counted) }
  })
}

async function* writeTables(
  client: pg.Client,
  tables: readonly string[],
  now: Date,
  counted: Record<string, number>,
  onProgress: Progress,
) {
  const migrations = await migrationsOf(client)
  const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`)
  yield line({ format: 'voronka-backup', version: 1, createdAt: now.toISOString(), migrations } satisfies BackupHead)
  for (const [index, table] of tables.entries()) {
    onProgress(index, tables.length, table)
    const columns = await columnsOf(client, table)
    yield line({ table, columns } satisfies TableHead)
    const hash = createHash('sha256')
    for await (const piece of copyOut(client, `copy (select ${columns.map(quote).join(', ')} from ${quote(table)}) to stdout`)) {
      hash.update(piece)
      yield pieceHead(piece.length)
      yield piece
    }
    yield pieceHead(0)
    counted[table] = Number((await client.query(`select count(*) from ${quote(table)}`)).rows[0].count)
    yield line({ rows: counted[table], sha256: hash.digest('hex') } satisfies TableSum)
  }
  const found = await client.query(
    'select sequencename as name, last_value from pg_sequences where schemaname = current_schema() and last_value is not null',
  )
  const sequences = Object.fromEntries(
    found.rows.map((row: { name: string; last_value: string }) => [row.name, Number(row.last_value)]),
  )
  yield line({ end: true, tables: tables.length, sequences } satisfies BackupEnd)
}

/**
 * Puts a backup into the database, all or nothing: hashes and counts are compared before anything is kept.
 * @param force replaces what the database holds. @throws CliError
 */
export async function restoreDatabase(
  url: string,
  file: string,
  force: boolean,
  onProgress: Progress = () => {},
): Promise<BackupResult> {
  return withClient(url, async (client) => {
    const source = createReadStream(file)
    const unpacked = createGunzip()
    source.on('error', (error) => unpacked.destroy(error))
    // Told to whoever reads, also when nobody does yet.
    unpacked.on('error', () => {})
    const reader = readBackup(source.pipe(unpacked))
    await client.query('begin')
    try {
      const result = await restoreAll(client, reader, force, onProgress)
      await client.query('commit')
      return result
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (error instanceof BackupDamaged)
        throw new CliError(`${file} is not a whole backup of Voronka: ${error.message}. Nothing was changed.`)
      throw error
    } finally {
      source.destroy()
      unpacked.destroy()
    }
  })
}

async function restoreAll(
  client: pg.Client,
  reader: ReturnType<typeof readBackup>,
  force: boolean,
  onProgress: Progress,
): Promise<BackupResult> {
  const head = await reader.line<BackupHead>()
  if (head.format !== 'voronka-backup' || head.version !== 1) throw new BackupDamaged('it is of another kind')
  const present = await migrationsOf(client)
  if (JSON.stringify(present) !== JSON.stringify(head.migrations))
    throw new CliError(
      `The backup has another schema (${head.migrations.join(', ')}) than this Voronka (${present.join(', ')}). Restore it with the version that made it.`,
    )
  const tables = await listTables(client)
  const { rows } = await client.query('select exists (select 1 from organization) as filled')
  if (rows[0].filled && !force) throw new CliError('The database is not empty. To replace all it holds, add --force.')
  await client.query(`truncate ${tables.map(quote).join(', ')}`)
  for (const table of tables) await client.query(`alter table ${quote(table)} disable trigger user`)
  const counted: Record<string, number> = {}
  let line = await reader.line<TableHead | BackupEnd>()
  for (let done = 0; !('end' in line); done++) {
    if (!tables.includes(line.table)) throw new BackupDamaged(`it has an unknown table ${line.table}`)
    onProgress(done, tables.length, line.table)
    counted[line.table] = await restoreTable(client, reader, line)
    line = await reader.line<TableHead | BackupEnd>()
  }
  if (line.tables !== Object.keys(counted).length) throw new BackupDamaged('tables are missing')
  for (const table of tables) await client.query(`alter table ${quote(table)} enable trigger user`)
  for (const [name, value] of Object.entries(line.sequences))
    await client.query('select setval($1::regclass, $2)', [quote(name), value])
  return { tables: counted, rows: sumOf(counted) }
}

async function restoreTable(
  client: pg.Client,
  reader: ReturnType<typeof readBackup>,
  { table, columns }: TableHead,
): Promise<number> {
  const hash = createHash('sha256')
  const pieces = async function* () {
    for await (const piece of reader.pieces()) {
      hash.update(piece)
      yield piece
    }
  }
  await copyIn(client, `copy ${quote(table)} (${columns.map(quote).join(', ')}) from stdin`, pieces())
  const sum = await reader.line<TableSum>()
  const count = Number((await client.query(`select count(*) from ${quote(table)}`)).rows[0].count)
  if (sum.sha256 !== hash.digest('hex') || sum.rows !== count)
    throw new BackupDamaged(`the rows of ${table} are not those that were written`)
  return count
}

/** All tables, those that others refer to first. */
async function listTables(client: pg.Client): Promise<string[]> {
  const { rows: found } = await client.query(
    'select tablename as name from pg_tables where schemaname = current_schema() and tablename <> all($1) order by 1',
    [kept],
  )
  const { rows: links } = await client.query(
    `select conrelid::regclass::text as "from", confrelid::regclass::text as "to" from pg_constraint
      where contype = 'f' and conrelid <> confrelid and connamespace = current_schema()::regnamespace`,
  )
  const names: string[] = found.map((row: { name: string }) => row.name)
  const ordered: string[] = []
  const place = (name: string): void => {
    if (ordered.includes(name)) return
    for (const link of links) if (link.from === name && names.includes(link.to)) place(link.to)
    ordered.push(name)
  }
  for (const name of names) place(name)
  return ordered
}

async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
  const { rows } = await client.query(
    "select column_name as name from information_schema.columns where table_schema = current_schema() and table_name = $1 and is_generated = 'NEVER' order by ordinal_position",
    [table],
  )
  return rows.map((row: { name: string }) => row.name)
}

async function migrationsOf(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query('select name from migration order by name')
  return rows.map((row: { name: string }) => row.name)
}

function quote(name: string): string {
  return pg.escapeIdentifier(name)
}

function sumOf(counted: Readonly<Record<string, number>>): number {
  return Object.values(counted).reduce((sum, rows) => sum + rows, 0)
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
