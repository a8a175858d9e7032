import { addDays, offsetMs, type Period, type PeriodPreset, presetPeriod, startOfDay } from '../../../../shared/domain/periods.ts'
import type { Phase } from '../../../../shared/views/common.ts'

/** What the funnel is cut by, as the address bar holds it; every state of the screen is an address. */
export type SliceKind = 'type' | 'counterparty' | 'department' | 'employee'
export type Slice = {
  readonly period: PeriodPreset | 'own'
  /** Days, half-open; only with `own`. */
  readonly own: Period | null
  /** The past moment that is looked at: the end of a day, or `2026-06-30T14:05`, in the organisation's time zone; null is now. */
  readonly asOf: string | null
  /** Codes of types, ids of the rest. */
  readonly ids: Readonly<Record<SliceKind, readonly string[]>>
  readonly attribution: 'current' | 'event'
  readonly strict: boolean
  readonly basis: Basis
  readonly by: 'count' | 'amount'
  /** Chapters of the funnel that are shown; none: all. */
  readonly phases: readonly Phase[]
  readonly tags: readonly string[]
  /** Custom fields by code, as lists of deals filter by them; an empty one is taken out of the address. */
  readonly fields: Readonly<Record<string, string>>
}
export type Basis = 'cohort' | 'flow' | 'snapshot'
export const bases: readonly Basis[] = ['cohort', 'flow', 'snapshot']
export const phases: readonly Phase[] = ['presale', 'sale', 'delivery', 'support', 'renewal']
const fieldKey = /^field\.([a-z0-9][a-z0-9_-]{0,59})$/i

export const sliceKinds: readonly SliceKind[] = ['type', 'counterparty', 'department', 'employee']
export const presets: readonly PeriodPreset[] = ['month', 'quarter', 'year', 'last90', 'last12', 'all']
const dayPattern = /^\d{4}-\d{2}-\d{2}$/
/** What is older the server takes for a slip. */
const firstDay = '1900-01-01'

/** A day of the calendar as an address has it; null for what is none, such as 31 February, which `Date.parse` would take for 3 March. */
export function readDay(value: string | null): string | null {
  if (!value || !dayPattern.test(value) || value < firstDay) return null
  const instant = Date.parse(value)
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(value) ? value : null
}

function readMoment(value: string | null): string | null {
  const [day, time] = (value ?? '').split('T')
  if (time === undefined) return readDay(value)
  return readDay(day ?? null) && /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? value : null
}

/** The instant of `Slice.asOf`. The end of a day is the instant at which the next one begins. */
export function instantOf(asOf: string, timeZone: string): Date {
  const [day = '', time] = asOf.split('T')
  if (time === undefined) return startOfDay(addDays(day, 1), timeZone)
  const local = Date.parse(`${asOf}:00Z`)
  return new Date(local - offsetMs(new Date(local - offsetMs(new Date(local), timeZone)), timeZone))
}

/** Reads an address; what cannot be read falls back to the usual, so that an old link never breaks the screen. */
export function readSlice(params: Pick<URLSearchParams, 'get' | 'entries'>): Slice {
  const from = readDay(params.get('from'))
  const to = readDay(params.get('to'))
  const own = from && to && from < to ? { from, to } : null
  const preset = presets.find((known) => known === params.get('period')) ?? 'year'
  const idsOf = (kind: SliceKind): readonly string[] =>
    (params.get(kind) ?? '').split(',').filter((id) => (kind === 'type' ? /^[\w-]+$/ : /^\d{1,9}$/).test(id))
  return {
    period: own ? 'own' : preset,
    own,
    asOf: readMoment(params.get('asOf')),
    ids: {
      type: idsOf('type'),
      counterparty: idsOf('counterparty'),
      department: idsOf('department'),
      employee: idsOf('employee'),
    },
    attribution: params.get('attribution') === 'event' ? 'event' : 'current',
    strict: params.get('strict') === '1',
    basis: bases.find((known) => known === params.get('basis')) ?? 'cohort',
    by: params.get('by') === 'amount' ? 'amount' : 'count',
    phases: phases.filter((phase) => (params.get('phase') ?? '').split(',').includes(phase)),
    tags: (params.get('tag') ?? '').split(',').filter((tag) => tag.trim() !== ''),
    fields: Object.fromEntries(
      [...params.entries()].flatMap(([key, value]) => {
        const code = fieldKey.exec(key)?.[1]
        return code && value !== '' ? [[code, value]] : []
      }),
    ),
  }
}

/** The same as an address; only what differs from the usual is written. */
export function writeSlice(slice: Slice): Record<string, string | null> {
  const usual = (value: string, usualValue: string): string | null => (value === usualValue ? null : value)
  return {
    period: slice.own ? null : usual(slice.period, 'year'),
    from: slice.own?.from ?? null,
    to: slice.own?.to ?? null,
    asOf: slice.asOf,
    type: slice.ids.type.join(',') || null,
    counterparty: slice.ids.counterparty.join(',') || null,
    department: slice.ids.department.join(',') || null,
    employee: slice.ids.employee.join(',') || null,
    attribution: usual(slice.attribution, 'current'),
    strict: slice.strict ? '1' : null,
    basis: usual(slice.basis, 'cohort'),
    by: usual(slice.by, 'count'),
    phase: slice.phases.join(',') || null,
    tag: slice.tags.join(',') || null,
    ...Object.fromEntries(Object.entries(slice.fields).map(([code, value]) => [`field.${code}`, value || null])),
  }
}

/** The period in days: named ones as they were on the day that is looked at. @param today in the organisation's time zone. */
export function periodOf(slice: Slice, today: string): Period {
  if (slice.own) return slice.own
  return presetPeriod(slice.period === 'own' ? 'year' : slice.period, slice.asOf?.slice(0, 10) ?? today)
}

/**
 * The query of every `/api/funnel…` request; what is usual is left to the server, so that the usual funnel has one short address.
 * @param today gives the day in the organisation's time zone, asked only when the slice depends on it; @param timeZone the organisation's
 */
export function sliceQuery(
  slice: Slice,
  today: () => string,
  timeZone: string,
): Readonly<Record<string, string | null | undefined>> {
  const { period: _period, from: _from, to: _to, asOf, ...rest } = writeSlice(slice)
  const isUsual = slice.period === 'year' && (!asOf || slice.basis === 'snapshot')
  const period = isUsual ? {} : periodOf(slice, today())
  const moment = asOf ? { asOf: instantOf(asOf, timeZone).toISOString() } : {}
  return { ...rest, ...period, ...moment }
}

/** How many of the given slices are set. */
export function countSet(slice: Slice, kinds: readonly SliceKind[]): number {
  return kinds.filter((kind) => slice.ids[kind].length > 0).length
}

/** Everything that narrows is taken away; basis and measure stay. */
export function clearedSlice(slice: Slice): Slice {
  const none = { type: [], counterparty: [], department: [], employee: [] }
  const fields = Object.fromEntries(Object.keys(slice.fields).map((code) => [code, '']))
  return {
    ...slice,
    period: 'year',
    own: null,
    asOf: null,
    ids: none,
    strict: false,
    attribution: 'current',
    phases: [],
    tags: [],
    fields,
  }
}
