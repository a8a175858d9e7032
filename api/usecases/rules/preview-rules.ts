import { type ProcessVersionRow, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { countPastDeals, type PastDealRow, selectPastDeals } from '../../../db/queries/past.ts'
import { selectAllRules } from '../../../db/queries/rules.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import type { DealClass } from '../../../shared/domain/funnel.ts'
import { type CohortFigures, cohortFunnel } from '../../../shared/domain/funnel-cohort.ts'
import { startOfDay } from '../../../shared/domain/periods.ts'
import { type Replayed, replayDeal, type Setup } from '../../../shared/domain/simulate.ts'
import type { StatusRule } from '../../../shared/domain/status-rules.ts'
import type { PreviewRulesInput } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { assertSettings } from '../people.ts'
import { toPastDeal } from './past-deal.ts'

const maxDeals = 20_000
const pageSize = 500
const shownDeals = 200

export type RulePreview = {
  readonly statuses: StatusDictionary
  readonly deals: number
  readonly differing: number
  readonly items: readonly { readonly deal: PastDealRow; readonly before: Replayed; readonly after: Replayed }[]
  readonly layers: readonly { readonly statusId: number; readonly before: CohortFigures; readonly after: CohortFigures }[]
  readonly notPlayed: number
}

/**
 * What changed rules, or another status of some stages, would have made of the deals created in a past period: each deal's real past is
 * played by the present setup and by the tried one (`simulate.ts`), and both funnels come from the one pure function. Nothing is written.
 * @throws AppError forbidden, input_invalid (period, unknown stage or status), too_many_deals
 */
export async function previewRules(session: Session, input: PreviewRulesInput): Promise<RulePreview> {
  assertSettings(session)
  const { em, organization } = session
  if (input.from >= input.to) throw new AppError('input_invalid', { problems: 'from < to' })
  const [from, to] = [startOfDay(input.from, organization.timeZone), startOfDay(input.to, organization.timeZone)]
  const count = await countPastDeals(em, from, to)
  if (count > maxDeals) throw new AppError('too_many_deals', { count, most: maxDeals })
  const [statuses, versions, present] = await Promise.all([readStatuses(session), selectProcessVersions(em), selectAllRules(em)])
  const setups = setupsOf({ statuses, versions, present, input })
  const versionById = new Map(versions.map((version) => [version.id, version]))

  const before: DealClass[] = []
  const after: DealClass[] = []
  const differing: { deal: PastDealRow; before: Replayed; after: Replayed }[] = []
  for (let page = await selectPastDeals(em, from, to, 0, pageSize); page.length > 0; ) {
    for (const deal of page) {
      const past = toPastDeal(deal, versionById)
      const played = { before: replayDeal(past, setups.before), after: replayDeal(past, setups.after) }
      const path = deal.runs.find((run) => run.isMain)?.versionId ?? 0
      before.push(classOf(deal, path, played.before, statuses))
      after.push(classOf(deal, path, played.after, statuses))
      if (wayOf(played.before) !== wayOf(played.after)) differing.push({ deal, ...played })
    }
    page = await selectPastDeals(em, from, to, page.at(-1)!.id, pageSize)
  }
  const funnelOf = (classes: readonly DealClass[], setup: Setup) =>
    cohortFunnel({
      statuses: statuses.all.filter((status) => status.mergedIntoId === null),
      paths: pathsOf(versions, setup, statuses),
      classes,
      strict: false,
    })
  const [old, next] = [funnelOf(before, setups.before), funnelOf(after, setups.after)]
  return {
    statuses,
    deals: count,
    differing: differing.length,
    items: differing.sort((a, b) => b.deal.amountMinor - a.deal.amountMinor || a.deal.id - b.deal.id).slice(0, shownDeals),
    layers: old.layers.map((layer, index) => ({ statusId: layer.status.id, before: layer, after: next.layers[index]! })),
    notPlayed: setups.after.rules.filter(({ trigger }) => trigger.kind === 'deal_idle' || trigger.kind === 'deadline_passed')
      .length,
  }
}

type Ingredients = {
  readonly statuses: StatusDictionary
  readonly versions: readonly ProcessVersionRow[]
  readonly present: readonly StatusRule[]
  readonly input: PreviewRulesInput
}

function setupsOf({ statuses, versions, present, input }: Ingredients): { before: Setup; after: Setup } {
  const given = new Map<string, string | null>()
  for (const version of versions)
    for (const stage of version.stages) {
      const id = stage.statusId ?? version.statusId
      given.set(`${version.templateCode} ${stage.code}`, id === null ? null : statuses.resolve(id).code)
    }
  const tried = new Map(given)
  for (const { template, stage, status } of input.stages) {
    if (!tried.has(`${template} ${stage}`)) throw new AppError('not_found', { what: `${template} / ${stage}` })
    tried.set(`${template} ${stage}`, status === null ? null : statuses.find(status).code)
  }
  const find = (code: string) => {
    const found = statuses.all.find((status) => status.code === code)
    return found && statuses.resolve(found.id)
  }
  const setup = (rules: readonly StatusRule[], stages: ReadonlyMap<string, string | null>): Setup => ({
    rules,
    statusOfStage: (template, stage) => stages.get(`${template} ${stage}`) ?? null,
    rankOf: (code) => {
      const status = find(code)
      return status && status.category !== 'lost' && !status.archived ? status.rank : null
    },
    isLost: (code) => find(code)?.category === 'lost',
  })
  const rules = input.rules?.filter((rule) => rule.isActive).map((rule, position) => ({ ...rule, id: position + 1, position }))
  return { before: setup(present, given), after: setup(rules ?? present, tried) }
}

function classOf(deal: PastDealRow, path: number, played: Replayed, statuses: StatusDictionary): DealClass {
  const idOf = (code: string) => statuses.resolve(statuses.find(code).id).id
  const visited = [...new Set(played.visits.map((visit) => idOf(visit.status)))].sort((a, b) => a - b)
  return { path, visited, current: idOf(played.status), count: 1, amountMinor: deal.amountMinor }
}

/** What each version can give under a setup; statuses that only rules set are known from the visits. */
function pathsOf(
  versions: readonly ProcessVersionRow[],
  setup: Setup,
  statuses: StatusDictionary,
): Map<number, readonly number[]> {
  return new Map(
    versions.map((version) => {
      const codes = version.stages.map((stage) => setup.statusOfStage(version.templateCode, stage.code))
      return [version.id, [...new Set(codes.flatMap((code) => (code === null ? [] : statuses.find(code).id)))]]
    }),
  )
}

function wayOf({ visits }: Replayed): string {
  return visits.map((visit) => visit.status).join(' ')
}
