import { AppError } from '../../../shared/domain/app-error.ts'
import type { BpmnElement } from './bpmn-model.ts'

/** A way from a task to the next task or to an end, through any gateways between them: the arrows in their order. */
export type TaskBranch = { readonly target: BpmnElement; readonly flows: readonly BpmnElement[] }
/** A process of tasks, as drawn. */
export type TaskFlow = {
  readonly process: BpmnElement
  readonly tasks: readonly BpmnElement[]
  /** The task after the start; null in a process without tasks. */
  readonly first: BpmnElement | null
  readonly branches: ReadonlyMap<BpmnElement, readonly TaskBranch[]>
}

const taskTypes = ['Task', 'UserTask', 'ManualTask', 'ServiceTask', 'SendTask', 'ReceiveTask', 'ScriptTask', 'BusinessRuleTask']
const kinds: Readonly<Record<string, 'task' | 'gateway' | 'start' | 'end' | 'flow'>> = {
  ...Object.fromEntries(taskTypes.map((type) => [`bpmn:${type}`, 'task'])),
  'bpmn:ExclusiveGateway': 'gateway',
  'bpmn:StartEvent': 'start',
  'bpmn:EndEvent': 'end',
  'bpmn:SequenceFlow': 'flow',
}
/** Parts of an element that would change what it means. */
const meaningful = ['eventDefinitions', 'loopCharacteristics', 'laneSets', 'artifacts', 'ioSpecification'] as const
/** Ways that a task may have through gateways: more are no simple process. */
const mostBranches = 200

/** Takes a file apart. @throws AppError bpmn_unsupported naming the element that is more than tasks, exclusive gateways, a start and ends */
export function parseFlow(definitions: BpmnElement): TaskFlow {
  const roots = listOf(definitions['rootElements'])
  const [process, second] = roots
  if (!process) throw new AppError('bpmn_invalid', { why: 'bpmn:process' })
  for (const root of roots) if (root.$type !== 'bpmn:Process') throw refusal(root, 'other')
  if (second) throw refusal(second, 'secondProcess')
  assertPlain(process)
  const elements = listOf(process['flowElements'])
  const of = (kind: string) => elements.filter((element) => kinds[element.$type] === kind)
  for (const element of elements) {
    if (kinds[element.$type] === undefined) throw refusal(element, 'other')
    assertPlain(element)
  }
  const flows = of('flow')
  for (const flow of flows) if (!flow['sourceRef'] || !flow['targetRef']) throw refusal(flow, 'loose')
  const outgoing = Map.groupBy(flows, (flow) => flow['sourceRef'] as BpmnElement)
  const tasks = of('task')
  const branches = new Map(tasks.map((task) => [task, branchesOf(task, outgoing)]))
  return { process, tasks, first: firstTask(of('start'), tasks, outgoing, process), branches }
}

type Outgoing = ReadonlyMap<BpmnElement, readonly BpmnElement[]>

function firstTask(
  starts: readonly BpmnElement[],
  tasks: readonly BpmnElement[],
  outgoing: Outgoing,
  process: BpmnElement,
): BpmnElement | null {
  const [start, second] = starts
  if (!start) throw refusal(process, 'noStart')
  if (second) throw refusal(second, 'secondStart')
  const [branch, other] = branchesOf(start, outgoing)
  if (other) throw refusal(start, 'severalFirst')
  if (branch && tasks.includes(branch.target)) return branch.target
  if (tasks.length > 0) throw refusal(start, 'noFirst')
  return null
}

/** All that may follow, through gateways. Without one, several arrows would all be gone at once. */
function branchesOf(from: BpmnElement, outgoing: Outgoing): readonly TaskBranch[] {
  const direct = outgoing.get(from) ?? []
  if (direct.length > 1 && direct[1]) throw refusal(from, 'parallel')
  const branches: TaskBranch[] = []
  const open = direct.map((flow) => [flow])
  for (let path = open.shift(); path; path = open.shift()) {
    const flow = path.at(-1)
    const target = flow?.['targetRef'] as BpmnElement
    const kind = kinds[target.$type]
    if (kind === 'start' || target === from) throw refusal(flow ?? target, 'intoItself')
    if (kind !== 'gateway') branches.push({ target, flows: path })
    else {
      const isRound = path.some((earlier) => earlier['sourceRef'] === target)
      const next = outgoing.get(target) ?? []
      if (isRound || next.length === 0) throw refusal(target, 'deadGateway')
      open.push(...next.map((one) => [...(path ?? []), one]))
    }
    if (branches.length + open.length > mostBranches) throw refusal(from, 'tooMany')
  }
  return branches
}

function assertPlain(element: BpmnElement): void {
  for (const part of meaningful) {
    const [found] = listOf(element[part])
    // Parts often have no name of their own.
    if (found) throw refusal({ $type: found.$type, id: found.id ?? element.id ?? '', name: found.name ?? '' }, 'other')
  }
}

function listOf(value: unknown): readonly BpmnElement[] {
  return value === undefined || value === null ? [] : ([value].flat() as BpmnElement[])
}

/** Why an element is refused; said in words by `describeError`. */
export type BpmnProblem =
  | 'other'
  | 'secondProcess'
  | 'loose'
  | 'noStart'
  | 'secondStart'
  | 'severalFirst'
  | 'noFirst'
  | 'parallel'
  | 'intoItself'
  | 'deadGateway'
  | 'tooMany'

function refusal(element: BpmnElement, problem: BpmnProblem): AppError {
  const name = [element.name, element.id].find((text) => typeof text === 'string' && text !== '')
  const type = element.$type.replace(/^bpmn:/, '')
  return new AppError('bpmn_unsupported', { element: name ? `${name} (${type})` : type, problem })
}
