import { setImmediate as breathe } from 'node:timers/promises'
import { ImportBatch } from '../../../db/entities/import-batch.ts'
import { Employee } from '../../../db/entities/organization.ts'
import { selectRow, selectRows, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { isAble } from '../../../shared/domain/permissions.ts'
import type { ImportMapping } from '../../../shared/schemas/imports.ts'
import { openTable } from '../../imports/read-table.ts'
import { type Session, transact } from '../../session.ts'
import { checkMapping } from './check-mapping.ts'
import { openCustomValues, selectImportableFields } from './custom-values.ts'
import { ensureDefinitions } from './definitions.ts'
import { openDirectory } from './directory.ts'
import type { ImportScope } from './draft.ts'
import { guessMapping } from './guess-mapping.ts'
import { readLookups } from './lookups.ts'
import { openStatusMatcher, openTypeMatcher } from './match-codes.ts'
import { importDealRows } from './read-deals.ts'
import { importHistoryRows } from './read-history.ts'
import { createReporter, emptyReport, type Reporter } from './report.ts'
import { createRowValues } from './row-values.ts'
import { refusalOf } from './sentences.ts'
import { readingOptions, surveyFile } from './survey.ts'

export type RunImportInput = {
  readonly kind: 'deals' | 'history'
  /** Where the file lies; read twice. */
  readonly path: string
  /** What the user calls it. */
  readonly fileName: string
  /** Null: everything is guessed from the header. */
  readonly mapping: ImportMapping | null
  readonly dryRun: boolean
  /** Paths of the mapping's reference files by name. */
  readonly lookups?: Readonly<Record<string, string>>
  /** Hears rows done and rows in all, every pass over the file counted; null while the total is not known. */
  readonly onProgress?: (done: number, total: number | null) => void
  readonly signal?: AbortSignal
}

/** Carries a dry run's report out of the transaction that must not be committed. */
class DryRunDone extends Error {}

const rowsBetweenBreaths = 500
/** How often the rows are gone through: to survey them, to read them, and a log once more to write its cases. */
const passes = { deals: 2, history: 3 } as const
const progressEveryMs = 2_000

/**
 * Imports a table of deals or a log of status changes, all or nothing, one import at a time. A dry run does the same and takes it back.
 * @returns the batch with its report: rows taken, unchanged and refused, what was made, proposals for slips
 * @throws AppError forbidden, import_running, input_invalid (the file), import_mapping_invalid; the signal's reason when cancelled
 */
export async function runImport(session: Session, input: RunImportInput): Promise<ImportBatch> {
  if (!isAble(session.actor, 'import.run')) throw new AppError('forbidden')
  const outside: Session = { ...session, em: session.em.fork(), door: 'import' }
  const startedAt = performance.now()
  const ended = () => new Date(session.now.getTime() + performance.now() - startedAt)
  const batchId = await openBatch(outside, input)
  const fresh = (): Session => ({ ...outside, em: outside.em.fork() })
  try {
    await transact({ ...session, em: session.em.fork(), door: 'import' }, async (inside) => {
      await takeTurn(inside)
      const worked = await work(inside, input, batchId, createProgress(fresh(), batchId, input))
      if (input.dryRun) throw new DryRunDone('dry run', { cause: worked })
      await closeBatch(inside, batchId, 'done', ended(), worked)
    })
  } catch (error) {
    const isDryRun = error instanceof DryRunDone
    await closeBatch(fresh(), batchId, isDryRun ? 'checked' : 'failed', ended(), isDryRun ? (error.cause as Worked) : null)
    if (!isDryRun) throw refusalOf(error, session.locale)
  }
  return session.em.fork().findOneOrFail(ImportBatch, batchId)
}

/** The transaction holds the turn until it ends. @throws AppError import_running */
export async function takeTurn({ em }: Session): Promise<void> {
  const row = await selectRow<{ mine: boolean }>(em, sql`select pg_try_advisory_xact_lock(hashtext('import')) as mine`)
  if (!row?.mine) throw new AppError('import_running')
}

/** Batches that a killed process left behind cannot be running any more when somebody else's turn comes. */
async function openBatch(session: Session, input: RunImportInput): Promise<number> {
  return transact(session, async (inside) => {
    await takeTurn(inside)
    const { em, actor, now } = inside
    await selectRows(em, sql`update import_batch set state = 'failed', finished_at = ${now} where state = 'running'`)
    const batch = em.create(ImportBatch, {
      kind: input.kind,
      fileName: input.fileName.slice(0, 300),
      mapping: (input.mapping ?? {}) as Record<string, unknown>,
      state: 'running',
      dryRun: input.dryRun,
      report: emptyReport as unknown as Record<string, unknown>,
      refusedFile: null,
      startedBy: actor.id > 0 ? em.getReference(Employee, actor.id) : null,
      createdAt: now,
      finishedAt: null,
    })
    em.persist(batch)
    await em.flush()
    return batch.id
  })
}

type Worked = { readonly reporter: Reporter; readonly mapping: ImportMapping }

async function closeBatch(
  session: Session,
  id: number,
  state: 'checked' | 'done' | 'failed',
  at: Date,
  worked: Worked | null,
): Promise<void> {
  const report = worked ? JSON.stringify(worked.reporter.report()) : null
  const mapping = worked ? JSON.stringify(worked.mapping) : null
  await transact(session, async ({ em }) => {
    await selectRows(
      em,
      sql`update import_batch set state = ${state}, finished_at = ${at}, report = coalesce(${report}::jsonb, report),
        mapping = coalesce(${mapping}::jsonb, mapping), refused_file = ${worked?.reporter.refusedFile() ?? null} where id = ${id}`,
    )
  })
}

async function work(
  session: Session,
  input: RunImportInput,
  batchId: number,
  tell: (done: number, total: number | null) => Promise<void>,
): Promise<Worked> {
  const { path, kind, lookups: files = {} } = input
  const { locale, organization, now } = session
  const table = await openTable(path, input.mapping ? readingOptions(input.mapping) : {})
  await table.close()
  const { header } = table
  const report = createReporter(header, locale)
  const customFields = await selectImportableFields(session)
  const mapping = guessMapping(input.mapping, header, report, locale, customFields)
  const lookups = await readLookups(mapping, files, report, locale)
  checkMapping(
    kind,
    mapping,
    header,
    lookups,
    locale,
    customFields.map(({ code }) => code),
  )
  await ensureDefinitions(session, mapping, report)
  const repairs = new Map<string, Map<string, string>>()
  const context = { header, lookups, repairs }
  const onRow = async (row: number) => {
    if (row % rowsBetweenBreaths === 0) await tell(row, null)
  }
  const survey = await surveyFile(path, mapping, context, repairs, { report, locale, onRow })
  const base = {
    mapping,
    context,
    survey,
    timeZone: mapping.timeZone ?? organization.timeZone,
    baseCurrency: organization.baseCurrency,
    now,
  }
  const values = createRowValues(base)
  const titles = {
    counterparty: values.title('counterparty'),
    owner: values.title('owner'),
    department: values.title('department'),
  }
  const scope: ImportScope = {
    ...base,
    session,
    path,
    batchId,
    values,
    custom: await openCustomValues(session, mapping, context, survey),
    report,
    step: async (row, pass = 2) => {
      if (pass === 3 || row % rowsBetweenBreaths === 0) await tell((pass - 1) * survey.rows + row, passes[kind] * survey.rows)
    },
    versions: new Map(),
    undatedAt: mapping.defaults.enteredAt ? Date.parse(mapping.defaults.enteredAt) : now.getTime(),
    statuses: await openStatusMatcher(session, mapping, values.title('status'), report),
    types: await openTypeMatcher(session, mapping, report),
    directory: await openDirectory(session, mapping, titles, report),
  }
  if (kind === 'deals') await importDealRows(scope)
  else await importHistoryRows(scope)
  if (survey.rows > rowsBetweenBreaths) await refreshStatistics(session)
  return { reporter: report, mapping }
}

/** Without statistics the first figures after a large import would be planned as for small tables. */
async function refreshStatistics({ em }: Session): Promise<void> {
  for (const table of ['deal', 'status_visit', 'process_run', 'deal_event'])
    await selectRows(em, sql`analyze ${sql.table(table)}`)
}

/** Tells how far it is: the caller at every breath, the batch's row every two seconds. Throws when cancelled. */
function createProgress({ em }: Session, batchId: number, { kind, onProgress, signal }: RunImportInput) {
  let toldAt = performance.now()
  return async (done: number, total: number | null): Promise<void> => {
    signal?.throwIfAborted()
    await breathe()
    onProgress?.(done, total)
    if (performance.now() - toldAt < progressEveryMs) return
    toldAt = performance.now()
    const report = JSON.stringify({ ...emptyReport, rowsTotal: total === null ? done : total / passes[kind] })
    await selectRows(em, sql`update import_batch set report = ${report}::jsonb where id = ${batchId} and state = 'running'`)
  }
}
