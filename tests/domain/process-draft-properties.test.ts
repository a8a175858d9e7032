import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type AmountRanges, amountsThrough, amountsWhere, intersect } from '../../shared/domain/amount-ranges.ts'
import { type Facts, holds } from '../../shared/domain/conditions.ts'
import { isLastStage, type ProcessVersion, unmetRequirements, waysFrom } from '../../shared/domain/process.ts'
import { checkDraft } from '../../shared/domain/process-draft.ts'
import { type Gate, unmetGates } from '../../shared/domain/rules.ts'
import type { ProcessDraft } from '../../shared/schemas/process.ts'
import { anyDraft } from '../support/drafts.ts'
import { known } from './draft-findings.ts'

test('amounts where a condition may hold are those where it does, deal by deal', () => {
  const contains = (ranges: AmountRanges, one: number) => ranges.some(([from, to]) => one >= from && one <= to)
  fc.assert(
    fc.property(anyDraft, fc.constantFrom(0, 1, 2, 5, 6, 10, 11, 12, 100, 101), (given, minor) => {
      for (const { gates, ways } of given.stages) {
        const passes = gates.every(
          (gate) => gate.kind !== 'amount' || (minor >= (gate.fromMinor ?? 0) && minor <= (gate.toMinor ?? 1e9)),
        )
        assert.equal(contains(amountsThrough(gates), minor), passes)
        for (const { condition } of ways) {
          const may = contains(amountsWhere(condition), minor)
          // With every other fact at its best for the condition: here tags are only ever asked to be there.
          assert.equal(may, condition ? holds(condition, { amount: minor, tags: ['urgent'] }) : true)
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('a draft without errors never strands a deal: at every stage that is no end some way forward can be gone, gates and all', () => {
  let walked = 0
  fc.assert(
    fc.property(anyDraft, fc.nat(), (given, seed) => {
      if (checkDraft(given, known).some(({ isError }) => isError)) return
      const version = versionOf(given)
      let at = version.stages[0]!
      const reached = new Set([at.code])
      for (let step = 0; step < 30 && !isLastStage(version, at.id); step++) {
        const ways = waysFrom(version, at.id).filter(({ stage: to }) => factsFor(version, at.id, to.id) !== null)
        const forward = ways.filter(({ kind }) => kind === 'forward')
        assert.ok(forward.length > 0, `stranded at ${at.code}`)
        const choice = step % 3 === 2 ? ways : forward
        at = choice[(seed >> step) % choice.length]!.stage
        reached.add(at.code)
      }
      if (reached.size > 2) walked++
    }),
    { numRuns: 1500 },
  )
  assert.ok(walked > 20, `only ${walked} walks went far`)
})

test('every stage of a draft without errors can be come to, and one with a stage that cannot has an error', () => {
  fc.assert(
    fc.property(anyDraft, (given) => {
      const version = versionOf(given)
      const reached = new Set([version.stages[0]!.id])
      for (let grew = true; grew; ) {
        const before = reached.size
        for (const id of [...reached])
          for (const { stage: to } of waysFrom(version, id)) if (factsFor(version, id, to.id) !== null) reached.add(to.id)
        grew = reached.size > before
      }
      const isWhole = reached.size === version.stages.length
      const findings = checkDraft(given, known)
      if (!findings.some(({ isError }) => isError)) assert.ok(isWhole)
      // Whoever may change an amount on the way gets further, never less far.
      if (!isWhole)
        assert.ok(findings.some(({ kind, isError }) => isError && (kind === 'stage_unreachable' || kind === 'gate_impossible')))
    }),
    { numRuns: 700 },
  )
})

test('no amount that comes to a stage is without a way on by its conditions, or the gap is told', () => {
  let told = 0
  fc.assert(
    fc.property(anyDraft, (given) => {
      const findings = checkDraft(given, known)
      if (findings.some(({ isError }) => isError)) return
      const version = versionOf(given)
      const gaps = new Set<string>()
      for (const minor of [0, 1, 2, 4, 5, 6, 9, 10, 11, 12, 99, 100, 101]) {
        const facts = { amount: minor, tags: ['urgent'] }
        const reached = new Set([version.stages[0]!.id])
        for (const id of reached) {
          const ways = waysFrom(version, id, facts)
          if (!isLastStage(version, id) && !ways.some(({ kind }) => kind === 'forward')) gaps.add(version.stages[id - 1]!.code)
          const passes = (gates: readonly Gate[]) =>
            unmetGates(
              gates.filter(({ kind }) => kind === 'amount'),
              facts,
            ).length === 0
          for (const { stage: to, kind } of ways) if (kind === 'back' || passes(to.gates)) reached.add(to.id)
        }
      }
      const warned = findings.filter(({ kind }) => kind === 'branches_leave_gap').map(({ stage: code }) => code)
      assert.deepEqual(warned.sort(), [...gaps].sort())
      told += warned.length
    }),
    { numRuns: 1500 },
  )
  assert.ok(told > 20, `only ${told} gaps`)
})

/** The draft as it would be published, ids by place from 1. */
function versionOf(given: ProcessDraft): ProcessVersion {
  const idOf = (code: string) => given.stages.findIndex((one) => one.code === code) + 1
  return {
    id: 1,
    statusId: null,
    stages: given.stages.map((one, index) => ({
      id: index + 1,
      code: one.code,
      position: index + 1,
      statusId: null,
      gates: one.gates,
      ways: one.ways.map(({ to, condition }) => ({ to: idOf(to), names: null, condition: condition ?? null })),
    })),
  }
}

/** Facts with which a way may be gone, or null: everything that people can do is done, and the amount is tried. */
function factsFor(version: ProcessVersion, fromId: number, toId: number): Facts | null {
  const done: Facts = {
    tags: ['urgent'],
    openTasks: 0,
    requisitesComplete: true,
    hoursInStage: 1_000,
    'approval.head': true,
    'document.contract': 'signed',
    'field.place': 'Тула',
    expectedCloseOn: '2026-01-01',
  }
  const to = version.stages[toId - 1]!
  const way = version.stages[fromId - 1]!.ways.find((one) => one.to === toId)!
  const open =
    to.position > fromId ? intersect(amountsWhere(way.condition), amountsThrough(to.gates)) : amountsWhere(way.condition)
  const tried = [0, 1, 2, 4, 5, 6, 9, 10, 11, 12, 99, 100, 101].map((minor) => ({ ...done, amount: minor }))
  const facts = tried.find((one) => unmetRequirements(version, fromId, toId, one).length === 0) ?? null
  assert.equal(facts !== null, open.length > 0)
  return facts
}
