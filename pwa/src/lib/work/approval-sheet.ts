/** The sheet of a decision stands in the address with what it decides: `approval.7.done.head`. */
export function approvalSheet(run: number, stage: string, role: string): string {
  return ['approval', run, stage, role].join('.')
}

export function readApprovalSheet(
  sheet: string | null,
): { readonly run: number; readonly stage: string; readonly role: string } | null {
  const [, run, stage, role] = /^approval\.(\d+)\.([\w-]+)\.(\w+)$/.exec(sheet ?? '') ?? []
  return run && stage && role ? { run: Number(run), stage, role } : null
}

/** The sheet that asks why a further process is stopped: `stop.7`. */
export function stopSheet(run: number): string {
  return `stop.${run}`
}

export function readStopSheet(sheet: string | null): number | null {
  const run = /^stop\.(\d+)$/.exec(sheet ?? '')?.[1]
  return run === undefined ? null : Number(run)
}
