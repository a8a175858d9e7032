import { statfsSync } from 'node:fs'

/** A start that cannot succeed as things are: one sentence for the operator, printed without a stack, exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** What the launcher needs of a logger; a pino logger fits. */
export interface StartLog {
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

export const silentLog: StartLog = { info() {}, warn() {}, error() {} }

/** PostgreSQL's own code for it. */
const diskFull = '53100'

/**
 * Turns a file system error into a sentence that names the setting to change.
 * Out: a StartError for the causes an operator can mend, else the error unchanged.
 */
export function explainFileError(error: unknown, dataDir: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException
  const place = path && path !== dataDir ? ` (at ${path})` : ''
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case diskFull:
      return new StartError(`DATA_DIR ${dataDir}: the disk is full${place}. Free some space or set DATA_DIR to another disk.`)
    case 'EACCES':
    case 'EPERM':
      return new StartError(
        `DATA_DIR ${dataDir} cannot be written by this user${place}. Give this user the folder or set DATA_DIR to another.`,
      )
    case 'EROFS':
      return new StartError(`DATA_DIR ${dataDir} lies on a read-only file system${place}. Set DATA_DIR to a writable folder.`)
    case 'ENOTDIR':
    case 'EEXIST':
      return new StartError(`DATA_DIR ${dataDir} is not a folder${place}. Set DATA_DIR to a folder.`)
    default:
      return error
  }
}

/** With less than this free the server cannot start, nor even write into its log why. */
const leastFreeBytes = 20 * 1024 * 1024

/** Makes a sentence of what PostgreSQL complained about; a full disk is named as such. In: `what` failed, PostgreSQL's own words. */
export function explainComplaint(what: string, complaint: string, dataDir: string): StartError {
  const { bavail, bsize } = statfsSync(dataDir)
  const full = complaint.includes('No space left on device') || bavail * bsize < leastFreeBytes
  return full ? (explainFileError({ code: 'ENOSPC' }, dataDir) as StartError) : new StartError(`${what}: ${complaint}`)
}
