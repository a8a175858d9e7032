import type { Words } from '../../../../shared/domain/status-rules.ts'
import type { Phase, StatusCategory } from '../../../../shared/views/common.ts'
import type { StatusView } from '../../../../shared/views/dictionaries.ts'
import { fillNames, isNamed } from '../types/names.ts'

/** A status as it stands in the form: numbers as typed. */
export type StatusDraft = {
  readonly names: Words
  readonly category: StatusCategory
  readonly phase: Phase
  readonly isWon: boolean
  readonly shown: boolean
  readonly colour: number | null
  readonly probability: string
  readonly limitHours: number | null
  readonly target: string
  /** Of a new one: code of the status it goes behind, empty for the front. */
  readonly after: string
}
export type DraftProblems = { readonly [Field in 'name' | 'probability' | 'target']: 'name' | 'share' | null }

export const phases: readonly Phase[] = ['presale', 'sale', 'delivery', 'support', 'renewal']

export function draftOf(status: StatusView | null): StatusDraft {
  return {
    names: status?.names ?? { ru: '', en: '' },
    category: status?.category ?? 'open',
    phase: status?.phase ?? 'presale',
    isWon: status?.isWon ?? false,
    shown: status?.shownInFunnel ?? true,
    colour: status?.colour ?? null,
    probability: String(status?.probabilityPct ?? 0),
    limitHours: status?.timeLimitHours ?? null,
    target: status?.targetConversionPct == null ? '' : String(status.targetConversionPct),
    after: '',
  }
}

export function problemsOf(draft: StatusDraft): DraftProblems {
  const isShare = (text: string, from: number): boolean =>
    /^\d{1,3}$/.test(text.trim()) && Number(text) >= from && Number(text) <= 100
  return {
    name: isNamed(draft.names) ? null : 'name',
    probability: isShare(draft.probability, 0) ? null : 'share',
    target: draft.target.trim() === '' || isShare(draft.target, 1) ? null : 'share',
  }
}

/** What the API takes; a lost status has neither place nor chances. */
export function bodyOf(draft: StatusDraft): Record<string, unknown> {
  const names = fillNames(draft.names)
  if (draft.category === 'lost') return { names, phase: draft.phase, category: draft.category }
  return {
    names,
    phase: draft.phase,
    category: draft.category,
    isWon: draft.isWon,
    shownInFunnel: draft.shown,
    colour: draft.colour,
    probabilityPct: Number(draft.probability),
    timeLimitHours: draft.limitHours,
    targetConversionPct: draft.target.trim() === '' ? null : Number(draft.target),
  }
}

/** Only what differs from the status as it was seen: what others changed meanwhile stays theirs. */
export function changesOf(draft: StatusDraft, seen: StatusView): Record<string, unknown> {
  const [now, was] = [bodyOf(draft), bodyOf(draftOf(seen))]
  const changed = Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(was[key]))
  // An archived status is no layer, whatever it was before.
  return Object.fromEntries(seen.archived ? changed.filter(([key]) => key !== 'shownInFunnel') : changed)
}
