import { type DrawnLink, layOutFlow, type PlacedNode } from '../../../shared/domain/flow-layout.ts'
import { isEnd } from '../../../shared/domain/process-reach.ts'
import type { ProcessDraft, StageDraft } from '../../../shared/schemas/process.ts'
import type { Locale } from '../../../shared/views/common.ts'
import { type BpmnElement, createModdle, type Moddle, xmlJson, xmlText } from './bpmn-model.ts'

type Way = StageDraft['ways'][number]
/** A node or an arrow of the flow before it is drawn. */
type Node = {
  readonly key: string
  readonly width: number
  readonly height: number
  readonly type: string
  readonly stage: StageDraft | null
}
type Arrow = { readonly from: string; readonly to: string; readonly way: Way | null; readonly order: number }

const sizes = {
  'bpmn:StartEvent': { width: 36, height: 36 },
  'bpmn:EndEvent': { width: 36, height: 36 },
  'bpmn:ExclusiveGateway': { width: 50, height: 50 },
  'bpmn:Task': { width: 160, height: 80 },
} as const

/**
 * A process as BPMN 2.0 with its drawing: stages are tasks, a stage with several ways on goes through an exclusive gateway, one without a way
 * forward to an end. What BPMN has no place for stands in our own namespace, so that the file read back is the same process.
 * @returns XML
 */
export async function writeBpmn(draft: ProcessDraft, locale: Locale): Promise<string> {
  const moddle = await createModdle()
  const { nodes, arrows } = flowOf(draft)
  const elements = new Map(nodes.map((node) => [node.key, writeNode(moddle, node, draft, locale)]))
  const flows = arrows.map((arrow, index) => writeArrow(moddle, arrow, `Flow_${index + 1}`, elements, locale))
  for (const [key, element] of elements) {
    Object.assign(element, {
      incoming: flows.filter((_, index) => arrows[index]?.to === key),
      outgoing: flows.filter((_, index) => arrows[index]?.from === key),
    })
  }
  const { stages: _stages, ...kept } = draft
  const written = moddle.create('bpmn:Process', {
    id: 'Process_1',
    name: xmlText(draft.names[locale]),
    isExecutable: false,
    extensionElements: extend(moddle, 'voronka:Process', kept),
    flowElements: [...elements.values(), ...flows],
  })
  const drawn = layOutFlow(nodes, arrows)
  const plane = moddle.create('bpmndi:BPMNPlane', {
    id: 'Plane_1',
    bpmnElement: written,
    planeElement: [
      ...drawn.nodes.map((node) => drawNode(moddle, node, elements.get(node.key))),
      ...drawn.links.map((link, index) => drawArrow(moddle, link, flows[index])),
    ],
  })
  const definitions = moddle.create('bpmn:Definitions', {
    id: 'Definitions_1',
    targetNamespace: 'urn:voronka:processes',
    exporter: 'Voronka',
    rootElements: [written],
    diagrams: [moddle.create('bpmndi:BPMNDiagram', { id: 'Diagram_1', plane })],
  })
  return (await moddle.toXML(definitions, { format: true })).xml
}

function writeNode(moddle: Moddle, { key, type, stage }: Node, draft: ProcessDraft, locale: Locale): BpmnElement {
  if (!stage) return moddle.create(type, { id: key })
  const { ways: _ways, ...kept } = stage
  return moddle.create(type, {
    id: key,
    name: xmlText(stage.names[locale]),
    extensionElements: extend(moddle, 'voronka:Stage', { ...kept, order: draft.stages.indexOf(stage) }),
  })
}

/** The condition stands there twice: for us in our namespace, for others to see where BPMN has a place for it. */
function writeArrow(
  moddle: Moddle,
  { from, to, way, order }: Arrow,
  id: string,
  elements: ReadonlyMap<string, BpmnElement>,
  locale: Locale,
): BpmnElement {
  const ends = { id, sourceRef: elements.get(from), targetRef: elements.get(to) }
  if (!way) return moddle.create('bpmn:SequenceFlow', ends)
  const { to: _to, ...kept } = way
  const expression = way.condition && { body: xmlJson(way.condition), language: 'urn:voronka:condition' }
  return moddle.create('bpmn:SequenceFlow', {
    ...ends,
    ...(way.names ? { name: xmlText(way.names[locale]) } : {}),
    extensionElements: extend(moddle, 'voronka:Way', { ...kept, order }),
    ...(expression ? { conditionExpression: moddle.create('bpmn:FormalExpression', expression) } : {}),
  })
}

function extend(moddle: Moddle, type: string, content: object): BpmnElement {
  return moddle.create('bpmn:ExtensionElements', { values: [moddle.create(type, { body: xmlJson(content) })] })
}

/** Tasks, gateways, start and ends in the order of the stages, with the arrows between them. */
function flowOf(draft: ProcessDraft): { readonly nodes: readonly Node[]; readonly arrows: readonly Arrow[] } {
  const node = (key: string, type: keyof typeof sizes, stage: StageDraft | null = null): Node => ({
    key,
    type,
    stage,
    ...sizes[type],
  })
  const nodes: Node[] = [node('Start', 'bpmn:StartEvent')]
  const arrows: Arrow[] = []
  const [first] = draft.stages
  if (first) arrows.push({ from: 'Start', to: keyOf(first.code), way: null, order: 0 })
  for (const stage of draft.stages) {
    const ends = isEnd(draft, stage)
    nodes.push(node(keyOf(stage.code), 'bpmn:Task', stage))
    const branches = stage.ways.length + (ends ? 1 : 0) > 1
    const from = branches ? `Gateway_${stage.code}` : keyOf(stage.code)
    if (branches) {
      nodes.push(node(from, 'bpmn:ExclusiveGateway'))
      arrows.push({ from: keyOf(stage.code), to: from, way: null, order: 0 })
    }
    if (ends) {
      nodes.push(node(`End_${stage.code}`, 'bpmn:EndEvent'))
      arrows.push({ from, to: `End_${stage.code}`, way: null, order: 0 })
    }
    arrows.push(...stage.ways.map((way, order) => ({ from, to: keyOf(way.to), way, order })))
  }
  return { nodes, arrows }
}

/** An XML id may not begin with a digit, a code may. */
function keyOf(code: string): string {
  return `Stage_${code}`
}

function drawNode(moddle: Moddle, node: PlacedNode, element: BpmnElement | undefined): BpmnElement {
  const { x, y, width, height } = node
  return moddle.create('bpmndi:BPMNShape', {
    id: `${node.key}_di`,
    bpmnElement: element,
    ...(element?.$type === 'bpmn:ExclusiveGateway' ? { isMarkerVisible: true } : {}),
    bounds: moddle.create('dc:Bounds', { x, y, width, height }),
  })
}

function drawArrow(moddle: Moddle, link: DrawnLink, flow: BpmnElement | undefined): BpmnElement {
  return moddle.create('bpmndi:BPMNEdge', {
    id: `${flow?.id}_di`,
    bpmnElement: flow,
    waypoint: link.points.map(({ x, y }) => moddle.create('dc:Point', { x, y })),
  })
}
