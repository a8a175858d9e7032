import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BpmnModdle } from 'bpmn-moddle'
import fc from 'fast-check'
import { readBpmn } from '../../api/usecases/processes/read-bpmn.ts'
import { writeBpmn } from '../../api/usecases/processes/write-bpmn.ts'
import type { AppError } from '../../shared/domain/app-error.ts'
import { describeError } from '../../shared/messages/describe-error.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'
import { anyDraft, draft, stage } from '../support/drafts.ts'
import { refused } from './deal-facts.ts'

/** A file as other editors write it. */
const file = (elements: string, roots = '') => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:x">
${roots}<process id="Sale" name="Продажа">${elements}</process></definitions>`
const flow = (id: string, from: string, to: string, more = '') =>
  `<sequenceFlow id="${id}" sourceRef="${from}" targetRef="${to}"${more.startsWith('<') ? `>${more}</sequenceFlow>` : ` ${more}/>`}`
const waysIn = (read: ProcessDraft) => read.stages.map(({ code, ways }) => [code, ...ways.map(({ to }) => to)])
const readRu = (xml: string) => readBpmn(xml, 'ru')

test('a draft written as BPMN and read back is the same draft', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraft, fc.constantFrom('ru' as const, 'en' as const), async (given, locale) => {
      assert.deepEqual(await readBpmn(await writeBpmn(given, locale), 'en'), given)
    }),
    { numRuns: 200 },
  )
})

test('an empty draft is a start without anything after it, and comes back empty', async () => {
  assert.deepEqual(await readRu(await writeBpmn(draft(), 'ru')), draft())
})

test('what is written is valid for the standard’s own reader, and everything in it is drawn', async () => {
  await fc.assert(
    fc.asyncProperty(anyDraft, async (given) => {
      const read = await new BpmnModdle().fromXML(await writeBpmn(given, 'ru'))
      assert.deepEqual(read.warnings, [])
      const { rootElements, diagrams } = read.rootElement as unknown as {
        rootElements: { flowElements: { id: string; $type: string; outgoing?: unknown[]; incoming?: unknown[] }[] }[]
        diagrams: { plane: { planeElement: { bpmnElement: { id: string }; $type: string; waypoint?: unknown[] }[] } }[]
      }
      const elements = rootElements[0]!.flowElements
      const drawn = diagrams[0]!.plane.planeElement
      assert.deepEqual(drawn.map(({ bpmnElement }) => bpmnElement.id).sort(), elements.map(({ id }) => id).sort())
      assert.ok(drawn.every(({ $type, waypoint }) => $type !== 'bpmndi:BPMNEdge' || (waypoint?.length ?? 0) >= 2))
      for (const { $type, outgoing = [], incoming = [] } of elements) {
        // Several arrows out of a task would all be gone at once.
        if ($type === 'bpmn:Task') assert.equal(outgoing.length, 1)
        if ($type === 'bpmn:ExclusiveGateway') assert.ok(outgoing.length > 1 && incoming.length === 1)
      }
    }),
    { numRuns: 100 },
  )
})

test('a name changed in an editor is the name in both languages, what stands beside it stays', async () => {
  const xml = await writeBpmn(draft(stage('a', ['b'], { timeLimitHours: 7, status: 'new' }), stage('b', [])), 'ru')
  const read = await readRu(xml.replace('name="Этап a"', 'name="Первый"'))
  assert.deepEqual(read.stages[0], stage('a', ['b'], { timeLimitHours: 7, status: 'new', names: { ru: 'Первый', en: 'Первый' } }))
  assert.deepEqual(read.stages[1], stage('b', []))
})

test('a foreign process of tasks and exclusive gateways becomes stages along the flow, a return leads back', async () => {
  const xml = file(`
    <startEvent id="s"/><userTask id="Task.2" name="Проверка"/><task id="t1" name="Заявка"/><serviceTask id="t3"/><endEvent id="e"/>
    <exclusiveGateway id="g"/><exclusiveGateway id="g2"/>
    ${flow('f1', 's', 't1')}${flow('f2', 't1', 'Task.2')}${flow('f3', 'Task.2', 'g')}
    ${flow('f4', 'g', 'g2', 'name="Дорого"')}${flow('f5', 'g', 't1', '<conditionExpression xsi:type="tFormalExpression">amount &lt; 5</conditionExpression>')}
    ${flow('f6', 'g2', 't3')}${flow('f7', 't3', 'e')}`)
  const read = await readRu(xml)
  assert.deepEqual(read.names, { ru: 'Продажа', en: 'Продажа' })
  assert.deepEqual(waysIn(read), [['t1', 'Task_2'], ['Task_2', 't1', 't3'], ['t3']])
  assert.deepEqual(
    read.stages[1]!.ways.map(({ names, condition }) => [names?.ru, condition]),
    [
      ['amount < 5', null],
      ['Дорого', null],
    ],
  )
  assert.equal(read.stages[2]!.names.ru, 't3')
})

test('an end beside other ways forward is an outcome, and so a stage of its own', async () => {
  const xml = file(`
    <startEvent id="s"/><task id="a"/><exclusiveGateway id="g"/><task id="b"/><endEvent id="no" name="Отказ"/><endEvent id="e"/>
    ${flow('f1', 's', 'a')}${flow('f2', 'a', 'g')}${flow('f3', 'g', 'b')}${flow('f4', 'g', 'no')}${flow('f5', 'b', 'e')}`)
  const read = await readRu(xml)
  assert.deepEqual(waysIn(read), [['a', 'b', 'no'], ['b'], ['no']])
  assert.equal(read.stages[2]!.names.ru, 'Отказ')
})

test('a task added in an editor to our own file takes its place along the flow', async () => {
  const xml = (await writeBpmn(draft(stage('a', ['b']), stage('b', ['c']), stage('c', [])), 'ru'))
    .replace(
      '<bpmn:sequenceFlow',
      '<bpmn:task id="New" name="Новая"/><bpmn:sequenceFlow id="N" sourceRef="New" targetRef="Stage_b"/><bpmn:sequenceFlow',
    )
    .replace('sourceRef="Stage_a" targetRef="Stage_b"', 'sourceRef="Stage_a" targetRef="New"')
  assert.deepEqual(waysIn(await readRu(xml)), [['a', 'New'], ['New', 'b'], ['b', 'c'], ['c']])
})

const base = `<startEvent id="s"/><task id="a" name="Дело"/>${flow('f', 's', 'a')}`
for (const [what, xml, element] of [
  ['a parallel gateway', file(`${base}<parallelGateway id="p"/>`), 'p (ParallelGateway)'],
  [
    'a timer',
    file(`${base}<intermediateCatchEvent id="i"><timerEventDefinition id="t"/></intermediateCatchEvent>`),
    'i (IntermediateCatchEvent)',
  ],
  [
    'a start by message',
    file(`<startEvent id="s"><messageEventDefinition id="m"/></startEvent><task id="a"/>${flow('f', 's', 'a')}`),
    'm (MessageEventDefinition)',
  ],
  [
    'an end by error',
    file(`${base}<endEvent id="e"><errorEventDefinition/></endEvent>${flow('f2', 'a', 'e')}`),
    'e (ErrorEventDefinition)',
  ],
  ['a part process', file(`${base}<subProcess id="u" name="Часть"/>`), 'Часть (SubProcess)'],
  ['a boundary event', file(`${base}<boundaryEvent id="b" attachedToRef="a"/>`), 'b (BoundaryEvent)'],
  [
    'a loop',
    file(`<startEvent id="s"/><task id="a"><standardLoopCharacteristics id="l"/></task>${flow('f', 's', 'a')}`),
    'l (StandardLoopCharacteristics)',
  ],
  ['lanes', file(`<laneSet id="ls"><lane id="l1" name="Отдел"/></laneSet>${base}`), 'ls (LaneSet)'],
  ['a note', file(`${base}<textAnnotation id="n"><text>…</text></textAnnotation>`), 'n (TextAnnotation)'],
  ['pools', file(base, '<collaboration id="c"><participant id="p1" processRef="Sale"/></collaboration>'), 'c (Collaboration)'],
  ['two processes', file(base, '<process id="other"/>'), 'Продажа (Process)'],
  [
    'several arrows without a gateway',
    file(`${base}<task id="b"/><task id="c"/>${flow('f2', 'a', 'b')}${flow('f3', 'a', 'c')}`),
    'Дело (Task)',
  ],
  [
    'an arrow back to the same task',
    file(
      `${base}<exclusiveGateway id="g"/><endEvent id="e"/>${flow('f2', 'a', 'g')}${flow('f3', 'g', 'a')}${flow('f4', 'g', 'e')}`,
    ),
    'f3 (SequenceFlow)',
  ],
  [
    'a gateway without a way on',
    file(`${base}<exclusiveGateway id="g" name="?"/>${flow('f2', 'a', 'g')}`),
    '? (ExclusiveGateway)',
  ],
  [
    'gateways in a ring',
    file(
      `${base}<exclusiveGateway id="g"/><exclusiveGateway id="h"/>${flow('f2', 'a', 'g')}${flow('f3', 'g', 'h')}${flow('f4', 'h', 'g')}`,
    ),
    'g (ExclusiveGateway)',
  ],
  ['no start', file('<task id="a"/>'), 'Продажа (Process)'],
  ['two starts', file(`${base}<startEvent id="s2"/>`), 's2 (StartEvent)'],
  ['a start that leads nowhere', file('<startEvent id="s"/><task id="a"/>'), 's (StartEvent)'],
] as const) {
  test(`${what} is refused, naming the element`, async () => {
    const error = await refused(readRu(xml), 'bpmn_unsupported')
    assert.equal(error.details['element'], element)
    for (const locale of ['ru', 'en'] as const) assert.ok(describeError(error, locale).includes(element))
  })
}

test('what is no BPMN is refused: other XML, broken XML, strange elements, arrows to nothing, what we wrote but somebody spoilt', async () => {
  const why = async (xml: string) => String((await refused(readRu(xml), 'bpmn_invalid')).details['why'])
  for (const xml of [
    '',
    'text',
    '<a/>',
    '<definitions xmlns="urn:x"/>',
    file('<task id="a">'),
    file('').replace('</definitions>', ''),
  ])
    await why(xml)
  assert.match(await why(file(`${base}<wonder id="w"/>`)), /wonder/)
  assert.match(await why(file(`${base}${flow('f2', 'a', 'absent')}`)), /absent/)
  const own = await writeBpmn(draft(stage('a', [])), 'ru')
  assert.match(await why(own.replace('{"code":"a"', '{"code":"a')), /voronka:Stage/)
  assert.match(await why(own.replace('"gates":[]', '"gates":[{"kind":"magic"}]')), /gates/)
  assert.match(await why(own.replace('"timeLimitHours":null', '"timeLimitHours":null,"more":1')), /stages/)
})

test('document types and entities are never read, however they are written', async () => {
  const bombs = [
    '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
    '<!doctype d SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE d [<!ENTITY x SYSTEM "http://localhost/x">]>',
  ]
  for (const bomb of bombs) {
    const xml = file(base).replace('?>', `?>${bomb}`)
    const error: AppError = await refused(readRu(xml), 'bpmn_invalid')
    assert.equal(error.details['why'], 'DOCTYPE')
  }
  assert.equal((await readRu(file(base.replace('Дело', '&#1044;&lt;&amp;')))).stages[0]!.names.ru, 'Д<&')
})

test('a chain of many tasks is told to be too long, quickly and without falling over', async () => {
  const tasks = Array.from(
    { length: 3000 },
    (_, index) => `<task id="t${index}"/>${flow(`f${index}`, index === 0 ? 's' : `t${index - 1}`, `t${index}`)}`,
  )
  await refused(readRu(file(`<startEvent id="s"/>${tasks.join('')}`)), 'bpmn_invalid')
})

test('gateways that multiply their branches are refused before they do', async () => {
  const layers = Array.from({ length: 20 }, (_, layer) =>
    [0, 1].map((side) => `<exclusiveGateway id="g${layer}${'ab'[side]}"/>`).join(''),
  ).join('')
  const arrows = Array.from({ length: 19 }, (_, layer) =>
    ['a', 'b']
      .flatMap((from) => ['a', 'b'].map((to) => flow(`x${layer}${from}${to}`, `g${layer}${from}`, `g${layer + 1}${to}`)))
      .join(''),
  ).join('')
  const xml = file(
    `${base}${layers}${arrows}<endEvent id="e"/>${flow('z1', 'a', 'g0a')}${flow('z2', 'g19a', 'e')}${flow('z3', 'g19b', 'e')}`,
  )
  assert.equal((await refused(readRu(xml), 'bpmn_unsupported')).details['problem'], 'tooMany')
})
