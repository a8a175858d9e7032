import type { Locale } from '../views/common.ts'
import type { ProcessFinding } from '../views/processes.ts'
import { findingsEn } from './en/findings.ts'
import { type FindingKey, findingsRu } from './ru/findings.ts'
import { createTranslate } from './translate.ts'

/** The names of what a finding means by code; one that is not known is shown by its code. */
export type FindingWords = {
  readonly stage: (code: string) => string
  readonly status: (code: string) => string
  readonly fact: (key: string) => string
  readonly documentType: (code: string) => string
}

const translators = { ru: createTranslate<FindingKey>('ru', findingsRu), en: createTranslate<FindingKey>('en', findingsEn) }

/** What is wrong with a draft, as one sentence. */
export function describeFinding(finding: ProcessFinding, locale: Locale, words: FindingWords): string {
  const stage = finding.stage === null ? '' : words.stage(finding.stage)
  return translators[locale](keyOf(finding), { stage, what: nameOf(finding, words) })
}

function keyOf({ kind, stage, what, isError }: ProcessFinding): FindingKey {
  switch (kind) {
    case 'stage_without_way_out':
      return isError ? 'stage_stuck' : kind
    case 'way_to_nowhere':
      return stage === what ? 'way_to_itself' : kind
    case 'code_twice':
      return what === null ? kind : 'way_twice'
    case 'status_unknown':
      return stage === null ? 'status_unknown_process' : kind
    case 'gate_impossible': {
      const key = `${isError ? 'gate_impossible' : 'gate_partly'}_${what}`
      return key in findingsRu ? (key as FindingKey) : kind
    }
    default:
      return kind
  }
}

function nameOf({ kind, what }: ProcessFinding, words: FindingWords): string {
  if (what === null) return ''
  switch (kind) {
    case 'status_unknown':
    case 'status_given_by_none':
      return words.status(what)
    case 'fact_unknown':
      return words.fact(what)
    case 'document_type_unknown':
      return words.documentType(what)
    case 'way_to_nowhere':
    case 'code_twice':
      return words.stage(what)
    default:
      return what
  }
}
