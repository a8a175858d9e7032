import { ProcessTemplate, ProcessTemplateVersion, Stage, StageTransition, Status } from '../../../db/entities/process.ts'
import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import { selectRow, sql } from '../../../db/sql.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { structuralFindings } from '../../../shared/domain/process-draft.ts'
import type { ProcessDraft } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { findingsOf, readKnown, refuseFindings } from './known.ts'

/** A version as it is edited, exported and compared: everything by code. */
export function draftOf(version: ProcessVersionRow, statuses: StatusDictionary): ProcessDraft {
  const codeOf = (statusId: number | null) => (statusId === null ? null : statuses.byId(statusId).code)
  return {
    names: version.templateNames,
    status: codeOf(version.statusId),
    stages: version.stages.map((stage) => ({
      code: stage.code,
      names: stage.names,
      status: codeOf(stage.statusId),
      timeLimitHours: stage.timeLimitHours,
      gates: [...stage.gates],
      tasks: stage.tasks.map((task) => ({ ...task })),
      ways: stage.ways.map(({ to, names, condition }) => ({
        to: version.stages.find((other) => other.id === to)?.code ?? '',
        names,
        condition,
      })),
    })),
  }
}

/**
 * The template with this code, locked until the transaction ends: whoever changes it at the same time waits his turn.
 * @param version the one that the caller saw; left out where it does not matter. @throws AppError not_found, version_stale
 */
export async function lockTemplate(session: Session, code: string, version?: number): Promise<ProcessTemplate> {
  const found = await selectRow<{ id: number }>(
    session.em,
    sql`update process_template set version = version + 1 where code = ${code} returning id`,
  )
  if (!found) throw new AppError('not_found', { what: code })
  const template = await session.em.findOneOrFail(ProcessTemplate, found.id, { refresh: true })
  if (version !== undefined && template.version !== version + 1)
    throw new AppError('version_stale', { current: { version: template.version - 1 } })
  return template
}

/** The draft of a template, or null. */
export function findDraft(session: Session, template: ProcessTemplate): Promise<ProcessTemplateVersion | null> {
  return session.em.findOne(ProcessTemplateVersion, { template, state: 'draft' })
}

/**
 * Writes a draft down. Stages and ways are found again by their codes, and only what differs is changed. The names belong to the template, so
 * they change at once, for the published version too.
 * @throws AppError process_findings for what cannot be written at all: a code twice, a way to nowhere, a status that never was
 */
export async function writeDraft(session: Session, template: ProcessTemplate, draft: ProcessDraft): Promise<void> {
  const statuses = new Map((await session.em.find(Status, {})).map((status) => [status.code, status]))
  const findings = findingsOf(draft, await readKnown(session), template.id)
  const unwritable = findings.filter(
    ({ kind, what }) => structuralFindings.includes(kind) || (kind === 'status_unknown' && !statuses.has(what ?? '')),
  )
  await refuseFindings(session, draft, unwritable)
  const statusOf = (code: string | null): Status | null => (code === null ? null : (statuses.get(code) ?? null))
  template.nameRu = draft.names.ru
  template.nameEn = draft.names.en
  const version = (await findDraft(session, template)) ?? (await newDraft(session, template))
  version.status = statusOf(draft.status)
  const stages = await writeStages(session, version, draft, statusOf)
  await writeWays(session, version, draft, stages)
  await session.em.flush()
}

/** Takes a draft away with its stages and ways. */
export async function removeDraft(session: Session, version: ProcessTemplateVersion): Promise<void> {
  await session.em.nativeDelete(StageTransition, { from: { templateVersion: version } })
  await session.em.nativeDelete(Stage, { templateVersion: version })
  await session.em.nativeDelete(ProcessTemplateVersion, { id: version.id })
}

async function newDraft(session: Session, template: ProcessTemplate): Promise<ProcessTemplateVersion> {
  const last = await session.em.findOne(ProcessTemplateVersion, { template }, { orderBy: { number: 'desc' } })
  const version = session.em.create(ProcessTemplateVersion, {
    template,
    number: (last?.number ?? 0) + 1,
    state: 'draft',
    status: null,
    publishedAt: null,
  })
  session.em.persist(version)
  await session.em.flush()
  return version
}

async function writeStages(
  session: Session,
  version: ProcessTemplateVersion,
  draft: ProcessDraft,
  statusOf: (code: string | null) => Status | null,
): Promise<ReadonlyMap<string, Stage>> {
  const { em } = session
  const before = new Map((await em.find(Stage, { templateVersion: version })).map((stage) => [stage.code, stage]))
  const gone = [...before.values()].filter((stage) => !draft.stages.some(({ code }) => code === stage.code))
  await em.nativeDelete(StageTransition, { $or: [{ from: { $in: gone } }, { to: { $in: gone } }] })
  await em.nativeDelete(Stage, { id: { $in: gone.map((stage) => stage.id) } })
  const stages = draft.stages.map((given, index) => {
    const columns = {
      nameRu: given.names.ru,
      nameEn: given.names.en,
      position: index + 1,
      status: statusOf(given.status),
      timeLimitHours: given.timeLimitHours,
      gates: given.gates,
      tasks: given.tasks,
    }
    const known = before.get(given.code)
    if (known) return em.assign(known, columns)
    const made = em.create(Stage, { templateVersion: version, code: given.code, ...columns })
    em.persist(made)
    return made
  })
  await em.flush()
  return new Map(stages.map((stage) => [stage.code, stage]))
}

async function writeWays(
  session: Session,
  version: ProcessTemplateVersion,
  draft: ProcessDraft,
  stages: ReadonlyMap<string, Stage>,
): Promise<void> {
  const { em } = session
  const before = new Map(
    (await em.find(StageTransition, { from: { templateVersion: version } })).map((way) => [`${way.from.id} ${way.to.id}`, way]),
  )
  for (const stage of draft.stages) {
    const from = stages.get(stage.code)
    for (const [position, way] of stage.ways.entries()) {
      const to = stages.get(way.to)
      if (!from || !to) continue
      const columns = { position, nameRu: way.names?.ru ?? null, nameEn: way.names?.en ?? null, condition: way.condition ?? null }
      const key = `${from.id} ${to.id}`
      const known = before.get(key)
      if (known) em.assign(known, columns)
      else em.persist(em.create(StageTransition, { from, to, ...columns }))
      before.delete(key)
    }
  }
  await em.nativeDelete(StageTransition, { id: { $in: [...before.values()].map((way) => way.id) } })
}
