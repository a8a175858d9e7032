import type { ProcessStage, ProcessVersion } from './process.ts'

/**
 * Which status follows from what happened (product.md, section 2). Configurable rules and gates take their place beside
 * the built-in rule here.
 */

/**
 * The built-in rule: entering a stage sets the stage's status, or the process's where the stage has none.
 * A held status stays.
 * @returns the id of the status to enter, or null when the deal keeps the one it has.
 */
export function statusForStage(
  version: ProcessVersion,
  stage: ProcessStage,
  deal: { readonly statusId: number; readonly statusHeld: boolean },
): number | null {
  const statusId = stage.statusId ?? version.statusId
  if (statusId === null || deal.statusHeld || statusId === deal.statusId) return null
  return statusId
}
