import type { CohortFigures } from '../../shared/domain/funnel-cohort.ts'
import type { RefusedMove } from '../../shared/domain/simulate-past.ts'
import { describeRequirement, describeRole } from '../../shared/messages/describe-gate.ts'
import type { Role } from '../../shared/views/common.ts'
import type { PreviewDealView, PreviewFigures, RulePreviewView } from '../../shared/views/processes.ts'
import type { RulePreview } from '../usecases/rules/preview-rules.ts'
import type { Reader } from './deals.ts'

export function presentRulePreview(preview: RulePreview, { locale }: Reader): RulePreviewView {
  const { statuses, total, deals, next, differing, refused, words } = preview
  const viewOf = (code: string) => statuses.view(statuses.find(code).id, locale)
  const stageOf = (code: string) => preview.stageNames.get(code)?.[locale] ?? code
  return {
    total,
    deals,
    next,
    differing,
    refused,
    items: preview.items.map(
      ({ deal, before, after }): PreviewDealView => ({
        number: deal.number,
        title: deal.title,
        amount: { amountMinor: deal.amountMinor, currency: deal.currency },
        before: before.visits.map((visit) => viewOf(visit.status)),
        after: after.visits.map((visit) => viewOf(visit.status)),
        stage: { before: before.stage && stageOf(before.stage), after: after.stage && stageOf(after.stage) },
        refused: heldBack(after.refused),
      }),
    ),
    layers: preview.layers.map(({ statusId, before, after }) => ({
      status: statuses.view(statusId, locale),
      before: figuresOf(before),
      after: figuresOf(after),
    })),
    gone: [...preview.gone].map(([code, moves]) => ({ code, name: stageOf(code), moves })),
    unknown: preview.unknown.map(({ kind, what, deals: met }) => ({ kind, name: nameOf(kind, what), deals: met })),
  }

  /** Each thing that held a deal back, once: later moves were held back by the same. */
  function heldBack(moves: readonly RefusedMove[]): PreviewDealView['refused'] {
    const said = moves.map(({ at, from, to, requirements }) => ({
      at: new Date(at).toISOString(),
      from: stageOf(from),
      to: stageOf(to),
      why: requirements.map((requirement) => describeRequirement(requirement, locale, words)),
    }))
    const keyOf = ({ from, to, why }: (typeof said)[number]) => [from, to, ...why].join(' ')
    return said.filter((move, index) => said.findIndex((other) => keyOf(other) === keyOf(move)) === index)
  }

  function nameOf(kind: RulePreview['unknown'][number]['kind'], what: string): string {
    switch (kind) {
      case 'fact':
        return words.fact(what)
      case 'approval':
        return describeRole(what as Role, locale)
      case 'tasks':
        return stageOf(what)
    }
  }
}

function figuresOf({ reached, passed, lost, open, finished, amountMinor }: CohortFigures): PreviewFigures {
  return { reached, passed, lost, open, finished, reachedMinor: amountMinor.reached }
}
