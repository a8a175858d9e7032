import type { ProcessVersionRow, StatusRow } from '../../../db/queries/dictionaries.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { ProcessVersion } from '../../../shared/domain/process.ts'
import { structuralFindings } from '../../../shared/domain/process-draft.ts'
import { isSame } from '../../../shared/domain/same-data.ts'
import { type TriedProcess, versionOfDraft } from '../../../shared/domain/simulate-moves.ts'
import type { Setup } from '../../../shared/domain/simulate-past.ts'
import type { PlayClock } from '../../../shared/domain/simulate-time.ts'
import type { StatusRule } from '../../../shared/domain/status-rules.ts'
import type { PreviewRulesInput, ProcessDraft } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import type { StatusDictionary } from '../dictionary.ts'
import { findingsOf, readKnown, refuseFindings } from '../processes/known.ts'
import { showTemplate } from '../processes/templates.ts'

export type TriedDraft = { readonly code: string; readonly draft: ProcessDraft; readonly present: ProcessDraft | null }

/**
 * The process to be tried: the given draft, else the kept one.
 * @throws AppError not_found (template, draft), process_findings for what could not be kept either
 */
export async function readTriedDraft(session: Session, input: PreviewRulesInput): Promise<TriedDraft | null> {
  if (!input.process) return null
  const { template, draft: kept, published } = await showTemplate(session, input.process)
  const draft = input.process.draft ?? kept?.body
  if (!draft) throw new AppError('not_found', { what: 'draft' })
  if (input.process.draft) {
    const known = await readKnown(session)
    const findings = findingsOf(draft, known, template.id)
    const fatal = findings.filter(
      ({ kind }) => structuralFindings.includes(kind) || kind === 'status_unknown' || kind === 'no_stages',
    )
    await refuseFindings(session, draft, fatal)
  }
  return { code: template.code, draft, present: published?.body ?? null }
}

export type Ingredients = {
  readonly statuses: StatusDictionary
  /** In force now or before, by template and number. */
  readonly versions: readonly ProcessVersionRow[]
  readonly present: readonly StatusRule[]
  readonly input: PreviewRulesInput
  readonly tried: TriedDraft | null
  readonly clock: Omit<PlayClock, 'limitOf'>
}

/** What a stage brings a deal: its status by code, and its limit in hours. */
type Given = { readonly status: string | null; readonly hours: number | null }

/** Both sides of the comparison. @throws AppError not_found (stage, status) */
export function setupsOf({ statuses, versions, present, input, tried, clock }: Ingredients): { before: Setup; after: Setup } {
  const given = givenBy(versions, statuses)
  const changed = new Map(given)
  if (tried) addDraft(changed, tried)
  for (const { template, stage, status } of input.stages) {
    const known = changed.get(`${template} ${stage}`)
    if (!known) throw new AppError('not_found', { what: `${template} / ${stage}` })
    changed.set(`${template} ${stage}`, { ...known, status: status === null ? null : statuses.find(status).code })
  }
  const rules = input.rules?.filter((rule) => rule.isActive).map((rule, position) => ({ ...rule, id: position + 1, position }))
  const process = tried && triedProcess(tried, versions)
  const setup = setupMaker(statuses, clock)
  return { before: setup(present, given), after: { ...setup(rules ?? present, changed), ...(process ? { tried: process } : {}) } }
}

/** What every stage gives in the newest version that has it. */
function givenBy(versions: readonly ProcessVersionRow[], statuses: StatusDictionary): Map<string, Given> {
  const given = new Map<string, Given>()
  for (const version of versions)
    for (const stage of version.stages) {
      const id = stage.statusId ?? version.statusId
      const status = id === null ? null : statuses.resolve(id).code
      given.set(`${version.templateCode} ${stage.code}`, { status, hours: stage.timeLimitHours })
    }
  return given
}

function addDraft(given: Map<string, Given>, { code, draft }: TriedDraft): void {
  for (const stage of draft.stages)
    given.set(`${code} ${stage.code}`, { status: stage.status ?? draft.status, hours: stage.timeLimitHours })
}

function setupMaker(statuses: StatusDictionary, clock: Ingredients['clock']) {
  const byCode = new Map(statuses.all.map((status) => [status.code, statuses.resolve(status.id)]))
  const counts = (status: StatusRow | undefined) => status && status.category !== 'lost' && !status.archived
  return (rules: readonly StatusRule[], stages: ReadonlyMap<string, Given>): Setup => ({
    rules,
    statusOfStage(template, stage) {
      const code = stages.get(`${template} ${stage}`)?.status ?? null
      return code === null ? null : (byCode.get(code)?.code ?? null)
    },
    rankOf(code) {
      const status = byCode.get(code)
      return counts(status) ? status!.rank : null
    },
    isLost: (code) => byCode.get(code)?.category === 'lost',
    clock: {
      ...clock,
      limitOf: (stage, status) =>
        (stage && stages.get(`${stage.template} ${stage.stage}`)?.hours) ?? byCode.get(status)?.timeLimitHours ?? null,
    },
  })
}

function triedProcess({ code, draft, present: inForce }: TriedDraft, versions: readonly ProcessVersionRow[]): TriedProcess {
  const own = versions.filter((version) => version.templateCode === code)
  const present: ProcessVersion | null = own.at(-1) ?? null
  const newTasks = draft.stages.filter(({ code: stage, tasks }) => {
    const before = inForce?.stages.find((other) => other.code === stage)?.tasks ?? []
    return tasks.some((task) => !before.some((other) => isSame(other, task)))
  })
  return {
    template: code,
    version: versionOfDraft(draft),
    past: new Map(own.map((version) => [version.id, version])),
    present,
    newTasks: new Set(newTasks.map((stage) => stage.code)),
  }
}
