import type { Words } from '../../../../shared/domain/status-rules.ts'
import type { ProcessDraft, StageDraft } from '../../../../shared/schemas/process.ts'
import type { CodedView, Locale } from '../../../../shared/views/common.ts'

/** What the editor does to a draft. Pure: each step gives a new draft; ways along the chain of stages follow the stages. */
export type WayDraft = StageDraft['ways'][number]

/** A process that works as it stands: two stages and the ways between them. @param statuses codes for the first and the last stage */
export function blankDraft(
  names: Words,
  stageNames: readonly [Words, Words],
  statuses: readonly [string | null, string | null],
): ProcessDraft {
  const stages = stageNames.map((stage, index) => ({
    ...blankStage(`stage-${index + 1}`, stage),
    status: statuses[index] ?? null,
  }))
  const [first, last] = stages as [StageDraft, StageDraft]
  return {
    names: { ...names },
    status: null,
    stages: [
      { ...first, ways: [{ to: last.code }] },
      { ...last, ways: [{ to: first.code }] },
    ],
  }
}

function blankStage(code: string, names: Words): StageDraft {
  return { code, names: { ...names }, status: null, timeLimitHours: null, gates: [], tasks: [], ways: [] }
}

/** `stage-6`: a code that no stage of these has or had, so that old and new versions are never taken for one another. */
export function freeStageCode(stages: readonly { readonly code: string }[]): string {
  const numbers = stages.map(({ code }) => Number(/^stage-(\d+)$/.exec(code)?.[1] ?? 0))
  return `stage-${Math.max(stages.length, ...numbers) + 1}`
}

/** Puts a new stage at a place; the ways between its neighbours lead through it from now on. It gives the status of the stage before. */
export function addStage(draft: ProcessDraft, at: number, code: string, names: Words): ProcessDraft {
  const [before, after] = [draft.stages[at - 1], draft.stages[at]]
  const ways = [...(after ? [{ to: after.code }] : []), ...(before ? [{ to: before.code }] : [])]
  const added: StageDraft = { ...blankStage(code, names), status: before?.status ?? after?.status ?? null, ways }
  const stages = draft.stages.map((stage) => {
    if (stage === before) return { ...stage, ways: throughNew(stage.ways, after?.code, code) }
    if (stage === after && !before) return { ...stage, ways: [...stage.ways, { to: code }] }
    if (stage === after)
      return { ...stage, ways: stage.ways.map((way) => (way.to === before?.code ? { ...way, to: code } : way)) }
    return stage
  })
  return { ...draft, stages: [...stages.slice(0, at), added, ...stages.slice(at)] }
}

function throughNew(ways: readonly WayDraft[], after: string | undefined, code: string): WayDraft[] {
  const led = ways.map((way) => (way.to === after ? { ...way, to: code } : way))
  return led.some((way) => way.to === code) ? led : [{ to: code }, ...led]
}

export function changeStage(draft: ProcessDraft, code: string, changes: Partial<StageDraft>): ProcessDraft {
  return { ...draft, stages: draft.stages.map((stage) => (stage.code === code ? { ...stage, ...changes } : stage)) }
}

/** Takes a stage out; its neighbours are joined where both had ways to it or from it. */
export function removeStage(draft: ProcessDraft, code: string): ProcessDraft {
  const at = draft.stages.findIndex((stage) => stage.code === code)
  const removed = draft.stages[at]
  const [before, after] = [draft.stages[at - 1], draft.stages[at + 1]]
  if (!removed) return draft
  const leadsTo = (target: StageDraft | undefined): boolean =>
    target !== undefined && removed.ways.some((way) => way.to === target.code)
  const instead = (stage: StageDraft): string | null =>
    stage === before && leadsTo(after) ? after!.code : stage === after && leadsTo(before) ? before!.code : null
  const stages = draft.stages
    .filter((stage) => stage !== removed)
    .map((stage) => {
      const target = instead(stage)
      const ways = stage.ways.flatMap((way) => (way.to !== code ? [way] : target ? [{ ...way, to: target }] : []))
      return { ...stage, ways: eachOnce(ways) }
    })
  return { ...draft, stages }
}

/** Moves a stage to another place. Ways to the next and to the previous stage are led to the new neighbours, others stay as they are. */
export function moveStage(draft: ProcessDraft, from: number, to: number): ProcessDraft {
  const moved = draft.stages[from]
  if (!moved || from === to || to < 0 || to >= draft.stages.length) return draft
  const order = draft.stages.filter((stage) => stage !== moved)
  order.splice(to, 0, moved)
  const stages = order.map((stage, index) => {
    const was = draft.stages.indexOf(stage)
    const [wasNext, wasBefore] = [draft.stages[was + 1], draft.stages[was - 1]]
    const wayTo = (target: StageDraft | undefined): WayDraft | undefined => stage.ways.find((way) => way.to === target?.code)
    const others = stage.ways.filter((way) => way.to !== wasNext?.code && way.to !== wasBefore?.code)
    // The ends of the chain had nothing to lead to on that side; in the middle they need it.
    const onward = led(wasNext ? wayTo(wasNext) : { to: '' }, order[index + 1])
    const backward = led(wasBefore ? wayTo(wasBefore) : { to: '' }, order[index - 1])
    return { ...stage, ways: eachOnce([...onward, ...others, ...backward]) }
  })
  return { ...draft, stages }
}

function led(way: WayDraft | undefined, target: StageDraft | undefined): WayDraft[] {
  return way && target ? [{ ...way, to: target.code }] : []
}

function eachOnce(ways: readonly WayDraft[]): WayDraft[] {
  return ways.filter((way, index) => ways.findIndex((other) => other.to === way.to) === index)
}

/** A name in the language, or in the other where it has none. */
export function nameOf(names: Words, locale: Locale): string {
  return names[locale].trim() || names[locale === 'ru' ? 'en' : 'ru'].trim()
}

/** Both languages, what is empty taken from the other. */
export function bothNames(names: Words): { ru: string; en: string } {
  return { ru: nameOf(names, 'ru'), en: nameOf(names, 'en') }
}

/** The draft as it is sent: names in both languages, no empty names of ways, no conditions that always hold. */
export function tidyDraft(draft: ProcessDraft): ProcessDraft {
  return {
    ...draft,
    names: bothNames(draft.names),
    stages: draft.stages.map((stage) => ({
      ...stage,
      names: bothNames(stage.names),
      tasks: stage.tasks.map((task) => ({ ...task, title: bothNames(task.title) })),
      ways: stage.ways.map(({ to, names, condition }) => ({
        to,
        ...(names && nameOf(names, 'ru') ? { names: bothNames(names) } : {}),
        ...(condition && !('all' in condition && condition.all.length === 0) ? { condition } : {}),
      })),
    })),
  }
}

/** Where deals of an old stage would go: to the stage of the same code, else of the same name; stages without one are left out. */
export function suggestStages(old: readonly CodedView[], draft: ProcessDraft): Record<string, string> {
  return Object.fromEntries(
    old.flatMap(({ code, name }) => {
      const found =
        draft.stages.find((stage) => stage.code === code) ??
        draft.stages.find((stage) => stage.names.ru === name || stage.names.en === name)
      return found ? [[code, found.code]] : []
    }),
  )
}
