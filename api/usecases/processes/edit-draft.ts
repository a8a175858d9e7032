import { AppError } from '../../../shared/domain/app-error.ts'
import type { PublishProcessInput, SaveProcessDraftInput } from '../../../shared/schemas/process.ts'
import { type Session, transact } from '../../session.ts'
import { assertSettings } from '../people.ts'
import { findDraft, lockTemplate, removeDraft, writeDraft } from './draft-rows.ts'
import { refuseFindings } from './known.ts'
import { showTemplate, type TemplateCard } from './templates.ts'

/** Saves the draft as a whole; where there is none, it is made. @throws AppError forbidden, not_found, version_stale, process_findings */
export function saveDraft(session: Session, input: SaveProcessDraftInput): Promise<TemplateCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const template = await lockTemplate(inside, input.code, input.version)
    await writeDraft(inside, template, input.draft)
    return showTemplate(inside, input)
  })
}

/** Throws the draft away; what is published stays. @throws AppError forbidden, not_found (also without a draft), version_stale */
export function deleteDraft(session: Session, input: PublishProcessInput): Promise<TemplateCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const template = await lockTemplate(inside, input.code, input.version)
    const draft = await findDraft(inside, template)
    if (!draft) throw new AppError('not_found', { what: 'draft' })
    await removeDraft(inside, draft)
    return showTemplate(inside, input)
  })
}

/**
 * Makes the draft a version that never changes again. New deals begin on it, running ones stay on theirs.
 * @throws AppError forbidden, not_found (also without a draft), version_stale, process_findings when it has errors
 */
export function publishDraft(session: Session, input: PublishProcessInput): Promise<TemplateCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const template = await lockTemplate(inside, input.code, input.version)
    const draft = await findDraft(inside, template)
    const { draft: read } = await showTemplate(inside, input)
    if (!draft || !read) throw new AppError('not_found', { what: 'draft' })
    await refuseFindings(
      inside,
      read.body,
      read.findings.filter(({ isError }) => isError),
    )
    draft.state = 'published'
    draft.publishedAt = inside.now
    await inside.em.flush()
    return showTemplate(inside, input)
  })
}
