import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addPart,
  blankComparison,
  groupOf,
  isConditionComplete,
  removePart,
  withOperator,
} from '../../pwa/src/lib/process/condition-edit.ts'
import {
  addStage,
  blankDraft,
  freeStageCode,
  moveStage,
  removeStage,
  suggestStages,
  tidyDraft,
} from '../../pwa/src/lib/process/draft-edit.ts'
import { blankGate, isGateComplete, problemsOf } from '../../pwa/src/lib/process/draft-problems.ts'
import { gateKinds } from '../../shared/domain/rules.ts'
import { appProcessEn } from '../../shared/messages/en/app-process.ts'
import { appProcessRu } from '../../shared/messages/ru/app-process.ts'
import { GateField, type ProcessDraft, ProcessDraftField } from '../../shared/schemas/process.ts'

const words = (text: string) => ({ ru: text, en: text })
const two = (): ProcessDraft => blankDraft(words('П'), [words('А'), words('Б')], ['new', 'won'])
const waysOf = (draft: ProcessDraft): string[] =>
  draft.stages.map(({ code, ways }) => `${code}>${ways.map((way) => way.to).join()}`)
function chain(count: number): ProcessDraft {
  let draft = two()
  while (draft.stages.length < count)
    draft = addStage(draft, draft.stages.length, freeStageCode(draft.stages), words(`${draft.stages.length}`))
  return draft
}

test('a new process is one that the server takes, with two stages and the ways between them', () => {
  assert.equal(ProcessDraftField.safeParse(two()).success, true)
  assert.deepEqual(waysOf(two()), ['stage-1>stage-2', 'stage-2>stage-1'])
})

test('a stage put between two others stands in their ways', () => {
  assert.deepEqual(waysOf(addStage(two(), 1, 'x', words('Х'))), ['stage-1>x', 'x>stage-2,stage-1', 'stage-2>x'])
  assert.deepEqual(waysOf(addStage(two(), 2, 'x', words('Х'))), ['stage-1>stage-2', 'stage-2>x,stage-1', 'x>stage-2'])
})

test('a stage taken out leaves its neighbours joined, and no way to nowhere', () => {
  assert.deepEqual(waysOf(removeStage(chain(3), 'stage-2')), ['stage-1>stage-3', 'stage-3>stage-1'])
  assert.deepEqual(waysOf(removeStage(chain(3), 'stage-3')), ['stage-1>stage-2', 'stage-2>stage-1'])
})

test('a moved stage keeps its further ways, with their conditions; ways to neighbours go to the new ones', () => {
  const draft = chain(4)
  const condition = { fact: 'amount', is: 'atLeast', value: 5 } as const
  draft.stages[0]!.ways.push({ to: 'stage-4', condition })
  const moved = moveStage(draft, 1, 2)
  assert.deepEqual(waysOf(moved), [
    'stage-1>stage-3,stage-4',
    'stage-3>stage-2,stage-1',
    'stage-2>stage-4,stage-3',
    'stage-4>stage-2',
  ])
  assert.deepEqual(moved.stages[0]?.ways[1]?.condition, condition)
})

test('a chain stays a chain however its stages are moved, added and taken out', () => {
  const step = fc.record({ act: fc.constantFrom('move', 'add', 'remove'), a: fc.nat(9), b: fc.nat(9) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let draft = chain(3)
      for (const { act, a, b } of steps) {
        const count = draft.stages.length
        if (act === 'move') draft = moveStage(draft, a % count, b % count)
        else if (act === 'add') draft = addStage(draft, a % (count + 1), freeStageCode(draft.stages), words('Н'))
        else if (count > 1) draft = removeStage(draft, draft.stages[a % count]!.code)
      }
      const codes = draft.stages.map(({ code }) => code)
      for (const [at, { ways }] of draft.stages.entries())
        assert.deepEqual(
          ways.map((way) => way.to).sort(),
          [codes[at + 1], codes[at - 1]].filter((code) => code !== undefined).sort(),
        )
    }),
  )
})

test('a code that stages have or had is never given again', () => {
  assert.equal(freeStageCode([{ code: 'stage-7' }, { code: 'offer' }]), 'stage-8')
  assert.equal(freeStageCode([{ code: 'offer' }, { code: 'won' }]), 'stage-3')
})

test('what is sent has names in both languages and no conditions that always hold', () => {
  const draft = two()
  draft.stages[0] = {
    ...draft.stages[0]!,
    names: { ru: '', en: 'Start' },
    ways: [{ to: 'stage-2', names: words(''), condition: { all: [] } }],
  }
  const tidy = tidyDraft(draft)
  assert.deepEqual([tidy.stages[0]?.names, tidy.stages[0]?.ways], [words('Start'), [{ to: 'stage-2' }]])
  assert.equal(ProcessDraftField.safeParse(tidy).success, true)
})

test('a gate counts as filled in exactly when the server would take it', () => {
  for (const kind of gateKinds) {
    const blank = blankGate(kind, 'contract')
    assert.equal(isGateComplete(blank), GateField.safeParse(blank).success, kind)
  }
  for (const [fromMinor, toMinor] of [
    [1, null],
    [null, 2],
    [1, 2],
    [2, 1],
  ] as const) {
    const gate = { kind: 'amount', fromMinor, toMinor } as const
    assert.equal(isGateComplete(gate), GateField.safeParse(gate).success, `${fromMinor} ${toMinor}`)
  }
})

test('what is missing is named at its stage', () => {
  const draft = two()
  draft.names = words(' ')
  draft.stages[1] = {
    ...draft.stages[1]!,
    names: words(''),
    gates: [{ kind: 'fields', facts: [] }],
    ways: [{ to: 'stage-1', condition: { fact: 'amount', is: 'atLeast', value: null } }],
    tasks: [{ title: words(''), assignee: { kind: 'employee', employeeId: 0 }, dueInHours: null }],
  }
  assert.deepEqual(
    problemsOf(draft).map(({ kind, stage }) => `${stage ?? ''} ${kind}`),
    [' name', 'stage-2 name', 'stage-2 gate', 'stage-2 condition', 'stage-2 task', 'stage-2 assignee'],
  )
})

test('deals of an old stage are suggested the stage of its code, else of its name, else none', () => {
  const old = [
    { id: 1, code: 'stage-1', name: 'Было' },
    { id: 2, code: 'end', name: 'Б' },
    { id: 3, code: 'gone', name: 'Нет' },
  ]
  assert.deepEqual(suggestStages(old, two()), { 'stage-1': 'stage-1', end: 'stage-2' })
})

test('another comparison keeps the value where it still makes sense', () => {
  const choice = { fact: 'status', is: 'is', value: 'new' } as const
  assert.deepEqual(withOperator(choice, 'oneOf', 'choice'), { fact: 'status', is: 'oneOf', value: ['new'] })
  assert.deepEqual(withOperator({ ...choice, is: 'oneOf', value: ['new', 'won'] }, 'isNot', 'choice').value, 'new')
  assert.deepEqual(withOperator(choice, 'isSet', 'choice'), { fact: 'status', is: 'isSet' })
  assert.deepEqual(blankComparison({ key: 'contact', kind: 'flag' }), { fact: 'contact', is: 'is', value: true })
})

test('a condition left without parts holds for every deal, and one without a value is not complete', () => {
  const amount = blankComparison({ key: 'amount', kind: 'money' })
  const condition = addPart({ join: 'any', parts: [] }, amount)
  assert.deepEqual([isConditionComplete(condition), isConditionComplete({ ...amount, value: 0 })], [false, true])
  assert.deepEqual(removePart(groupOf(condition), 0), { all: [] })
})

test('both catalogues have the same keys and the same placeholders', () => {
  const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].sort()
  assert.deepEqual(Object.keys(appProcessEn), Object.keys(appProcessRu))
  for (const [key, text] of Object.entries(appProcessRu))
    assert.deepEqual(
      holes(appProcessEn[key as keyof typeof appProcessRu]).filter((name) => name !== 'one'),
      holes(text).filter((name) => name !== 'one'),
      key,
    )
})
