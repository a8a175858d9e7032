import type { CohortFigures } from '../../shared/domain/funnel-cohort.ts'
import type { PreviewFigures, RulePreviewView } from '../../shared/views/processes.ts'
import type { RulePreview } from '../usecases/rules/preview-rules.ts'
import type { Reader } from './deals.ts'

export function presentRulePreview(preview: RulePreview, { locale }: Reader): RulePreviewView {
  const { statuses, deals, differing, notPlayed } = preview
  const viewOf = (code: string) => statuses.view(statuses.find(code).id, locale)
  return {
    deals,
    differing,
    notPlayed,
    items: preview.items.map(({ deal, before, after }) => ({
      number: deal.number,
      title: deal.title,
      amount: { amountMinor: deal.amountMinor, currency: deal.currency },
      before: before.visits.map((visit) => viewOf(visit.status)),
      after: after.visits.map((visit) => viewOf(visit.status)),
    })),
    layers: preview.layers.map(({ statusId, before, after }) => ({
      status: statuses.view(statusId, locale),
      before: figuresOf(before),
      after: figuresOf(after),
    })),
  }
}

function figuresOf({ reached, passed, lost, open, finished }: CohortFigures): PreviewFigures {
  return { reached, passed, lost, open, finished }
}
