import { ProcessTemplate } from '../../../db/entities/process.ts'
import { type ProcessVersionRow, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { selectTemplates, type TemplateRow } from '../../../db/queries/processes.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type {
  ArchiveProcessTemplateInput,
  CreateProcessTemplateInput,
  ListProcessTemplatesInput,
  ProcessDraft,
} from '../../../shared/schemas/process.ts'
import type { ProcessFinding } from '../../../shared/views/processes.ts'
import { type Session, transact } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { assertSettings } from '../people.ts'
import { listProcessTemplates } from '../settings.ts'
import { draftOf, lockTemplate, writeDraft } from './draft-rows.ts'
import { findingsOf, readKnown } from './known.ts'

/** A template with its versions, before it is put into words. */
export type TemplateCard = {
  readonly template: TemplateRow
  readonly published: { readonly version: ProcessVersionRow; readonly body: ProcessDraft } | null
  readonly draft: {
    readonly version: ProcessVersionRow
    readonly body: ProcessDraft
    readonly findings: readonly ProcessFinding[]
  } | null
  readonly running: readonly { readonly version: ProcessVersionRow; readonly runs: number }[]
}

export type TemplateList =
  | { readonly all: false; readonly versions: readonly ProcessVersionRow[]; readonly statuses: StatusDictionary }
  | { readonly all: true; readonly cards: readonly TemplateCard[] }

/** The published processes for everybody; with `all`, for administrators, every template with its draft. @throws AppError forbidden */
export async function listTemplates(session: Session, input: ListProcessTemplatesInput): Promise<TemplateList> {
  if (!input.all) return { all: false, ...(await listProcessTemplates(session)) }
  assertSettings(session)
  return { all: true, cards: await readCards(session, await selectTemplates(session.em)) }
}

/** One template. @throws AppError forbidden, not_found */
export async function showTemplate(session: Session, { code }: { readonly code: string }): Promise<TemplateCard> {
  assertSettings(session)
  const [card] = await readCards(session, await selectTemplates(session.em, code))
  if (!card) throw new AppError('not_found', { what: code })
  return card
}

/** A new template with a first draft; a copy or an import is one too. @throws AppError forbidden, already_exists (code), process_findings */
export function createTemplate(session: Session, input: CreateProcessTemplateInput): Promise<TemplateCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const code = input.code ?? (await freeCode(inside, input.draft.names.en))
    if (await inside.em.findOne(ProcessTemplate, { code })) throw new AppError('already_exists', { what: code })
    const { ru, en } = input.draft.names
    const template = inside.em.create(ProcessTemplate, { code, nameRu: ru, nameEn: en, archivedAt: null })
    inside.em.persist(template)
    await inside.em.flush()
    await writeDraft(inside, template, input.draft)
    return showTemplate(inside, { code })
  })
}

/** Puts a template away or takes it back; deals that run on it go on. @throws AppError forbidden, not_found, version_stale, process_in_use */
export function archiveTemplate(session: Session, input: ArchiveProcessTemplateInput): Promise<TemplateCard> {
  return transact(session, async (inside) => {
    assertSettings(inside)
    const template = await lockTemplate(inside, input.code, input.version)
    const { dealTypes } = (await showTemplate(inside, input)).template
    if (input.archived && dealTypes.length > 0)
      throw new AppError('process_in_use', { types: dealTypes.map((type) => type.names[inside.locale]).join(', ') })
    template.archivedAt = input.archived ? (template.archivedAt ?? inside.now) : null
    await inside.em.flush()
    return showTemplate(inside, input)
  })
}

async function readCards(session: Session, templates: readonly TemplateRow[]): Promise<TemplateCard[]> {
  const ids = templates.flatMap(({ draftId, publishedId, running }) => [
    ...(draftId === null ? [] : [draftId]),
    ...(publishedId === null ? [] : [publishedId]),
    ...running.map(({ versionId }) => versionId),
  ])
  const versions = new Map((await selectProcessVersions(session.em, ids)).map((version) => [version.id, version]))
  const statuses = await readStatuses(session)
  const known = await readKnown(session)
  const read = (id: number | null) => {
    const version = id === null ? undefined : versions.get(id)
    return version ? { version, body: draftOf(version, statuses) } : null
  }
  return templates.map((template) => {
    const draft = read(template.draftId)
    return {
      template,
      published: read(template.publishedId),
      draft: draft && { ...draft, findings: findingsOf(draft.body, known, template.id) },
      running: template.running.flatMap(({ versionId, runs }) => {
        const version = versions.get(versionId)
        return version ? [{ version, runs }] : []
      }),
    }
  })
}

/** A code from the English name that no template has yet: `supply`, `supply-2`. */
async function freeCode(session: Session, name: string): Promise<string> {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
  const base = slug === '' ? 'process' : slug
  const taken = new Set((await session.em.find(ProcessTemplate, {}, { fields: ['code'] })).map(({ code }) => code))
  for (let number = 1; ; number++) {
    const code = number === 1 ? base : `${base}_${number}`
    if (!taken.has(code)) return code
  }
}
