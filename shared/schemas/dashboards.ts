import { z } from 'zod'
import { maxCards } from '../domain/dashboards.ts'
import { OtherSideFields } from './compare.ts'
import { CodeField, DayField, PlainField, TextField } from './fields.ts'
import { FunnelFields, type FunnelQuery, PartField, PhaseField } from './funnel.ts'

/** Named periods, which stay relative: a card of «this quarter» shows another quarter in three months. */
const periods = ['month', 'quarter', 'year', 'last90', 'last12', 'all'] as const
const Question = z.strictObject({
  ...FunnelFields,
  period: z.enum(periods).optional(),
  /** A past moment in the organisation's time zone: the end of a day, or `2026-06-30T14:05`. */
  asOf: z.union([DayField, z.iso.datetime({ local: true, precision: -1 })]).optional(),
  /** What one chart alone is looked at by: which period a forecast is of, by what wins are cut, the clock of times. */
  forecast: z.enum(['month', 'quarter', 'year']).optional(),
  won: z.enum(['department', 'type', 'employee']).optional(),
  clock: z.enum(['calendar', 'working']).optional(),
})
/** The question twice: what the other funnel is, and what of the difference is explained. */
const { against, aged, split, ...OtherWords } = OtherSideFields
const Comparison = Question.extend({
  ...OtherWords,
  against: against.optional(),
  aged: aged.optional(),
  split: split.optional(),
  otherAsOf: Question.shape.asOf,
  of: z.enum(['won', 'amount', 'share', 'count']).optional(),
})

/**
 * A question in the words of the funnel's own address: `period=quarter`, `type=a,b`, `field.city=Omsk`. What cannot be asked is not kept.
 * Its problems are passed on without words, for whoever reads the dashboard's input to say them in the reader's language.
 */
const wordsOf = (question: z.ZodType) =>
  z.record(z.string().max(70), PlainField.min(1).max(4000)).superRefine((words, problems) => {
    const asked = question.safeParse(gatherFields(words), { error: () => '', reportInput: true })
    if (asked.success) return
    for (const issue of asked.error.issues) problems.addIssue({ ...issue, path: issue.path.filter((part) => part !== 'fields') })
  })
export type CardWords = Readonly<Record<string, string>>

const { from: _from, to: _to, asOf: _asOf, ...SliceFields } = FunnelFields
const SlicesOnly = z.object(SliceFields)

/** The slices of a card's question, for the year so far; null when it cannot be asked any more. */
export function readCardQuery(words: CardWords): FunnelQuery | null {
  const asked = gatherFields(words)
  return Comparison.safeParse(asked).success ? SlicesOnly.parse(asked) : null
}

function gatherFields(words: CardWords): Record<string, unknown> {
  const isField = ([key]: [string, string]) => key.startsWith('field.')
  const entries = Object.entries(words)
  const fields = entries.filter(isField).map(([key, value]) => [key.slice('field.'.length), value])
  const plain = Object.fromEntries(entries.filter((entry) => !isField(entry)))
  return fields.length > 0 ? { ...plain, fields: Object.fromEntries(fields) } : plain
}

const CardFields = {
  /** Made by the app; tells the cards of one dashboard apart. */
  id: CodeField.max(20),
  /** Empty: named after its kind. */
  title: PlainField.trim().max(120).default(''),
  /** A column, two, or the whole width. */
  size: z.enum(['small', 'wide', 'full']).default('small'),
  words: wordsOf(Question).default({}),
}
export const plainCardKinds = ['funnel', 'trend', 'departments', 'activity', 'times', 'forecast', 'winRates', 'velocity'] as const
const CardField = z.discriminatedUnion('kind', [
  z.strictObject({ ...CardFields, kind: z.enum(plainCardKinds) }),
  z.strictObject({ ...CardFields, kind: z.literal('comparison'), words: wordsOf(Comparison).default({}) }),
  // One figure of a layer or of a whole chapter, and the first deals of its list.
  z
    .strictObject({
      ...CardFields,
      kind: z.enum(['number', 'deals']),
      layer: CodeField.optional(),
      chapter: PhaseField.optional(),
      part: PartField.optional(),
    })
    .refine(({ layer, chapter }) => (layer === undefined) !== (chapter === undefined), {
      path: ['layer'],
      message: 'layer | chapter',
    }),
  z.strictObject({
    ...CardFields,
    kind: z.literal('split'),
    layer: CodeField,
    split: z.enum(['type', 'counterparty', 'department', 'employee']).default('employee'),
  }),
])
export type BoardCard = z.output<typeof CardField>
export type BoardCardKind = BoardCard['kind']

const CardsField = z
  .array(CardField)
  .max(maxCards)
  .refine((cards) => new Set(cards.map(({ id }) => id)).size === cards.length, { path: ['id'] })
const BoardIdField = z.string().regex(/^[\w-]{8,16}$/)

export const DashboardById = z.strictObject({ id: BoardIdField })
export const CreateDashboard = z.strictObject({
  name: TextField(120),
  cards: CardsField.default([]),
})
export type CreateDashboardInput = z.output<typeof CreateDashboard>
export const CopyDashboard = z.strictObject({ id: BoardIdField, name: TextField(120).optional() })
export type CopyDashboardInput = z.output<typeof CopyDashboard>
export const EditDashboard = z.strictObject({
  id: BoardIdField,
  version: z.number().int(),
  name: TextField(120).optional(),
  cards: CardsField.optional(),
  shared: z.boolean().optional(),
})
export type EditDashboardInput = z.output<typeof EditDashboard>
export const RemoveDashboard = z.strictObject({ id: BoardIdField, version: z.number().int() })
export const ChooseStartPage = z.strictObject({ dashboardId: BoardIdField.nullable() })
export type ChooseStartPageInput = z.output<typeof ChooseStartPage>
