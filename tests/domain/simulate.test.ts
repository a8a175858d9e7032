import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Condition } from '../../shared/domain/conditions.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { replayDeal } from '../../shared/domain/simulate.ts'
import { type TriedProcess, versionOfDraft } from '../../shared/domain/simulate-moves.ts'
import type { PastDeal, PastStep, Setup } from '../../shared/domain/simulate-past.ts'
import type { RuleTrigger, StatusRule } from '../../shared/domain/status-rules.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'
import { draft, stage } from '../support/drafts.ts'

const at = (day: number, hour = 9): string => new Date(Date.UTC(2026, 0, day, hour)).toISOString()
const ranks: Readonly<Record<string, number>> = { new: 1, offer: 2, sign: 3, done: 4, pause: 5 }
const always: Condition = { all: [] }

function rule(trigger: RuleTrigger, status: string, condition: Condition = always): StatusRule {
  const names = { ru: 'П', en: 'R' }
  return {
    id: 1,
    names,
    position: 1,
    dealTypes: [],
    trigger,
    condition,
    forwardOnly: false,
    actions: [{ kind: 'set_status', status }],
  }
}

function setup(given: Partial<Setup> = {}, limits: Readonly<Record<string, number>> = {}, until = at(30)): Setup {
  return {
    rules: [],
    statusOfStage: (_, code) => (code in ranks ? code : null),
    rankOf: (status) => ranks[status] ?? null,
    isLost: (status) => status === 'lost',
    clock: {
      until,
      timeZone: 'UTC',
      calendar: null,
      workDays: { workDays: [1, 2, 3, 4, 5], exceptions: {} },
      limitOf: (_, status) => limits[status] ?? null,
    },
    ...given,
  }
}

function move(day: number, from: string, to: string): PastStep {
  const base = {
    kind: 'stage',
    run: 1,
    template: 'sale',
    isMain: true,
    isLast: to === 'done',
    versionId: 1,
    isMapped: false,
  } as const
  return { ...base, at: at(day), from, to }
}

function past(steps: readonly PastStep[], more: Partial<PastDeal> = {}): PastDeal {
  const start = { run: 1, template: 'sale', stage: 'new' }
  return {
    id: 1,
    type: 'sale',
    firstStatus: 'new',
    createdAt: at(1),
    facts: { amount: 100 },
    unsure: new Set(),
    isLead: false,
    start,
    tasks: [],
    steps,
    ...more,
  }
}

const present = draft(
  stage('new', ['offer']),
  stage('offer', ['sign', 'new']),
  stage('sign', ['done', 'offer']),
  stage('done', []),
)
const changed = (code: string, gates: readonly Gate[]): ProcessDraft => ({
  ...present,
  stages: present.stages.map((one) => (one.code === code ? { ...one, gates: [...gates] } : one)),
})

function tried(next: ProcessDraft, newTasks: readonly string[] = []): TriedProcess {
  const version = versionOfDraft(present)
  return {
    template: 'sale',
    version: versionOfDraft(next),
    past: new Map([[1, version]]),
    present: version,
    newTasks: new Set(newTasks),
  }
}

const way = (deal: PastDeal, by: Setup) => replayDeal(deal, by).visits.map(({ status }) => status)
const whole = [move(2, 'new', 'offer'), move(4, 'offer', 'sign'), move(6, 'sign', 'done')]

test('each kind of gate is asked with the facts of its moment', () => {
  const document = (day: number, state: 'draft' | 'signed'): PastStep => {
    const event = { kind: 'document_changed', documentType: 'contract', state } as const
    return { kind: 'heard', at: at(day), event, became: { 'document.contract': state } }
  }
  const edit = (day: number, amount: number): PastStep => ({ kind: 'facts', at: at(day), became: { amount }, heard: ['amount'] })
  const approval = (day: number, approved: boolean): PastStep => ({
    kind: 'approval',
    at: at(day),
    run: 1,
    role: 'head',
    approved,
  })
  const task = (from: number, until: number | null) => ({
    run: 1,
    from: Date.parse(at(from)),
    until: until === null ? null : Date.parse(at(until)),
    isCancelled: false,
  })
  const sorted = (steps: readonly PastStep[]) => [...steps, ...whole].sort((a, b) => (a.at < b.at ? -1 : 1))
  const contract: Gate = { kind: 'document', documentType: 'contract', goal: 'signed' }
  const cases: readonly (readonly [string, Gate, PastDeal, boolean])[] = [
    ['a document that was signed before', contract, past(sorted([document(3, 'signed')])), true],
    ['one that was signed afterwards', contract, past(sorted([document(3, 'draft'), document(5, 'signed')])), false],
    ['an amount that was large enough then', { kind: 'amount', fromMinor: 50, toMinor: null }, past(sorted([edit(5, 1)])), true],
    ['one that became so later', { kind: 'amount', fromMinor: 500, toMinor: null }, past(sorted([edit(5, 900)])), false],
    ['no open task', { kind: 'tasks' }, past(whole, { tasks: [task(2, 3)] }), true],
    ['a task that was open then', { kind: 'tasks' }, past(whole, { tasks: [task(2, 5)] }), false],
    ['a task given by the move itself', { kind: 'tasks' }, past(whole, { tasks: [task(4, null)] }), true],
    ['two days in the stage before', { kind: 'time', hours: 48 }, past(whole), true],
    ['not three days', { kind: 'time', hours: 72 }, past(whole), false],
    ['a decision that was given', { kind: 'approval', role: 'head' }, past(sorted([approval(3, true)])), true],
    ['one that was refused', { kind: 'approval', role: 'head' }, past(sorted([approval(3, false)])), false],
  ]
  for (const [name, gate, deal, passes] of cases) {
    const { refused } = replayDeal(deal, setup({ tried: tried(changed('sign', [gate])) }))
    assert.equal(refused[0] === undefined || refused[0].at !== at(4), passes, name)
    if (!passes) assert.deepEqual(refused[0]!.requirements, [{ kind: 'gate', gate }], name)
  }
})

test('what nobody was asked for bars nothing and is named; so are facts without a history', () => {
  const decided = replayDeal(past(whole), setup({ tried: tried(changed('sign', [{ kind: 'approval', role: 'executive' }])) }))
  assert.deepEqual([decided.refused, decided.unknown, decided.status], [[], [{ kind: 'approval', what: 'executive' }], 'done'])
  const tasks = replayDeal(past(whole), setup({ tried: tried(changed('sign', [{ kind: 'tasks' }]), ['offer']) }))
  assert.deepEqual(tasks.unknown, [{ kind: 'tasks', what: 'offer' }])
  const unsure = past(whole, { unsure: new Set(['requisitesComplete']), facts: { requisitesComplete: true } })
  const kept = replayDeal(unsure, setup({ tried: tried(changed('sign', [{ kind: 'requisites' }])) }))
  assert.deepEqual([kept.refused, kept.unknown], [[], [{ kind: 'fact', what: 'requisitesComplete' }]])
})

test('a deal held back stays until a real move that is allowed, and then catches up as far as it may', () => {
  const gate: Gate = { kind: 'amount', fromMinor: 500, toMinor: null }
  const enough: PastStep = { kind: 'facts', at: at(5), became: { amount: 900 }, heard: [] }
  const steps = [whole[0]!, whole[1]!, enough, whole[2]!]
  const played = replayDeal(past(steps), setup({ tried: tried(changed('sign', [gate])) }))
  assert.deepEqual(
    played.visits.map(({ status, at: when }) => [status, when]),
    [
      ['new', at(1)],
      ['offer', at(2)],
      ['sign', at(6)],
      ['done', at(6)],
    ],
  )
  const partly = replayDeal(
    past(steps),
    setup({
      tried: tried({
        ...changed('sign', [gate]),
        stages: changed('sign', [gate]).stages.map((one) =>
          one.code === 'done' ? { ...one, gates: [{ kind: 'time', hours: 24 }] } : one,
        ),
      }),
    }),
  )
  assert.deepEqual([partly.stage, partly.refused.map(({ from, to }) => `${from} ${to}`)], ['sign', ['offer sign', 'sign done']])
})

test('limits and quiet spells are heard at their very instant, once, and the real event comes first', () => {
  const cases: readonly (readonly [string, PastDeal, Setup, readonly string[]])[] = [
    [
      'a limit that ran out',
      past([]),
      setup({ rules: [rule({ kind: 'deadline_passed' }, 'pause')] }, { new: 24 }),
      ['new', 'pause'],
    ],
    [
      'one that did not',
      past([move(2, 'new', 'offer')]),
      setup({ rules: [rule({ kind: 'deadline_passed' }, 'pause')] }, { new: 24 }),
      ['new', 'offer'],
    ],
    ['a quiet spell', past([]), setup({ rules: [rule({ kind: 'deal_idle', days: 5 }, 'pause')] }), ['new', 'pause']],
    [
      'one that was broken',
      past([{ kind: 'facts', at: at(4), became: {}, heard: [] }]),
      setup({ rules: [rule({ kind: 'deal_idle', days: 5 }, 'pause')] }, {}, at(8)),
      ['new'],
    ],
    [
      'a lost deal waits for nothing',
      past([{ kind: 'status', at: at(2), status: 'lost', held: false }]),
      setup({ rules: [rule({ kind: 'deal_idle', days: 5 }, 'pause')] }),
      ['new', 'lost'],
    ],
    [
      'a month that began',
      past([]),
      setup({ rules: [rule({ kind: 'period_began', every: 'week' }, 'pause')] }),
      ['new', 'pause'],
    ],
    [
      'a date that is near',
      past([], { facts: { expectedCloseOn: '2026-01-20' } }),
      setup({ rules: [rule({ kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 3 }, 'pause')] }),
      ['new', 'pause'],
    ],
    [
      'a date that is not',
      past([], { facts: { expectedCloseOn: '2026-03-20' } }),
      setup({ rules: [rule({ kind: 'date_near', fact: 'expectedCloseOn', daysBefore: 3 }, 'pause')] }),
      ['new'],
    ],
  ]
  for (const [name, deal, by, expected] of cases) assert.deepEqual(way(deal, by), expected, name)
  const near = replayDeal(cases[6]![1], cases[6]![2])
  assert.equal(near.visits[1]!.at, '2026-01-17T00:00:00.000Z')
  const monday = replayDeal(past([]), cases[5]![2])
  assert.equal(monday.visits[1]!.at, '2026-01-05T00:00:00.000Z')
})

const stageCodes = ['new', 'offer', 'sign', 'done'] as const
const anyGate: fc.Arbitrary<Gate> = fc.constantFrom<Gate>(
  { kind: 'tasks' },
  { kind: 'requisites' },
  { kind: 'time', hours: 48 },
  { kind: 'approval', role: 'head' },
  { kind: 'amount', fromMinor: 500, toMinor: null },
  { kind: 'fields', facts: ['contact'] },
)
const anyDraft = fc
  .tuple(...stageCodes.map(() => fc.tuple(fc.subarray([...stageCodes]), fc.array(anyGate, { maxLength: 2 }))))
  .map((parts) =>
    draft(
      ...parts.map(([to, gates], index) =>
        stage(
          stageCodes[index]!,
          to.filter((code) => code !== stageCodes[index]),
          { gates },
        ),
      ),
    ),
  )
const anyMoves = fc
  .array(fc.constantFrom(...stageCodes), { maxLength: 8 })
  .map(
    (codes) =>
      codes.reduce<{ here: string; steps: PastStep[] }>(
        ({ here, steps }, to, day) => (to === here ? { here, steps } : { here: to, steps: [...steps, move(day + 2, here, to)] }),
        { here: 'new', steps: [] },
      ).steps,
  )

test('whatever the draft and the moves: the same process refuses nothing, and a play never stands where the draft has no stage', () => {
  fc.assert(
    fc.property(anyDraft, anyMoves, (next, moves) => {
      const version = versionOfDraft(next)
      const same = setup({
        tried: { template: 'sale', version, past: new Map([[1, version]]), present: version, newTasks: new Set() },
      })
      const [real, again] = [replayDeal(past(moves), setup()), replayDeal(past(moves), same)]
      assert.deepEqual([again.visits, again.stage, again.refused], [real.visits, real.stage, []])
      const other = replayDeal(past(moves), setup({ tried: tried(next) }))
      assert.ok(next.stages.some(({ code }) => code === other.stage))
      assert.ok(other.refused.every(({ requirements }) => requirements.length > 0))
    }),
    { numRuns: 300 },
  )
})
