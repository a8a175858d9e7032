import { readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { ImportBatchView } from '../../../shared/views/imports.ts'
import { presentImport } from '../../presenters/imports.ts'
import { readRefusedFile } from '../../usecases/imports/batches.ts'
import { parseMapping } from '../../usecases/imports/parse-mapping.ts'
import { runImport } from '../../usecases/imports/run-import.ts'
import { undoImport } from '../../usecases/imports/undo-import.ts'
import { CliError } from '../cli-error.ts'
import { localeOfTerminal, openSession } from '../cli-session.ts'
import type { Verb, VerbContext, VerbResult } from '../verb.ts'

export const importVerb: Verb = {
  name: 'import',
  summary: 'import deals or their status history from CSV or XLSX, or undo an import',
  help: `npm run voronka -- import deals|history FILE [options]
npm run voronka -- import --undo BATCH

  --mapping FILE.json   which column is what; without it the header is read
  --lookup NAME=FILE    a reference file of the mapping, if it does not lie beside it; may be repeated
  --dry-run             report everything, change nothing
  --refused FILE.csv    write the rows that were not taken there
  --as LOGIN            import in the name of an employee
  --undo BATCH          take back the import with this number

Exit code 1 when rows were refused.`,
  options: {
    mapping: { type: 'string' },
    lookup: { type: 'string', multiple: true },
    'dry-run': { type: 'boolean' },
    refused: { type: 'string' },
    as: { type: 'string' },
    undo: { type: 'string' },
  },
  words: { min: 0, max: 2 },
  run: (context) => (context.options['undo'] === undefined ? importFile(context) : undo(context)),
}

async function undo(context: VerbContext): Promise<VerbResult> {
  const id = Number(context.options['undo'])
  if (!Number.isInteger(id) || id < 1) throw new CliError('--undo takes the number of an import.', 2)
  const session = await openSession(await context.open(), context, context.options['as'] as string | undefined)
  const view = presentImport(await undoImport(session, { id }), session)
  return { json: view, lines: [`Import ${view.id} (${view.fileName}) was undone.`] }
}

async function importFile(context: VerbContext): Promise<VerbResult> {
  const { positionals, options, bar, signal } = context
  const [kind, file] = positionals
  if ((kind !== 'deals' && kind !== 'history') || file === undefined)
    throw new CliError('Say what to import: import deals FILE, or import history FILE.', 2)
  const mappingFile = options['mapping'] as string | undefined
  const mapping = mappingFile === undefined ? null : parseMapping(await readMapping(mappingFile), localeOfTerminal())
  const beside = mappingFile === undefined ? '.' : dirname(resolve(mappingFile))
  const lookups: Record<string, string> = {}
  for (const [name, lookup] of Object.entries(mapping?.lookups ?? {})) lookups[name] = resolve(beside, lookup.file)
  for (const given of (options['lookup'] ?? []) as string[]) {
    const [name, ...path] = given.split('=')
    if (!name || path.length === 0) throw new CliError('--lookup takes NAME=FILE.', 2)
    lookups[name] = resolve(path.join('='))
  }
  const session = await openSession(await context.open(), context, options['as'] as string | undefined)
  const batch = await runImport(session, {
    kind,
    path: resolve(file),
    fileName: basename(file),
    mapping,
    dryRun: options['dry-run'] === true,
    lookups,
    signal,
    onProgress: (done, total) => bar.draw(done, total, `${kind} ${basename(file)}`),
  })
  const view = presentImport(batch, session)
  const refused = options['refused'] as string | undefined
  if (refused !== undefined && view.rowsRefused > 0)
    await writeFile(refused, (await readRefusedFile({ ...session, em: session.em.fork() }, { id: view.id })).text)
  return { json: view, lines: describe(view), failed: view.rowsRefused > 0 }
}

async function readMapping(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CliError(`The mapping ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}.`)
  }
}

const shown = 20

function describe(view: ImportBatchView): string[] {
  const made = Object.entries(view.created).filter(([, count]) => count > 0)
  const lines = [
    `Import ${view.id}: ${view.rowsTotal} rows, ${view.rowsTaken} taken, ${view.rowsUnchanged} unchanged, ${view.rowsRefused} refused.`,
  ]
  if (made.length > 0)
    lines.push(`${view.dryRun ? 'Would create' : 'Created'}: ${made.map(([kind, count]) => `${kind} ${count}`).join(', ')}.`)
  if (view.dryRun) lines.push('Nothing was changed: this was a dry run.')
  for (const { message, rows } of view.warnings) lines.push(rows > 0 ? `  ${message} (${rows})` : `  ${message}`)
  for (const repair of view.repairs.slice(0, shown))
    lines.push(
      `  ${repair.column}: “${repair.value}” -> “${repair.proposal}”, rows: ${repair.rows}${repair.applied ? ', mended' : '; agree in the mapping under "repairs"'}`,
    )
  for (const problem of view.problems.slice(0, shown))
    lines.push(`  row ${problem.row}${problem.column ? `, ${problem.column}` : ''}: ${problem.message}`)
  if (view.rowsRefused > shown) lines.push(`  … all ${view.rowsRefused} refused rows: --refused FILE.csv`)
  return lines
}
