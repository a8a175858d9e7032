import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { statusForStage } from '../../../shared/domain/rules.ts'
import type { StatusDictionary } from '../dictionary.ts'

/** The status a new deal gets: that of the first stage; where the process gives none, the first open one of the dictionary. @throws AppError not_found */
export function firstStatus(version: ProcessVersionRow | null, statuses: StatusDictionary): number {
  const stage = version?.stages[0]
  const byRule = version && stage ? statusForStage(version, stage, { statusId: 0, statusHeld: false }) : null
  const fallback = statuses.all.find((status) => status.category === 'open' && !status.archived)
  const found = byRule ?? fallback?.id
  if (found === undefined) throw new AppError('not_found', { what: 'status' })
  return found
}
