import type { ProcessVersionRow } from '../../db/queries/dictionaries.ts'
import type { ProcessTemplateView } from '../../shared/views/dictionaries.ts'
import type { MigrationView, ProcessTemplateCardView } from '../../shared/views/processes.ts'
import type { Migration } from '../usecases/processes/migrate-runs.ts'
import type { TemplateCard, TemplateList } from '../usecases/processes/templates.ts'
import type { Reader } from './deals.ts'
import { presentProcessTemplates } from './dictionaries.ts'

/** What everybody sees, or with `all` what administrators edit. */
export function presentTemplates(
  list: TemplateList,
  reader: Reader,
): { items: (ProcessTemplateView | ProcessTemplateCardView)[] } {
  return list.all ? { items: list.cards.map((card) => presentTemplate(card, reader)) } : presentProcessTemplates(list, reader)
}

export function presentTemplate({ template, published, draft, running }: TemplateCard, reader: Reader): ProcessTemplateCardView {
  const { id, code, names, version, archived, publishedAt, dealTypes } = template
  return {
    id,
    code,
    name: names[reader.locale],
    names,
    version,
    archived,
    published: published && {
      number: published.version.number,
      publishedAt: publishedAt?.toISOString() ?? '',
      body: published.body,
    },
    draft: draft && { number: draft.version.number, body: draft.body, findings: draft.findings },
    running: running.map((one) => ({ number: one.version.number, runs: one.runs, stages: codedStages(one.version, reader) })),
    dealTypes: dealTypes.map((type) => ({ id: type.id, code: type.code, name: type.names[reader.locale] })),
  }
}

export function presentMigration({ moved, stages, dryRun }: Migration, reader: Reader): MigrationView {
  const coded = (stage: ProcessVersionRow['stages'][number]) => ({
    id: stage.id,
    code: stage.code,
    name: stage.names[reader.locale],
  })
  return {
    moved,
    dryRun,
    unmapped: stages.filter(({ to, runs }) => to === null && runs > 0).map(({ from }) => coded(from)),
    stages: stages.map(({ from, to, runs, statusChanges }) => ({ from: coded(from), to: to && coded(to), runs, statusChanges })),
  }
}

function codedStages(version: ProcessVersionRow, reader: Reader) {
  return version.stages.map((stage) => ({ id: stage.id, code: stage.code, name: stage.names[reader.locale] }))
}
