import { IsolationLevel } from '@mikro-orm/core'
import type { Em } from '../../db/orm.ts'
import { type Counted, type InvariantCode, invariantCodes, selectCounted, selectOffenders } from '../../db/queries/check.ts'
import { checkCube } from './funnel/cube/check-cube.ts'

/** An invariant that does not hold: how it reads, how often, and which rows for example. */
export type Finding = {
  readonly code: InvariantCode | keyof typeof cubeTexts
  readonly text: string
  readonly total: number
  readonly sample: readonly string[]
}

const sampleSize = 5

const texts: { readonly [Code in InvariantCode]: string } = {
  open_visit_count: 'A deal must stand in exactly one status: one open visit',
  open_visit_differs: 'A deal and its open visit must agree on the status and on when it was entered',
  visits_not_contiguous: 'The visits of a deal must follow each other without gaps and overlaps',
  visit_before_creation: 'A deal cannot have been in a status before it was created',
  visit_ends_before_it_begins: 'A visit cannot be left before it is entered',
  lost_deal_running: 'The main process of a lost deal must not run',
  main_run_missing: 'A deal whose type has a process must have a main run',
  stage_of_another_version: 'A run must stand in a stage of its own template version',
  department_missing: 'The department of a deal must exist',
  department_cycle: 'The departments must form a tree',
  version_below_one: 'Versions begin at 1',
  row_without_deal: 'Visits, runs and events must belong to a deal',
  deal_without_event: 'The history of a deal must begin with its creation or import',
  held_without_hand: 'Only a status set or held by hand may be held',
  void_document_paid: 'A void document must have no payments but those taken back',
  withdrawn_without_undo: 'A deal may be withdrawn only with an import that was undone',
  merger_broken: 'A merged status must be archived and count as one of its kind that is not merged itself',
  base_amount_differs: 'What a deal comes to in the currency of the organisation must follow from its amount and the rates',
}

const cubeTexts = {
  funnel_summaries: 'What the funnel keeps of a deal must follow from its visits',
  funnel_packs: 'What the funnel keeps of deals that stand alike must follow from the dictionary of statuses',
  funnel_cells: 'The sums that the funnel keeps must be those of the deals',
  funnel_marks: 'What entered the funnel, was won and was lost, as the funnel keeps it by day, must be that of the deals',
  funnel_stands: 'Where deals stand and since when, as the funnel keeps it by day, must be what the deals say',
  funnel_traces: 'What became of each deal in every status, as the flow keeps it, must be what its visits say',
  funnel_flows: 'Days of the flow must be what became of the deals',
  funnel_moves: 'The comings and goings that the funnel keeps by day must be those of the visits',
} as const

/**
 * Looks for anything in the database that the use-cases never leave behind.
 * All queries see one moment, so changes made meanwhile give no false findings; inside a transaction they see that transaction's.
 * @returns the invariants that are broken, none when all is well, and how many rows were looked at.
 */
export async function checkInvariants(em: Em): Promise<{ readonly findings: readonly Finding[]; readonly counted: Counted }> {
  if (em.isInTransaction()) return look(em)
  return em.transactional(look, { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true })
}

async function look(em: Em): Promise<{ readonly findings: readonly Finding[]; readonly counted: Counted }> {
  const findings: Finding[] = []
  for (const code of invariantCodes) {
    const { total, sample } = await selectOffenders(em, code, sampleSize)
    if (total > 0) findings.push({ code, text: texts[code], total, sample })
  }
  for (const { what, total, sample } of await checkCube(em, sampleSize))
    findings.push({ code: what, text: cubeTexts[what], total, sample })
  return { findings, counted: await selectCounted(em) }
}
