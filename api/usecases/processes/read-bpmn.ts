import { AppError } from '../../../shared/domain/app-error.ts'
import type { Condition } from '../../../shared/domain/conditions.ts'
import { type ProcessDraft, ProcessDraftField } from '../../../shared/schemas/process.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { parseFlow, type TaskBranch, type TaskFlow } from './bpmn-flow.ts'
import { type BpmnElement, createModdle, xmlText } from './bpmn-model.ts'

type Names = { readonly ru: string; readonly en: string }
type Kept = Readonly<Record<string, unknown>>

/**
 * A simple BPMN 2.0 process as a draft: tasks become stages, exclusive gateways the ways between them, an end that a task comes to beside other ways
 * forward becomes a stage of its own. A file of our own gives back all that it was made from; in a foreign one, a condition's text becomes the
 * name of the way, because it cannot be asked of deals.
 * @throws AppError bpmn_invalid for what is no BPMN, bpmn_unsupported naming the element that goes beyond this
 */
export async function readBpmn(xml: string, locale: Locale): Promise<ProcessDraft> {
  const flow = parseFlow(await parseXml(xml))
  const tasks = inOrder(flow)
  const codes = codesFor(tasks.map((task) => ({ element: task, kept: keptOf(task, 'voronka:Stage') })))
  const drafted = tasks.map((task) => ({ task, branches: flow.branches.get(task) ?? [] }))
  const ends = endStages(drafted, tasks, codes)
  const stages = drafted.map(({ task, branches }) => {
    const { order: _order, ...kept } = keptOf(task, 'voronka:Stage') ?? {}
    const empty = { status: null, timeLimitHours: null, gates: [], tasks: [] }
    return {
      ...empty,
      ...kept,
      code: codes.get(task),
      names: namesOf(task.name, kept['names'] as Names | undefined, String(codes.get(task))),
      ways: waysOf(branches, (target) => codes.get(target)),
    }
  })
  const { status = null, names } = keptOf(flow.process, 'voronka:Process') ?? {}
  const draft = {
    names: namesOf(flow.process.name, names as Names | undefined, locale === 'ru' ? 'Процесс' : 'Process'),
    status,
    stages: [...stages, ...ends.map((end) => endStage(end, String(codes.get(end)), locale))],
  }
  const checked = ProcessDraftField.safeParse(draft)
  if (checked.success) return checked.data
  const [issue] = checked.error.issues
  throw new AppError('bpmn_invalid', { why: `${issue?.path.join('.')}: ${issue?.message}` })
}

/** No document type, so no entities, is ever read. */
async function parseXml(xml: string): Promise<BpmnElement> {
  if (/<!(doctype|entity)/i.test(xml)) throw new AppError('bpmn_invalid', { why: 'DOCTYPE' })
  const moddle = await createModdle()
  const read = await moddle.fromXML(xml).catch((error: Error) => {
    throw new AppError('bpmn_invalid', { why: firstLine(error.message) })
  })
  const [warning] = read.warnings
  if (warning) throw new AppError('bpmn_invalid', { why: firstLine(warning.message) })
  return read.rootElement as BpmnElement
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim().slice(0, 200) ?? ''
}

/** In the order that our own file remembers; else along the flow, so that only real returns lead back. */
function inOrder(flow: TaskFlow): readonly BpmnElement[] {
  const places = new Map(flow.tasks.map((task) => [task, Number(keptOf(task, 'voronka:Stage')?.['order'] ?? Number.NaN)]))
  const remembered = [...flow.tasks].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  // An editor may have added tasks, or begun elsewhere.
  if ([...places.values()].every((place) => Number.isInteger(place)) && (remembered[0] ?? null) === flow.first) return remembered
  const done: BpmnElement[] = []
  const met = new Set<BpmnElement>()
  // Depth first without recursion: a file may be one long chain. What is left last comes first.
  const visit = (from: BpmnElement): void => {
    const path = [{ task: from, next: 0 }]
    met.add(from)
    for (let at = path.at(-1); at; at = path.at(-1)) {
      const targets = (flow.branches.get(at.task) ?? []).map(({ target }) => target).reverse()
      const target = targets[at.next++]
      if (target === undefined) done.unshift((path.pop() as typeof at).task)
      else if (flow.tasks.includes(target) && !met.has(target)) {
        met.add(target)
        path.push({ task: target, next: 0 })
      }
    }
  }
  if (flow.first) visit(flow.first)
  return [...done, ...flow.tasks.filter((task) => !met.has(task))]
}

type Drafted = { readonly task: BpmnElement; readonly branches: readonly TaskBranch[] }

/** Ends that a task comes to beside other ways forward: those are outcomes, and so stages. Codes are given to them, others have none. */
function endStages(
  drafted: readonly Drafted[],
  tasks: readonly BpmnElement[],
  codes: Map<BpmnElement, string>,
): readonly BpmnElement[] {
  const ends = new Set<BpmnElement>()
  for (const { task, branches } of drafted) {
    const goesOn = branches.some(({ target }) => tasks.indexOf(target) > tasks.indexOf(task))
    for (const { target } of branches) if (goesOn && !tasks.includes(target)) ends.add(target)
  }
  for (const end of ends) codes.set(end, freeCode(end.id ?? 'end', new Set(codes.values())))
  return [...ends]
}

function endStage(end: BpmnElement, code: string, locale: Locale) {
  const name = namesOf(end.name, undefined, locale === 'ru' ? 'Завершено' : 'Finished')
  return { code, names: name, status: null, timeLimitHours: null, gates: [], tasks: [], ways: [] }
}

function codesFor(given: readonly { readonly element: BpmnElement; readonly kept: Kept | null }[]): Map<BpmnElement, string> {
  const codes = new Map<BpmnElement, string>()
  for (const { element, kept } of given) {
    const wanted = typeof kept?.['code'] === 'string' ? kept['code'] : (element.id ?? 'stage')
    codes.set(element, freeCode(wanted, new Set(codes.values())))
  }
  return codes
}

/** As it is where it may be a code and is free: a task copied in an editor keeps what we wrote into it. */
function freeCode(wanted: string, taken: ReadonlySet<string>): string {
  const base =
    wanted
      .replace(/[^a-z0-9_-]/gi, '_')
      .replace(/^[_-]+/, '')
      .slice(0, 56) || 'stage'
  const exact = /^[a-z0-9][a-z0-9_-]{0,59}$/i.test(wanted) ? wanted : base
  if (!taken.has(exact)) return exact
  for (let number = 2; ; number++) if (!taken.has(`${base}_${number}`)) return `${base}_${number}`
}

/** One way to each stage: branches that come to the same one are ways of the same kind. Ends without a code are none. */
function waysOf(branches: readonly TaskBranch[], codeOf: (target: BpmnElement) => string | undefined) {
  const ways = new Map<string, { to: string; names?: Names | null; condition?: Condition | null; order: number }>()
  for (const [index, { target, flows }] of branches.entries()) {
    const to = codeOf(target)
    if (to === undefined) continue
    const way = wayOf(flows, index)
    const same = ways.get(to)
    if (!same) ways.set(to, { to, ...way })
    else if (same.condition && way.condition) same.condition = { any: [same.condition, way.condition] }
    else same.condition = null
  }
  return [...ways.values()].sort((a, b) => a.order - b.order).map(({ order: _order, ...way }) => way)
}

/** What the arrows of a branch say together: all conditions must hold, the last name counts. */
function wayOf(flows: readonly BpmnElement[], index: number) {
  const read = flows.map((flow) => ({ flow, kept: keptOf(flow, 'voronka:Way') }))
  const own = read.find(({ kept }) => kept !== null)
  if (
    own?.kept &&
    read.filter(({ kept }) => kept !== null).length === 1 &&
    read.every(({ flow, kept }) => kept || !textOf(flow))
  ) {
    const { order, ...kept } = own.kept
    const names = own.flow.name ? { names: namesOf(own.flow.name, (kept['names'] ?? undefined) as Names | undefined, '') } : {}
    return { ...(kept as { names?: Names | null; condition?: Condition | null }), ...names, order: Number(order ?? index) }
  }
  const conditions = read.flatMap(({ kept }) => (kept?.['condition'] ? [kept['condition'] as Condition] : []))
  const name = read.map(({ flow }) => textOf(flow)).findLast((text) => text !== '')
  return {
    names: name ? namesOf(name, undefined, '') : null,
    condition: conditions.length > 1 ? { all: conditions } : (conditions[0] ?? null),
    order: index,
  }
}

/** The name of an arrow, else its condition as it was written. */
function textOf(flow: BpmnElement): string {
  const expression = flow['conditionExpression'] as { readonly body?: string } | undefined
  return (flow.name ?? '').trim() || (keptOf(flow, 'voronka:Way') ? '' : (expression?.body ?? '').trim())
}

/** Both names as they were, unless the one that the file shows was changed since: then that is the name. */
function namesOf(shown: string | undefined, kept: Names | undefined, otherwise: string): Names {
  const name = (shown ?? '').trim()
  const isKept = kept && [kept.ru, kept.en].some((one) => typeof one === 'string' && xmlText(one).trim() === name)
  if (kept && (isKept || name === '')) return kept
  const given = (name || otherwise).slice(0, 255).trim()
  return { ru: given, en: given }
}

/** What we wrote into an element, or null. @throws AppError bpmn_invalid when it is no longer what we write */
function keptOf(element: BpmnElement, type: string): Kept | null {
  const values = (element['extensionElements'] as { readonly values?: readonly BpmnElement[] } | undefined)?.values ?? []
  const body = values.find(({ $type }) => $type === type)?.['body']
  if (typeof body !== 'string') return null
  try {
    const kept: unknown = JSON.parse(body)
    if (kept !== null && typeof kept === 'object' && !Array.isArray(kept)) return kept as Kept
  } catch {
    // Told below, with what else is no object.
  }
  throw new AppError('bpmn_invalid', { why: `${type} (${element.id ?? ''})` })
}
