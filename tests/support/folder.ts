import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder of this test file's own; it goes with the process. @param purpose part of its name */
export function makeTemporaryFolder(purpose: string): string {
  const folder = mkdtempSync(join(tmpdir(), `voronka-${purpose}-`))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return folder
}
