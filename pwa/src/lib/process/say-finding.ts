import { describeFinding } from '../../../../shared/messages/describe-finding.ts'
import type { ProcessDraft } from '../../../../shared/schemas/process.ts'
import type { ProcessFinding } from '../../../../shared/views/processes.ts'
import { i18n } from '../i18n.svelte.ts'
import { nameOf } from './draft-edit.ts'
import type { DraftProblem } from './draft-problems.ts'
import { t } from './messages.ts'
import type { Vocabulary } from './vocabulary.svelte.ts'

/** Something to look at, in words; `stage` is the code of the stage it belongs to. */
export type Said = { readonly text: string; readonly isError: boolean; readonly stage: string | null }

export function sayStage(draft: ProcessDraft | null, code: string): string {
  const stage = draft?.stages.find((one) => one.code === code)
  return (stage && nameOf(stage.names, i18n.locale)) || (stage ? t('stages.unnamed') : code)
}

export function sayFinding(finding: ProcessFinding, draft: ProcessDraft, words: Vocabulary): Said {
  const text = describeFinding(finding, i18n.locale, {
    stage: (code) => sayStage(draft, code),
    status: (code) => words.status(code)?.name ?? code,
    fact: words.factName,
    documentType: words.documentTypeName,
  })
  return { text, isError: finding.isError, stage: finding.stage }
}

export function sayProblem({ kind, stage }: DraftProblem, draft: ProcessDraft): Said {
  const text = t(`problem.${kind}`)
  return { text: stage === null ? text : t('problem.at', { stage: sayStage(draft, stage), problem: text }), isError: true, stage }
}
