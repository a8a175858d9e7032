import { openTable } from '../../api/imports/read-table.ts'
import { TableError } from '../../api/imports/table-error.ts'

/** Reads one file in a process of its own and tells what came of it and how much memory it took at the most. */
const path = process.argv[2]!
const baselineKb = process.resourceUsage().maxRSS
let [rows, code, last] = [0, null as string | null, null as unknown]
try {
  for await (const row of (await openTable(path)).rows) {
    rows++
    last = row.cells
  }
} catch (error) {
  if (!(error instanceof TableError)) throw error
  code = error.code
}
process.stdout.write(
  JSON.stringify({ rows, code, last, extraMb: Math.round((process.resourceUsage().maxRSS - baselineKb) / 1024) }),
)
