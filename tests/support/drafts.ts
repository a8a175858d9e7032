import fc from 'fast-check'
import type { Condition } from '../../shared/domain/conditions.ts'
import type { Gate } from '../../shared/domain/rules.ts'
import { type ProcessDraft, ProcessDraftField } from '../../shared/schemas/process.ts'

export type StageDraft = ProcessDraft['stages'][number]

/** A stage with plain ways to these codes. */
export function stage(code: string, to: readonly string[], more: Partial<StageDraft> = {}): StageDraft {
  return {
    code,
    names: { ru: `Этап ${code}`, en: `Stage ${code}` },
    status: null,
    timeLimitHours: null,
    gates: [],
    tasks: [],
    ways: to.map((target) => ({ to: target, names: null, condition: null })),
    ...more,
  }
}

export function draft(...stages: readonly StageDraft[]): ProcessDraft {
  return { names: { ru: 'Проба', en: 'Trial run' }, status: null, stages: [...stages] }
}

const amounts = fc.constantFrom(0, 1, 5, 10, 11, 100)
const amountGate: fc.Arbitrary<Gate> = fc
  .tuple(fc.option(amounts), fc.option(amounts))
  .filter(([from, to]) => (from ?? to) !== null && (from ?? 0) <= (to ?? 1_000))
  .map(([fromMinor, toMinor]) => ({ kind: 'amount', fromMinor, toMinor }))
const otherGate: fc.Arbitrary<Gate> = fc.constantFrom<Gate>(
  { kind: 'tasks' },
  { kind: 'requisites' },
  { kind: 'time', hours: 5 },
  { kind: 'approval', role: 'head' },
  { kind: 'document', documentType: 'contract', goal: 'signed' },
  { kind: 'fields', facts: ['field.place', 'expectedCloseOn'] },
)
const comparison: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ fact: fc.constant('amount'), is: fc.constantFrom('atLeast', 'atMost', 'is', 'isNot'), value: amounts }),
  fc.record({ fact: fc.constant('tags'), is: fc.constant('oneOf'), value: fc.constant(['urgent']) }),
) as fc.Arbitrary<Condition>
const condition: fc.Arbitrary<Condition> = fc.oneof(
  comparison,
  fc.array(comparison, { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
  fc.array(comparison, { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
)
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((drawn) => `${drawn}x`.trim())
  .filter((drawn) => !drawn.includes('\0') && drawn.isWellFormed())
const words = fc.record({ ru: text, en: text })
const task: fc.Arbitrary<StageDraft['tasks'][number]> = fc.record({
  title: words,
  assignee: fc.constantFrom({ kind: 'owner' as const }, { kind: 'role' as const, role: 'head' as const }),
  dueInHours: fc.option(fc.integer({ min: 1, max: 99 })),
})

/** What the door makes of drafts of up to seven stages with any ways between them, gates and conditions; nothing in them is unknown, every code is there once. */
export const anyDraft: fc.Arbitrary<ProcessDraft> = fc
  .uniqueArray(fc.stringMatching(/^[a-z0-9][a-zA-Z0-9_-]{0,4}$/), {
    minLength: 1,
    maxLength: 7,
    selector: (code) => code.toLowerCase(),
  })
  .chain((codes) =>
    fc.record({
      names: words,
      status: fc.constantFrom(null, 'new', 'won'),
      stages: fc.tuple(
        ...codes.map((code) =>
          anyStage(
            code,
            codes.filter((other) => other !== code),
          ),
        ),
      ),
    }),
  )
  .map((drawn) => ProcessDraftField.parse(drawn))

function anyStage(code: string, others: readonly string[]): fc.Arbitrary<StageDraft> {
  const ways: fc.Arbitrary<StageDraft['ways']> =
    others.length === 0
      ? fc.constant([])
      : fc.uniqueArray(
          fc.record({
            to: fc.constantFrom(...others),
            names: fc.option(words),
            condition: fc.option(condition, { freq: 2 }),
          }),
          { maxLength: 4, selector: ({ to }) => to },
        )
  return fc.record({
    code: fc.constant(code),
    names: words,
    status: fc.constantFrom(null, 'new', 'won'),
    timeLimitHours: fc.option(fc.integer({ min: 1, max: 999 })),
    gates: fc.array(fc.oneof(amountGate, otherGate), { maxLength: 2 }),
    tasks: fc.array(task, { maxLength: 2 }),
    ways,
  })
}
