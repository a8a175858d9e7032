import { z } from 'zod'
import {
  CodeField,
  DayField,
  IdField,
  IdListField,
  ListField,
  PageFields,
  PlainField,
  SwitchField,
  WithoutRateField,
} from './fields.ts'

const phases = ['presale', 'sale', 'delivery', 'support', 'renewal'] as const

export const PhaseField = z.enum(phases)

/** The question a funnel answers; the same for picture, list, split, charts and reports (contract.md, HTTP). */
export const FunnelFields = {
  basis: z.enum(['cohort', 'snapshot', 'flow']).default('cohort'),
  from: DayField.optional(),
  to: DayField.optional(),
  asOf: z.iso
    .datetime({ offset: true })
    .refine((instant) => instant >= '1900')
    .optional(),
  type: ListField.optional(),
  counterparty: IdListField.optional(),
  department: IdListField.optional(),
  employee: IdListField.optional(),
  attribution: z.enum(['current', 'event']).default('current'),
  by: z.enum(['count', 'amount']).default('count'),
  strict: SwitchField.default(false),
  /** Chapters of the funnel: only their layers are shown. */
  phase: ListField.pipe(z.array(PhaseField)).optional(),
  /** Deals that carry any of these. */
  tag: ListField.optional(),
  /** `field.<code>=value`, as in lists of deals. */
  fields: z.record(CodeField, PlainField.trim().max(1000)).optional(),
}
export const ShowFunnel = z.strictObject(FunnelFields)
export type FunnelQuery = z.output<typeof ShowFunnel>

const CutField = z.enum(['department', 'type', 'employee'])
/** Won in the period, by department, type or employee. */
export const ShowWonBars = z.strictObject({ ...FunnelFields, cut: CutField.default('department') })
export type ShowWonBarsInput = z.output<typeof ShowWonBars>

/** Parts of a cohort's layer, then those of a flow's, that of a snapshot; `lost` and `stillThere` are of the first two. A chapter has no `through`, `joined` and `stillThere`. */
export const PartField = z.enum([
  'reached',
  'passed',
  'lost',
  'open',
  'finished',
  'skipped',
  'through',
  'joined',
  'entered',
  'advanced',
  'movedBack',
  'handedOff',
  'stillThere',
  'overdue',
])
/** Of what the deals are: of one of these, or of the whole figure. */
const places = ['layer', 'chapter', 'happened'] as const
/** What happened that bars count too, and the days a year earlier with it. */
const ofBars = ['created', 'won', 'lost'] as const
const isOfBars = (happened: string | undefined) => ofBars.some((one) => one === happened)
export const ListFunnelDeals = z
  .strictObject({
    ...FunnelFields,
    layer: CodeField.optional(),
    /** The layers of one phase together; of a cohort alone. */
    chapter: PhaseField.optional(),
    /** The whole layer or chapter unless told. */
    part: PartField.optional(),
    /** What happened to the deals in the period, as the charts count it: they entered the funnel, were won, were lost, were worked on by people. */
    happened: z.enum([...ofBars, 'worked']).optional(),
    /** With `happened`, but `worked`: only those of this department itself, this type or this employee, as a bar of the chart has them. */
    cut: CutField.optional(),
    key: IdField.optional(),
    /** With `happened`, but `worked`: in the same days a year earlier, as the tick of a bar has them. */
    yearBefore: SwitchField.optional(),
    withoutRate: WithoutRateField,
    sort: z.enum(['recent', 'created', 'amount', 'waiting', 'number']).default('amount'),
    ...PageFields,
  })
  .refine((input) => places.filter((place) => input[place] !== undefined).length <= 1, { message: places.join(' | ') })
  .refine(({ part, layer, chapter }) => part === undefined || layer !== undefined || chapter !== undefined, {
    path: ['part'],
    message: 'layer | chapter',
  })
  .refine(({ yearBefore, happened }) => !yearBefore || isOfBars(happened), { path: ['yearBefore'], message: 'happened' })
  .refine(({ cut, key, happened }) => (cut === undefined) === (key === undefined) && (!cut || isOfBars(happened)), {
    path: ['cut'],
    message: 'happened, cut & key',
  })
export type ListFunnelDealsInput = z.output<typeof ListFunnelDeals>

export const SplitFunnel = z.strictObject({
  ...FunnelFields,
  layer: CodeField,
  split: z.enum(['type', 'counterparty', 'department', 'employee']).default('employee'),
})
export type SplitFunnelInput = z.output<typeof SplitFunnel>
