import { type GateKind, gateKinds } from '../../../../shared/domain/rules.ts'
import type { ProcessDraft } from '../../../../shared/schemas/process.ts'
import type { Role } from '../../../../shared/views/common.ts'
import type { ProcessFinding } from '../../../../shared/views/processes.ts'
import { t as tMore } from '../deal/more/messages.ts'
import { i18n } from '../i18n.svelte.ts'
import { nameOf } from './draft-edit.ts'
import type { DraftProblem } from './draft-problems.ts'
import { sayGateKind } from './gate-words.ts'
import { t } from './messages.ts'
import type { Vocabulary } from './vocabulary.svelte.ts'

/** Something to look at, in words; `stage` is the code of the stage it belongs to. */
export type Said = { readonly text: string; readonly isError: boolean; readonly stage: string | null }

export function sayFinding(finding: ProcessFinding, draft: ProcessDraft, words: Vocabulary): Said {
  const { kind, stage, isError } = finding
  return { text: t(`finding.${kind}`, { what: finding.what === null ? '' : sayWhat(finding, draft, words) }), isError, stage }
}

/** Several parts of a stage may miss the same; it is said once. */
export function sayProblem({ kind, stage }: DraftProblem): Said {
  return { text: t(`problem.${kind}`), isError: true, stage }
}

function sayWhat({ kind, what }: ProcessFinding, draft: ProcessDraft, words: Vocabulary): string {
  const code = what ?? ''
  switch (kind) {
    case 'status_unknown':
    case 'status_given_by_none':
      return words.status(code)?.name ?? code
    case 'gate_impossible':
      return gateKinds.includes(code as GateKind) ? sayGateKind(code as GateKind) : code
    case 'fact_unknown':
      return words.factName(code)
    case 'document_type_unknown':
      return words.documentTypeName(code)
    case 'assignee_unknown':
      return /^\d+$/.test(code) ? `№\u00a0${code}` : tMore(`role.${code as Role}`)
    case 'way_to_nowhere':
    case 'code_twice': {
      const stage = draft.stages.find((one) => one.code === code)
      return stage ? nameOf(stage.names, i18n.locale) : code
    }
    case 'no_stages':
    case 'stage_unreachable':
    case 'stage_without_way_out':
      return code
  }
}
