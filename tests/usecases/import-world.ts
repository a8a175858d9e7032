import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Session } from '../../api/session.ts'
import { type ShownCohort, showFunnel } from '../../api/usecases/funnel/show-funnel.ts'
import type { ImportReport } from '../../api/usecases/imports/report.ts'
import { type RunImportInput, runImport } from '../../api/usecases/imports/run-import.ts'
import type { ImportBatch } from '../../db/entities/import-batch.ts'
import type { Orm } from '../../db/orm.ts'
import { loadEmptyCompany } from '../../db/seeds/load-empty.ts'
import { selectRow, sql } from '../../db/sql.ts'
import { ShowFunnel } from '../../shared/schemas/funnel.ts'
import { ImportMapping } from '../../shared/schemas/imports.ts'
import { freshDatabase } from '../support/database.ts'
import { makeTemporaryFolder } from '../support/folder.ts'

const organization = { name: 'Завод', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', isDemo: false }
export const now = new Date('2026-11-20T12:00:00Z')

/** A company without deals, and its administrator. */
export async function openCompany(): Promise<{ orm: Orm; admin: () => Session }> {
  const orm = await freshDatabase()
  await loadEmptyCompany(orm.em.fork(), organization)
  const row = await selectRow<{ id: number }>(
    orm.em.fork(),
    sql`insert into employee (login, name, role, department_id) values ('boss', 'Анна Главная', 'admin', 1) returning id`,
  )
  const actor = { id: row!.id, name: 'Анна Главная', role: 'admin', departmentId: 1 } as const
  return { orm, admin: () => ({ em: orm.em.fork(), actor, now, locale: 'ru', door: 'web', organization }) }
}

export function mappingFile(name: string): ImportMapping {
  return ImportMapping.parse(JSON.parse(readFileSync(new URL(`../support/mappings/${name}`, import.meta.url), 'utf8')))
}

export async function writeTable(text: string | Uint8Array, name = 'deals.csv'): Promise<string> {
  const path = join(makeTemporaryFolder('import'), name)
  await writeFile(path, text)
  return path
}

type Given = Partial<Omit<RunImportInput, 'mapping'>> & { readonly path: string; readonly mapping?: unknown }

export function importFile(session: Session, given: Given): Promise<ImportBatch> {
  const mapping = given.mapping === undefined ? null : ImportMapping.parse(given.mapping)
  return runImport(session, { kind: 'deals', fileName: 'deals.csv', dryRun: false, ...given, mapping })
}

export function reportOf(batch: ImportBatch): ImportReport {
  return batch.report as unknown as ImportReport
}

/** The whole funnel of the administrator: every deal since 2000. */
export async function funnelOf(session: Session, asOf?: string): Promise<ShownCohort> {
  const shown = await showFunnel(session, ShowFunnel.parse({ basis: 'cohort', from: '2000-01-01', to: '2026-11-21', asOf }))
  if (shown.basis !== 'cohort') throw new Error('asked for a cohort')
  return shown
}
