import { resolve } from 'node:path'
import { resetDemoCompany } from '../../../db/seeds/reset-demo.ts'
import { furnishDemo } from '../../furnish-demo.ts'
import { backupDatabase, restoreDatabase } from '../backup.ts'
import { CliError } from '../cli-error.ts'
import type { Verb } from '../verb.ts'

export const backupVerb: Verb = {
  name: 'backup',
  summary: 'write all data into one file, also while Voronka runs',
  help: `npm run voronka -- backup FILE

The data as of one moment, with a hash and a count for each table. Files written beside the database (logs) are not part of it.`,
  options: {},
  words: { min: 1, max: 1 },
  async run({ open, positionals, now, bar }) {
    const { url } = await open()
    const file = resolve(positionals[0]!)
    const { rows, tables } = await backupDatabase(url, file, now, bar.draw)
    return { json: { file, rows, tables }, lines: [`${rows} rows of ${Object.keys(tables).length} tables are in ${file}.`] }
  },
}

export const restoreVerb: Verb = {
  name: 'restore',
  summary: 'put a backup into an empty database, or with --force in place of what is there',
  help: `npm run voronka -- restore FILE [--force]

All or nothing: a damaged file changes nothing. Stop Voronka before a restore with --force.`,
  options: { force: { type: 'boolean' } },
  words: { min: 1, max: 1 },
  async run({ open, positionals, options, bar }) {
    const { url } = await open()
    const file = resolve(positionals[0]!)
    const { rows, tables } = await restoreDatabase(url, file, options['force'] === true, bar.draw)
    return { json: { file, rows, tables }, lines: [`${rows} rows of ${Object.keys(tables).length} tables were restored.`] }
  },
}

export const migrateVerb: Verb = {
  name: 'migrate',
  summary: 'bring the schema of the database up to date',
  help: 'npm run voronka -- migrate\n\nDone at every start too. Two at once: the second waits for the first.',
  options: {},
  words: { min: 0, max: 0 },
  async run({ open }) {
    await open()
    return { json: { upToDate: true }, lines: ['The schema is up to date.'] }
  },
}

export const demoResetVerb: Verb = {
  name: 'demo reset',
  summary: 'replace the demo company by a fresh one',
  help: 'npm run voronka -- demo reset\n\nRefused for a real company. Everybody is logged out.',
  options: {},
  words: { min: 0, max: 0 },
  async run({ open, config, now, bar }) {
    const { orm } = await open()
    const { timeZone, baseCurrency } = config
    const done = await resetDemoCompany(orm.em.fork(), { now, timeZone, baseCurrency }, (rows, total) =>
      bar.draw(rows, total, 'demo'),
    )
    if (!done) throw new CliError('This database does not hold the demo company: nothing was changed.')
    await furnishDemo(orm.em.fork(), now)
    return { json: { reset: true }, lines: ['The demo company is as new.'] }
  },
}
