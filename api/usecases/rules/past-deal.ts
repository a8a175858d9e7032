import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import type { PastDealRow } from '../../../db/queries/past.ts'
import type { Facts } from '../../../shared/domain/conditions.ts'
import type { DealEventBody } from '../../../shared/domain/events.ts'
import { type DocumentState, factOfField } from '../../../shared/domain/facts.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import type { PastDeal, PastStep } from '../../../shared/domain/simulate-past.ts'
import { type FieldKinds, factsAfter, firstFacts, inBase, unsureFacts } from './past-facts.ts'

/** What the past of deals is read by: all versions, by id and by template and number, and the kinds of custom fields. */
export type PastWords = {
  readonly versions: ReadonlyMap<number, ProcessVersionRow>
  readonly kinds: FieldKinds
}

/**
 * A deal's history as steps to be played again. Facts at the creation are today's with the recorded edits taken back; documents, payments,
 * decisions and tasks come in as they were recorded. What has no history is taken as it is today and named in `unsure`.
 */
export function toPastDeal(row: PastDealRow, words: PastWords): PastDeal {
  const created = row.events.map(({ body }) => body).find(({ kind }) => kind === 'deal_created' || kind === 'deal_imported')
  const main = row.runs.find((run) => run.isMain)
  const moved = row.events.find(({ body }) => body.kind === 'stage_entered' && body.runId === main?.id)?.body
  const version = main && firstVersionOf(main.id, row, words)
  const stage = (moved?.kind === 'stage_entered' && moved.from?.code) || version?.stages[0]?.code
  // An imported deal did not begin at the start of the process.
  const begins = created?.kind === 'deal_created' && version && stage
  return {
    id: row.id,
    type: row.type,
    firstStatus: created && 'status' in created ? created.status.code : '',
    createdAt: row.createdAt.toISOString(),
    facts: firstFacts(row, words.kinds),
    unsure: unsureFacts(row),
    isLead: row.isLead,
    start: begins ? { run: main!.id, template: version.templateCode, stage } : null,
    steps: new History(row, words).steps(),
    tasks: row.tasks.map(({ runId, from, until, isCancelled }) => ({
      run: runId,
      from: Date.parse(from),
      until: until === null ? null : Date.parse(until),
      isCancelled,
    })),
  }
}

/** The version a run began on: today's, unless it was moved from another since. */
function firstVersionOf(runId: number, row: PastDealRow, { versions }: PastWords): ProcessVersionRow | undefined {
  const now = versions.get(row.runs.find(({ id }) => id === runId)?.versionId ?? 0)
  const mapped = row.events.find(({ body }) => body.kind === 'stage_entered' && body.runId === runId && body.versions)?.body
  return mapped?.kind === 'stage_entered' && mapped.versions && now ? numbered(versions, now, mapped.versions.from) : now
}

function numbered(versions: PastWords['versions'], { templateId }: ProcessVersionRow, number: number) {
  return [...versions.values()].find((version) => version.templateId === templateId && version.number === number)
}

type Body<Kind extends DealEventBody['kind']> = Extract<DealEventBody, { kind: Kind }>

/** Reads the events of one deal in their order. */
class History {
  readonly #row: PastDealRow
  readonly #words: PastWords
  readonly #versions = new Map<number, ProcessVersionRow | undefined>()
  readonly #documents = new Map<number, { readonly type: string; readonly state: DocumentState }>()
  #paidMinor = 0

  constructor(row: PastDealRow, words: PastWords) {
    this.#row = row
    this.#words = words
    for (const { id } of row.runs) this.#versions.set(id, firstVersionOf(id, row, words))
  }

  steps(): PastStep[] {
    // What rules did when time woke them carries its instant, and leaves the quiet spell as it is.
    const wakings = new Set(this.#row.events.flatMap(({ body, at }) => (body.kind === 'time_passed' ? [at] : [])))
    return this.#row.events.flatMap(({ body, at }) => {
      const step = this.#stepOf(body, at)
      return step ? [wakings.has(at) ? { ...step, isEcho: true } : step] : []
    })
  }

  #stepOf(body: DealEventBody, at: string): PastStep | null {
    switch (body.kind) {
      case 'stage_entered':
        return this.#stage(body, at)
      case 'status_changed':
        if (body.cause.kind === 'stage' || body.cause.kind === 'rule') return null
        return { kind: 'status', at, status: body.to.code, held: body.held === true }
      case 'deal_lost':
      case 'deal_reopened':
        return { kind: 'status', at, status: body.to.code, held: false }
      case 'status_held':
        return { kind: 'hold', at, held: true }
      case 'hold_lifted':
        return { kind: 'hold', at, held: false }
      case 'deal_edited': {
        const became = factsAfter(body.changes, this.#row, this.#words.kinds)
        return { kind: 'facts', at, became, heard: body.changes.flatMap(({ field }) => factOfField(field) ?? []) }
      }
      case 'deal_reassigned':
        return { kind: 'facts', at, became: { owner: String(body.to.id) }, heard: [] }
      case 'document_changed':
        return this.#document(body, at)
      case 'payment_recorded':
        return this.#payment(body, at)
      case 'approval_given':
        return { kind: 'approval', at, run: body.runId, role: body.role, approved: body.approved }
      case 'process_started':
        return this.#started(body, at)
      case 'process_cancelled':
        return { kind: 'cancelled', at, run: body.runId, template: body.template.code }
      case 'participants_changed':
      case 'change_undone':
        // Nothing that rules hear of, but a change of the deal; a comment is none.
        return { kind: 'facts', at, became: {}, heard: [] }
      default:
        return null
    }
  }

  #stage({ runId, from, to, versions: moved }: Body<'stage_entered'>, at: string): PastStep | null {
    const run = this.#row.runs.find((one) => one.id === runId)
    const before = this.#versions.get(runId)
    const version = moved && before ? numbered(this.#words.versions, before, moved.to) : before
    const stage = version?.stages.find((one) => one.code === to.code)
    if (!run || !version || !stage) return null
    this.#versions.set(runId, version)
    return {
      kind: 'stage',
      at,
      run: runId,
      template: version.templateCode,
      from: from?.code ?? null,
      to: stage.code,
      isMain: run.isMain,
      isLast: isLastStage(version, stage.id),
      versionId: version.id,
      isMapped: moved !== undefined,
    }
  }

  #started({ runId, template }: Body<'process_started'>, at: string): PastStep {
    const version = this.#versions.get(runId)
    const first = version?.stages[0]
    if (!version || !first) return { kind: 'heard', at, event: { kind: 'process_started', template: template.code }, became: {} }
    const isLast = isLastStage(version, first.id)
    return { kind: 'began', at, run: runId, template: template.code, stage: first.code, isLast }
  }

  #document({ documentId, type, state, changes }: Body<'document_changed'>, at: string): PastStep {
    this.#documents.set(documentId, { type: type.code, state })
    const became: Facts = { [`document.${type.code}`]: this.#furthest(type.code) }
    // Rules hear of states only.
    if (changes) return { kind: 'facts', at, became, heard: [] }
    return { kind: 'heard', at, event: { kind: 'document_changed', documentType: type.code, state }, became }
  }

  /** The state of a type's documents that counts: the furthest; void ones do not. */
  #furthest(type: string): DocumentState | null {
    const order: readonly DocumentState[] = ['rejected', 'draft', 'on_approval', 'approved', 'signed']
    const states = [...this.#documents.values()].filter((document) => document.type === type).map(({ state }) => state)
    return order.findLast((state) => states.includes(state)) ?? null
  }

  #payment({ type, amountMinor, voided, isFull: full }: Body<'payment_recorded'>, at: string): PastStep {
    this.#paidMinor += voided ? -amountMinor : amountMinor
    const isFull = full === true
    const became = { paidAmount: inBase(this.#paidMinor, this.#row), [`paid.${type.code}`]: isFull }
    if (voided) return { kind: 'facts', at, became, heard: [] }
    return { kind: 'heard', at, event: { kind: 'payment_received', documentType: type.code, isFull }, became }
  }
}
