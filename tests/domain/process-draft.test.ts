import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Condition } from '../../shared/domain/conditions.ts'
import { suggestMapping } from '../../shared/domain/process-draft.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { describeFinding } from '../../shared/messages/describe-finding.ts'
import { draft, stage } from '../support/drafts.ts'
import { found, sale } from './draft-findings.ts'

const amount = (fromMinor: number | null, toMinor: number | null): Gate => ({ kind: 'amount', fromMinor, toMinor })
const way = (to: string, condition: Condition | null) => ({ to, names: null, condition })
const costs = (is: 'atLeast' | 'atMost', value: number): Condition => ({ fact: 'amount', is, value })

test('a straight process with a way back has nothing wrong', () => {
  assert.deepEqual(found(draft(stage('a', ['b']), stage('b', ['a', 'c'], { gates: [amount(1, 9)] }), stage('c', ['b']))), [])
  assert.deepEqual(found(draft(stage('a', []))), [])
})

test('a process without stages is told', () => {
  assert.deepEqual(found(draft()), ['!no_stages null null'])
})

test('a stage to which no way leads from the first is unreachable, also where others like it lead there', () => {
  assert.deepEqual(found(draft(stage('a', ['d']), stage('b', ['c', 'd']), stage('c', ['b', 'd']), stage('d', []))), [
    '!stage_unreachable b null',
    '!stage_unreachable c null',
  ])
})

test('a way whose condition contradicts itself leads nowhere, one that may hold does', () => {
  const never: Condition = { all: [costs('atLeast', 10), costs('atMost', 9)] }
  assert.deepEqual(
    found(draft(stage('a', ['c'], { ways: [way('b', never), way('c', null)] }), stage('b', ['c']), stage('c', []))),
    ['!stage_unreachable b null'],
  )
  const maybe: Condition = { all: [costs('atLeast', 10), costs('atMost', 10), { fact: 'tags', is: 'oneOf', value: ['x'] }] }
  assert.deepEqual(
    found(draft(stage('a', [], { ways: [way('b', maybe), way('c', null)] }), stage('b', ['c']), stage('c', []))),
    [],
  )
})

test('a stage without a way forward before the last one is a warning: several ends are sensible', () => {
  assert.deepEqual(found(draft(stage('a', ['refused', 'done']), stage('refused', ['a']), stage('done', []))), [
    '?stage_without_way_out refused null',
  ])
})

test('a stage whose only ways forward nobody who stands there can go is an error', () => {
  const stuck = draft(
    stage('a', ['z'], { ways: [way('b', costs('atMost', 5)), way('z', null)] }),
    stage('b', ['z']),
    stage('z', [], { gates: [amount(10, null)] }),
  )
  assert.deepEqual(found(stuck), ['!stage_without_way_out b null'])
})

test('a gate that asks for other amounts than the only way lets through is impossible; behind it nothing more is told', () => {
  const shut = draft(
    stage('a', ['b']),
    stage('b', ['c'], { gates: [amount(null, 5)] }),
    stage('c', ['d'], { gates: [amount(6, null)] }),
    stage('d', []),
  )
  assert.deepEqual(found(shut), ['!stage_without_way_out b null', '!gate_impossible c amount'])
  const around = {
    ...shut,
    stages: [stage('a', ['b', 'c']), stage('b', ['c', 'd'], { gates: [amount(null, 5)] }), ...shut.stages.slice(2)],
  }
  assert.deepEqual(found(around), [])
})

test('gates bar ways forward only: a way back enters with any amount', () => {
  const back = draft(
    stage('a', ['c']),
    stage('b', ['c'], { gates: [amount(null, 5)] }),
    stage('c', ['b'], { gates: [amount(6, null)] }),
  )
  assert.deepEqual(found(back), [])
})

test('a document or field that no deal type with the process has is impossible, one that some have is a warning', () => {
  const asks = (gate: Gate) => draft(stage('a', ['b']), stage('b', [], { gates: [gate] }))
  const act = asks({ kind: 'document', documentType: 'act', goal: 'signed' })
  assert.deepEqual(found(act), ['!gate_impossible b document'])
  assert.deepEqual(found(act, { dealTypes: [] }), [])
  const other = { code: 'works', fields: new Set(['size']), documentTypes: new Set(['act']) }
  assert.deepEqual(found(act, { dealTypes: [sale, other] }), ['?gate_impossible b document'])
  assert.deepEqual(found(asks({ kind: 'fields', facts: ['field.size', 'title'] })), ['!gate_impossible b fields'])
  assert.deepEqual(found(asks({ kind: 'fields', facts: ['field.place', 'title'] })), [])
  for (const gate of [
    { kind: 'tasks' },
    { kind: 'requisites' },
    { kind: 'time', hours: 9 },
    { kind: 'approval', role: 'head' },
  ] as const)
    assert.deepEqual(found(asks(gate)), [])
})

test('a payment that no document of the deal types can take is impossible', () => {
  const asks = (gate: Gate) => draft(stage('a', ['b']), stage('b', [], { gates: [gate] }))
  assert.deepEqual(found(asks({ kind: 'document', documentType: 'contract', goal: 'paid' })), ['!gate_impossible b payment'])
  const money = asks({ kind: 'payment', atLeastMinor: 1 })
  assert.deepEqual(found(money), ['!gate_impossible b payment'])
  assert.deepEqual(found(money, { dealTypes: [{ ...sale, documentTypes: new Set(['bill', 'act']) }] }), [])
  assert.deepEqual(found(money, { dealTypes: [sale, { ...sale, documentTypes: new Set(['bill']) }] }), [
    '?gate_impossible b payment',
  ])
})

test('branches by amount that leave some amounts nowhere to go are a warning, those that leave none are not', () => {
  const branches = (low: number, high: number) =>
    draft(
      stage('a', [], { ways: [way('b', costs('atMost', low)), way('c', costs('atLeast', high))] }),
      stage('b', ['c']),
      stage('c', []),
    )
  assert.deepEqual(found(branches(5, 6)), [])
  assert.deepEqual(found(branches(5, 7)), ['?branches_leave_gap a amount'])
  const narrowed = draft(
    stage('start', ['a']),
    ...branches(5, 7).stages.map((one) => (one.code === 'a' ? { ...one, gates: [amount(7, null)] } : one)),
  )
  assert.deepEqual(
    found(narrowed).filter((text) => text.includes('gap')),
    [],
  )
})

test('an approval that nobody can give is impossible: an administrator can give any', () => {
  const asks = draft(stage('a', ['b']), stage('b', [], { gates: [{ kind: 'approval', role: 'executive' }] }))
  assert.deepEqual(found(asks), [])
  assert.deepEqual(found(asks, { roles: new Set(['head']) }), ['!gate_impossible b approval'])
  assert.deepEqual(found(asks, { roles: new Set(['executive']) }), [])
})

test('what the company does not have is named: statuses, facts, documents, people', () => {
  const strange = draft(
    stage('a', [], {
      status: 'gone',
      ways: [
        way('b', {
          any: [
            { fact: 'field.nothing', is: 'isSet' },
            { fact: 'document.note', is: 'isSet' },
          ],
        }),
      ],
      tasks: [
        { title: { ru: 'Т', en: 'T' }, assignee: { kind: 'employee', employeeId: 9 }, dueInHours: null },
        { title: { ru: 'Т', en: 'T' }, assignee: { kind: 'role', role: 'field' }, dueInHours: null },
        { title: { ru: 'Т', en: 'T' }, assignee: { kind: 'employee', employeeId: 1 }, dueInHours: null },
      ],
    }),
    stage('b', [], {
      gates: [
        { kind: 'fields', facts: ['nonsense'] },
        { kind: 'document', documentType: 'note', goal: 'signed' },
      ],
    }),
  )
  assert.deepEqual(found({ ...strange, status: 'lost' }), [
    '!status_unknown null lost',
    '!status_unknown a gone',
    '!fact_unknown a field.nothing',
    '!document_type_unknown a note',
    '!assignee_unknown a 9',
    '?assignee_unknown a field',
    '!fact_unknown b nonsense',
    '!document_type_unknown b note',
  ])
})

test('a code twice, two ways to one stage, ways to nowhere and to the stage itself are told', () => {
  assert.deepEqual(found(draft(stage('a', ['b', 'b', 'a', 'x']), stage('b', []))), [
    '!code_twice a b',
    '!way_to_nowhere a a',
    '!way_to_nowhere a x',
  ])
  assert.ok(found(draft(stage('a', ['b']), stage('b', []), stage('b', []))).includes('!code_twice b null'))
})

test('a status that no path gives is a warning: the process’s own, one in a condition, one that only this process gave', () => {
  const own = { ...draft(stage('a', ['b'], { status: 'new' }), stage('b', [], { status: 'new' })), status: 'won' }
  assert.deepEqual(found(own), ['?status_given_by_none null won'])
  const asks = draft(
    stage('a', [], { status: 'new', ways: [way('b', { fact: 'status', is: 'oneOf', value: ['new', 'other'] })] }),
    stage('b', []),
  )
  assert.deepEqual(found(asks), ['?status_given_by_none null other'])
  assert.deepEqual(found(draft(stage('a', [], { status: 'new' })), { givenOnlyHere: new Set(['new', 'won']) }), [
    '?status_given_by_none null won',
  ])
})

test('every finding is a sentence in both languages that names the stage', () => {
  const words = { stage: (code: string) => `<${code}>`, status: String, fact: String, documentType: String }
  const kinds = [
    'no_stages',
    'stage_unreachable',
    'stage_without_way_out',
    'way_to_nowhere',
    'code_twice',
    'gate_impossible',
  ] as const
  const others = ['status_unknown', 'status_given_by_none', 'fact_unknown', 'document_type_unknown', 'assignee_unknown'] as const
  for (const kind of [...kinds, ...others])
    for (const what of [null, 'x', 'a', 'amount', 'document', 'fields', 'approval', 'payment'])
      for (const isError of [true, false])
        for (const locale of ['ru', 'en'] as const) {
          const text = describeFinding({ kind, stage: 'a', what, isError }, locale, words)
          assert.ok(text.length > 10 && !text.includes('{'), text)
          if (kind !== 'no_stages' && kind !== 'status_given_by_none') assert.match(text, /<a>/)
        }
})

test('stages are matched by code, then by the status that only one other gives', () => {
  const old = draft(
    stage('same', []),
    stage('renamed', [], { status: 'won' }),
    stage('gone', [], { status: 'other' }),
    stage('plain', []),
  )
  const next = draft(
    stage('fresh', [], { status: 'won' }),
    stage('x', [], { status: 'other' }),
    stage('y', [], { status: 'other' }),
    stage('same', []),
  )
  assert.deepEqual(suggestMapping(old, next), { same: 'same', renamed: 'fresh', gone: null, plain: null })
})
