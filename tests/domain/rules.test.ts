import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProcessStage, ProcessVersion } from '../../shared/domain/process.ts'
import { statusForStage } from '../../shared/domain/rules.ts'

const stage = (statusId: number | null): ProcessStage => ({ id: 1, code: 'x', position: 1, statusId, gates: [], ways: [] })
const version = (statusId: number | null): ProcessVersion => ({ id: 1, statusId, stages: [] })
const deal = (statusId: number, statusHeld = false) => ({ statusId, statusHeld })
/** Statuses are ranked by id, 6 as 5; 9 is lost. */
const rankOf = (id: number): number | null => (id === 9 ? null : id === 6 ? 5 : id)

const cases: readonly (readonly [sentence: string, given: number | null, expected: number | null])[] = [
  ['a stage gives its own status', statusForStage(version(null), stage(5), deal(1)), 5],
  ['a stage’s own status goes before the process’s', statusForStage(version(7), stage(5), deal(1)), 5],
  ['a stage without a status gives the process’s', statusForStage(version(7), stage(null), deal(1)), 7],
  ['neither has a status: the deal keeps its own', statusForStage(version(null), stage(null), deal(1)), null],
  ['the deal is in the status already: no new stay begins', statusForStage(version(null), stage(5), deal(5)), null],
  ['a further process takes the deal forward', statusForStage(version(null), stage(5), deal(1), rankOf), 5],
  ['a further process does not take the deal back', statusForStage(version(null), stage(1), deal(5), rankOf), null],
  ['a further process does not move the deal within a rank', statusForStage(version(null), stage(6), deal(5), rankOf), null],
  ['a further process does not lose the deal', statusForStage(version(null), stage(9), deal(5), rankOf), null],
  ['a further process does not take a lost deal out of its loss', statusForStage(version(null), stage(5), deal(9), rankOf), null],
  ['the main process takes the deal back', statusForStage(version(null), stage(1), deal(5)), 1],
  ['a held status stays', statusForStage(version(7), stage(5), deal(1, true)), null],
]
for (const [sentence, given, expected] of cases) test(sentence, () => assert.equal(given, expected))
