import { type KnownRow, selectKnown } from '../../../db/queries/processes.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { checkDraft, type Known } from '../../../shared/domain/process-draft.ts'
import { describeFinding } from '../../../shared/messages/describe-finding.ts'
import type { ProcessDraft } from '../../../shared/schemas/process.ts'
import type { ProcessFinding } from '../../../shared/views/processes.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { readStatuses } from '../dictionary.ts'
import { readGateWords } from '../rules/words.ts'

/** What drafts are checked against, read once for any number of them. */
export function readKnown(session: Session): Promise<KnownRow> {
  return selectKnown(session.em)
}

/** What is wrong with a draft of a template; null for a template that is not there yet. */
export function findingsOf(draft: ProcessDraft, row: KnownRow, templateId: number | null): readonly ProcessFinding[] {
  const here = row.given.filter((given) => given.templateId === templateId).map(({ status }) => status)
  const elsewhere = new Set(row.given.filter((given) => given.templateId !== templateId).map(({ status }) => status))
  const known: Known = {
    statuses: new Set(row.statuses),
    documentTypes: new Set(row.documentTypes),
    payableTypes: new Set(row.payableTypes),
    fields: new Map(row.fields.map(({ code, kind }) => [code, kind])),
    employees: new Set(row.employees),
    roles: new Set(row.roles),
    dealTypes: row.dealTypes
      .filter((type) => templateId !== null && type.templateIds.includes(templateId))
      .map(({ code, fields, documentTypes }) => ({ code, fields: new Set(fields), documentTypes: new Set(documentTypes) })),
    givenOnlyHere: new Set(here.filter((status) => !elsewhere.has(status))),
  }
  return checkDraft(draft, known)
}

/** @throws AppError process_findings naming them all in words, when there are any */
export async function refuseFindings(session: Session, draft: ProcessDraft, findings: readonly ProcessFinding[]): Promise<void> {
  if (findings.length === 0) return
  const statuses: StatusDictionary = await readStatuses(session)
  const { fact, documentType } = await readGateWords(session)
  const words = {
    fact,
    documentType,
    stage: (code: string) => draft.stages.find((stage) => stage.code === code)?.names[session.locale] ?? code,
    status: (code: string) => statuses.all.find((status) => status.code === code)?.names[session.locale] ?? code,
  }
  const said = findings.map((finding) => ({ ...finding, text: describeFinding(finding, session.locale, words) }))
  throw new AppError('process_findings', { findings: said, why: said.map(({ text }) => text).join(' ') })
}
