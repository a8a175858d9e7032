import { AppError } from '../../../shared/domain/app-error.ts'
import type { ProcessDraft } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import { assertSettings } from '../people.ts'
import { readBpmn } from './read-bpmn.ts'
import { showTemplate } from './templates.ts'
import { writeBpmn } from './write-bpmn.ts'

/** The draft of a template as BPMN 2.0, or the published version where there is no draft. @throws AppError forbidden, not_found */
export async function exportBpmn(
  session: Session,
  input: { readonly code: string },
): Promise<{ readonly fileName: string; readonly xml: string }> {
  const { draft, published, template } = await showTemplate(session, input)
  const shown = draft ?? published
  if (!shown) throw new AppError('not_found', { what: input.code })
  return { fileName: `${template.code}.bpmn`, xml: await writeBpmn(shown.body, session.locale) }
}

/** A BPMN 2.0 file as a draft; nothing is kept. @throws AppError forbidden, bpmn_invalid, bpmn_unsupported */
export async function importBpmn(session: Session, xml: string): Promise<ProcessDraft> {
  assertSettings(session)
  return readBpmn(xml, session.locale)
}
