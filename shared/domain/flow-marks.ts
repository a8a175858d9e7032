import type { Phase } from '../views/common.ts'
import type { FlowPart } from '../views/funnel.ts'
import { AppError } from './app-error.ts'
import { type FunnelStatus, ladderOf } from './funnel.ts'
import { phaseOrder } from './funnel-chapters.ts'
import { type FlowCount, type FlowOutcome, flowOutcomes } from './funnel-flow.ts'

/**
 * How a flow up to now is kept by day: as marks, which deals leave on the days of their entries. An entry into a layer leaves `8 * status` and what became
 * of it; the last entry into each phase leaves which phases were entered later, below zero. The database makes them, see its view `funnel_tracing`.
 */

/** So many deals left this mark in the period, and came to so much. */
export type MarkSum = { readonly mark: number; readonly deals: number; readonly amountMinor: number }

/** What a status is to the marks. */
export type Rung = {
  readonly statusId: number
  /** What a merged one counts as. */
  readonly countsAs: number
  /** In funnel order; null: lost. */
  readonly place: number | null
  readonly isLost: boolean
  /** 0: it has no layer. */
  readonly phaseBit: number
}

const room = 8
/** 0 is an entry that another of the same deal into the same status followed: it counts among the entries, and in no outcome. */
const outcomeCodes: Readonly<Record<FlowOutcome, number>> = { advanced: 1, lost: 2, movedBack: 3, handedOff: 4, stillThere: 5 }
const allPhases = phaseOrder.length
const bitOf = (phase: Phase) => 1 << phaseOrder.indexOf(phase)

/** @param resolved every status's id beside the id that it counts as. @param live those that count as themselves */
export function rungsOf(resolved: ReadonlyMap<number, number>, live: readonly FunnelStatus[]): readonly Rung[] {
  const { places, lost, layers } = ladderOf(live)
  const phases = new Map(layers.map(({ id, phase }) => [id, bitOf(phase)]))
  return [...resolved].map(([statusId, countsAs]) => ({
    statusId,
    countsAs,
    place: places.get(countsAs) ?? null,
    isLost: lost.has(countsAs),
    phaseBit: phases.get(countsAs) ?? 0,
  }))
}

/** What `flowFunnel` counts. */
export function countMarks(sums: readonly MarkSum[]): readonly FlowCount[] {
  return sums
    .filter(({ mark }) => mark > 0)
    .map(({ mark, deals, amountMinor }) => {
      const status = Math.floor(mark / room)
      const outcome = flowOutcomes.find((one) => outcomeCodes[one] === mark % room)
      return outcome
        ? { status, outcome, entries: deals, count: deals, amountMinor }
        : { status, outcome: 'stillThere', entries: deals, count: 0, amountMinor: 0 }
    })
}

/**
 * Marks of the deals of one figure of one layer: each deal has left exactly one of them, on the day of its last entry.
 * @throws AppError not_found when the status is not a layer
 */
export function marksOfPart(statuses: readonly FunnelStatus[], layerStatusId: number, part: FlowPart): readonly number[] {
  if (!ladderOf(statuses).layers.some((layer) => layer.id === layerStatusId)) throw new AppError('not_found')
  const outcomes = part === 'entered' ? flowOutcomes : [part]
  return outcomes.map((outcome) => room * layerStatusId + outcomeCodes[outcome])
}

/** Marks of the deals that entered any layer of these phases: each deal has left exactly one of them, on the day of the last such entry. */
export function marksOfPhases(phases: readonly Phase[]): readonly number[] {
  const asked = phases.reduce((bits, phase) => bits | bitOf(phase), 0)
  const laterOnes = Array.from({ length: 1 << allPhases }, (_, bits) => bits).filter((bits) => (bits & asked) === 0)
  return phases.flatMap((phase) => laterOnes.map((later) => -(bitOf(phase) + (1 << allPhases) * later)))
}
