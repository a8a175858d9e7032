import { IsolationLevel } from '@mikro-orm/core'
import { selectWorkDays } from '../../../db/queries/calendar.ts'
import { selectCustomFields } from '../../../db/queries/custom-fields.ts'
import { type ProcessVersionRow, selectDealTypes, selectProcessVersions } from '../../../db/queries/dictionaries.ts'
import { countPastDeals, type PastDealRow, selectPastDeals, selectVersionsInForce } from '../../../db/queries/past.ts'
import { selectAllRules } from '../../../db/queries/rules.ts'
import { AppError } from '../../../shared/domain/app-error.ts'
import { factsIn } from '../../../shared/domain/conditions.ts'
import type { DealClass } from '../../../shared/domain/funnel.ts'
import { type CohortFigures, cohortFunnel } from '../../../shared/domain/funnel-cohort.ts'
import { startOfDay } from '../../../shared/domain/periods.ts'
import { isSame } from '../../../shared/domain/same-data.ts'
import { replayDeal } from '../../../shared/domain/simulate.ts'
import type { Unknown } from '../../../shared/domain/simulate-moves.ts'
import type { Replayed, Setup } from '../../../shared/domain/simulate-past.ts'
import type { StatusRule } from '../../../shared/domain/status-rules.ts'
import type { GateWords } from '../../../shared/messages/describe-gate.ts'
import type { PreviewRulesInput } from '../../../shared/schemas/process.ts'
import type { Session } from '../../session.ts'
import { readStatuses, type StatusDictionary } from '../dictionary.ts'
import { assertSettings } from '../people.ts'
import { type PastWords, toPastDeal } from './past-deal.ts'
import { readTriedDraft, setupsOf, type TriedDraft } from './preview-setups.ts'
import { readGateWords } from './words.ts'

const maxDeals = 20_000
const pageSize = 500
const shownDeals = 200

export type RulePreview = {
  readonly statuses: StatusDictionary
  readonly words: GateWords
  /** Names of the tried process's stages, old and new, by code; empty where none is tried. */
  readonly stageNames: ReadonlyMap<string, { readonly ru: string; readonly en: string }>
  readonly total: number
  readonly deals: number
  readonly next: number | null
  readonly differing: number
  readonly items: readonly { readonly deal: PastDealRow; readonly before: Replayed; readonly after: Replayed }[]
  readonly layers: readonly { readonly statusId: number; readonly before: CohortFigures; readonly after: CohortFigures }[]
  readonly refused: number
  /** Moves by stage that could not be played. */
  readonly gone: ReadonlyMap<string, number>
  readonly unknown: readonly (Unknown & { readonly deals: number })[]
}

/**
 * What changed rules, another status of some stages, or a changed process would have made of the deals created in a past period: each deal's
 * real past is played by the present setup and by the tried one (`simulate.ts`), up to now, and both funnels come from the one pure function.
 * With `limit` one part of the deals: counts and sums of the parts add up. Nothing is written: all is read in a transaction that cannot.
 * @throws AppError forbidden, input_invalid (period), not_found (template, draft, stage, status), process_findings, too_many_deals
 */
export async function previewRules(session: Session, input: PreviewRulesInput): Promise<RulePreview> {
  assertSettings(session)
  if (input.from >= input.to) throw new AppError('input_invalid', { problems: 'from < to' })
  return session.em
    .fork()
    .transactional((em) => playAll({ ...session, em }, input), { readOnly: true, isolationLevel: IsolationLevel.REPEATABLE_READ })
}

async function playAll(session: Session, input: PreviewRulesInput): Promise<RulePreview> {
  const { em, organization } = session
  const [from, to] = [startOfDay(input.from, organization.timeZone), startOfDay(input.to, organization.timeZone)]
  const total = await countPastDeals(em, from, to)
  if (input.limit === undefined && total > maxDeals) throw new AppError('too_many_deals', { count: total, most: maxDeals })
  const statuses = await readStatuses(session)
  const versions = await selectProcessVersions(em, await selectVersionsInForce(em))
  const present = await selectAllRules(em)
  const tried = await readTriedDraft(session, input)
  const clock = {
    until: session.now.toISOString(),
    timeZone: organization.timeZone,
    calendar: organization.workCalendar ?? null,
    workDays: await selectWorkDays(em),
  }
  const setups = setupsOf({ statuses, versions, present, input, tried, clock })
  const tally = new Tally(statuses, factsOfNewRules(input, present))
  const words = await readPastWords(session, versions)
  const most = input.limit ?? maxDeals
  let after = input.after ?? 0
  let next: number | null = null
  for (let left = most; left > 0 && next === null; ) {
    const page = await selectPastDeals(em, from, to, after, Math.min(pageSize, left))
    for (const deal of page) {
      const past = toPastDeal(deal, words)
      tally.add(deal, past.unsure, replayDeal(past, setups.before), replayDeal(past, setups.after))
    }
    left -= page.length
    if (page.length === 0) break
    after = page.at(-1)!.id
    if (left === 0 && input.limit !== undefined) next = after
  }
  const funnelOf = (classes: readonly DealClass[], setup: Setup) =>
    cohortFunnel({
      statuses: statuses.live,
      paths: pathsOf(versions, setup, statuses),
      classes,
      strict: false,
    })
  const [old, changed] = [funnelOf(tally.before, setups.before), funnelOf(tally.after, setups.after)]
  return {
    statuses,
    words: await readGateWords(session),
    stageNames: stageNames(tried, versions),
    total,
    deals: tally.before.length,
    next,
    differing: tally.differing.length,
    items: tally.differing
      .sort((a, b) => b.deal.baseAmountMinor - a.deal.baseAmountMinor || a.deal.id - b.deal.id)
      .slice(0, shownDeals),
    layers: old.layers.map((layer, index) => ({ statusId: layer.status.id, before: layer, after: changed.layers[index]! })),
    refused: tally.refused,
    gone: tally.gone,
    unknown: [...tally.unknown.values()],
  }
}

async function readPastWords({ em }: Session, versions: readonly ProcessVersionRow[]): Promise<PastWords> {
  const types = new Map((await selectDealTypes(em)).map(({ id, code }) => [id, code]))
  const fields = await selectCustomFields(em)
  return {
    versions: new Map(versions.map((version) => [version.id, version])),
    kinds: new Map(fields.map(({ typeId, code, kind }) => [`${types.get(typeId)} ${code}`, kind])),
  }
}

/** Facts that the conditions of rules ask about which are not in force as they stand. */
function factsOfNewRules({ rules = [] }: PreviewRulesInput, present: readonly StatusRule[]): readonly string[] {
  const isKnown = (rule: (typeof rules)[number]) =>
    present.some((one) => isSame(one.trigger, rule.trigger) && isSame(one.condition, rule.condition))
  return [...new Set(rules.filter((rule) => rule.isActive && !isKnown(rule)).flatMap(({ condition }) => factsIn(condition)))]
}

/** What the plays of all deals come to. */
class Tally {
  readonly before: DealClass[] = []
  readonly after: DealClass[] = []
  readonly differing: { deal: PastDealRow; before: Replayed; after: Replayed }[] = []
  readonly gone = new Map<string, number>()
  readonly unknown = new Map<string, Unknown & { readonly deals: number }>()
  refused = 0
  readonly #statuses: StatusDictionary
  readonly #factsAsked: readonly string[]

  constructor(statuses: StatusDictionary, factsAsked: readonly string[]) {
    this.#statuses = statuses
    this.#factsAsked = factsAsked
  }

  add(deal: PastDealRow, unsure: ReadonlySet<string>, before: Replayed, after: Replayed): void {
    const path = deal.runs.find((run) => run.isMain)?.versionId ?? 0
    this.before.push(classOf(deal, path, before, this.#statuses))
    this.after.push(classOf(deal, path, after, this.#statuses))
    if (wayOf(before) !== wayOf(after) || after.refused.length > 0) this.differing.push({ deal, before, after })
    this.refused += after.refused.length
    for (const stage of after.gone) this.gone.set(stage, (this.gone.get(stage) ?? 0) + 1)
    const asked = this.#factsAsked.filter((fact) => unsure.has(fact)).map((what) => ({ kind: 'fact', what }) as const)
    const met = new Map([...after.unknown, ...asked].map((one) => [`${one.kind} ${one.what}`, one]))
    for (const [key, one] of met) this.unknown.set(key, { ...one, deals: (this.unknown.get(key)?.deals ?? 0) + 1 })
  }
}

function classOf(deal: PastDealRow, path: number, played: Replayed, statuses: StatusDictionary): DealClass {
  const idOf = (code: string) => statuses.resolve(statuses.find(code).id).id
  const visited = [...new Set(played.visits.map((visit) => idOf(visit.status)))].sort((a, b) => a - b)
  return { path, visited, current: idOf(played.status), count: 1, amountMinor: deal.baseAmountMinor }
}

/** What each version can give under a setup, a tried process in the place of all its versions; statuses that only rules set are known from the visits. */
function pathsOf(
  versions: readonly ProcessVersionRow[],
  setup: Setup,
  statuses: StatusDictionary,
): Map<number, readonly number[]> {
  return new Map(
    versions.map((version) => {
      const { stages } = setup.tried?.template === version.templateCode ? setup.tried.version : version
      const codes = stages.map((stage) => setup.statusOfStage(version.templateCode, stage.code))
      return [version.id, [...new Set(codes.flatMap((code) => (code === null ? [] : statuses.find(code).id)))]]
    }),
  )
}

function stageNames(tried: TriedDraft | null, versions: readonly ProcessVersionRow[]): RulePreview['stageNames'] {
  const own = versions.filter((version) => version.templateCode === tried?.code).flatMap(({ stages }) => stages)
  return new Map([...own, ...(tried?.draft.stages ?? [])].map(({ code, names }) => [code, names]))
}

/** The statuses in their order, and where it all came to. */
function wayOf({ visits, stage }: Replayed): string {
  return [...visits.map((visit) => visit.status), '|', stage].join(' ')
}
