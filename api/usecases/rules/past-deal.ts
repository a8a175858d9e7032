import type { ProcessVersionRow } from '../../../db/queries/dictionaries.ts'
import type { PastDealRow } from '../../../db/queries/past.ts'
import type { Facts } from '../../../shared/domain/conditions.ts'
import type { DealEventBody } from '../../../shared/domain/events.ts'
import { factOfField } from '../../../shared/domain/facts.ts'
import { isLastStage } from '../../../shared/domain/process.ts'
import type { PastDeal, PastStep } from '../../../shared/domain/simulate.ts'

/**
 * A deal's history as steps to be played again. Facts at the creation are today's with the recorded edits taken back (title, amount, expected
 * close, owner); documents and payments come in as they were recorded. What has no history is taken as it is today: client, requisites,
 * department, custom fields, labels.
 */
export function toPastDeal(row: PastDealRow, versions: ReadonlyMap<number, ProcessVersionRow>): PastDeal {
  const bodies = row.events.map(({ body }) => body)
  const created = bodies.find((body) => body.kind === 'deal_created' || body.kind === 'deal_imported')
  const mainRun = row.runs.find((run) => run.isMain)
  const main = mainRun && versions.get(mainRun.versionId)
  const moved = bodies.find((body) => body.kind === 'stage_entered' && body.runId === mainRun?.id)
  const firstStage = (moved?.kind === 'stage_entered' && moved.from?.code) || main?.stages[0]?.code
  // An imported deal did not begin at the start of the process.
  const begins = created?.kind === 'deal_created' && main && firstStage
  return {
    id: row.id,
    type: row.type,
    firstStatus: created && 'status' in created ? created.status.code : '',
    createdAt: row.createdAt.toISOString(),
    facts: firstFacts(row, bodies),
    start: begins ? { template: main.templateCode, stage: firstStage } : null,
    steps: stepsOf(row, versions),
  }
}

function firstFacts(row: PastDealRow, bodies: readonly DealEventBody[]): Facts {
  const facts: Record<string, Facts[string]> = {
    type: row.type,
    amount: row.amountMinor,
    currency: row.currency,
    title: row.title,
    counterparty: row.counterpartyId === null ? null : String(row.counterpartyId),
    contact: row.hasContact,
    requisitesComplete: row.requisitesComplete,
    department: row.departmentIds.map(String),
    owner: String(row.ownerId),
    expectedCloseOn: row.expectedCloseOn,
    tags: row.tags,
    isLinked: row.isLinked,
    paidAmount: 0,
    openTasks: 0,
    ...Object.fromEntries(Object.entries(row.fields).map(([code, value]) => [`field.${code}`, value])),
  }
  for (const body of bodies.toReversed()) {
    if (body.kind === 'deal_reassigned') facts['owner'] = String(body.from.id)
    if (body.kind !== 'deal_edited') continue
    for (const { field, before } of body.changes) {
      const fact = factOf(field)
      if (fact !== null) facts[fact] = before
    }
  }
  return facts
}

/** Fields whose recorded values are the facts themselves. */
function factOf(field: string): string | null {
  if (field === 'amountMinor') return 'amount'
  return field === 'title' || field === 'expectedCloseOn' ? field : null
}

function stepsOf(row: PastDealRow, versions: ReadonlyMap<number, ProcessVersionRow>): PastStep[] {
  let paidMinor = 0
  return row.events.flatMap(({ body, at }): PastStep[] => {
    switch (body.kind) {
      case 'stage_entered': {
        const run = row.runs.find((one) => one.id === body.runId)
        const version = run && versions.get(run.versionId)
        const stage = version?.stages.find((one) => one.code === body.to.code)
        if (!run || !version || !stage) return []
        const isLast = isLastStage(version, stage.id)
        return [
          {
            kind: 'stage',
            at,
            template: version.templateCode,
            from: body.from?.code ?? null,
            to: stage.code,
            isMain: run.isMain,
            isLast,
          },
        ]
      }
      case 'status_changed':
        return body.cause.kind === 'stage' || body.cause.kind === 'rule'
          ? []
          : [{ kind: 'status', at, status: body.to.code, held: body.held === true }]
      case 'deal_lost':
      case 'deal_reopened':
        return [{ kind: 'status', at, status: body.to.code, held: false }]
      case 'status_held':
        return [{ kind: 'hold', at, held: true }]
      case 'hold_lifted':
        return [{ kind: 'hold', at, held: false }]
      case 'deal_edited': {
        const became = Object.fromEntries(
          body.changes.flatMap(({ field, after }) => {
            const fact = factOf(field)
            return fact === null ? [] : [[fact, after]]
          }),
        )
        return [{ kind: 'facts', at, became, heard: body.changes.flatMap(({ field }) => factOfField(field) ?? []) }]
      }
      case 'deal_reassigned':
        return [{ kind: 'facts', at, became: { owner: String(body.to.id) }, heard: [] }]
      case 'document_changed': {
        const { type, state } = body
        const event = { kind: 'document_changed', documentType: type.code, state } as const
        return [{ kind: 'heard', at, event, became: { [`document.${type.code}`]: state } }]
      }
      case 'payment_recorded': {
        paidMinor += body.voided ? -body.amountMinor : body.amountMinor
        const isFull = body.isFull === true
        const became = { paidAmount: paidMinor, [`paid.${body.type.code}`]: isFull }
        if (body.voided) return [{ kind: 'facts', at, became, heard: [] }]
        return [{ kind: 'heard', at, event: { kind: 'payment_received', documentType: body.type.code, isFull }, became }]
      }
      case 'process_started': {
        const event = { kind: 'process_started', template: body.template.code } as const
        return [{ kind: 'heard', at, event, became: {} }]
      }
      case 'process_cancelled': {
        const event = { kind: 'process_cancelled', template: body.template.code } as const
        return [{ kind: 'heard', at, event, became: {} }]
      }
      default:
        return []
    }
  })
}
