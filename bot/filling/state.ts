import { z } from 'zod'
import type { FieldValue } from '../../shared/domain/custom-fields.ts'

const Value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

/** What is done with the answers once all is answered. `version` is the deal's as the person saw it. */
const Purpose = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('move'),
    number: z.number(),
    version: z.number(),
    stage: z.string(),
    run: z.number().optional(),
  }),
  z.strictObject({ kind: z.literal('edit'), number: z.number(), version: z.number() }),
  z.strictObject({ kind: z.literal('new'), type: z.string() }),
])
export type Purpose = z.output<typeof Purpose>

/**
 * Questions asked one after the other, as the chat keeps them between two messages. Keys name what is asked: `title`, `amount`,
 * `counterparty`, `contact`, `expectedCloseOn`, `description`, `inn`, `kpp`, `address` (the last three of the client), `field.<code>`.
 */
export const Filling = z.strictObject({
  /** Told on every button: those of other questions have no effect. */
  id: z.string(),
  purpose: Purpose,
  asks: z.array(z.string()),
  /** Place in `asks`; behind its end all is answered. */
  at: z.number(),
  /** By key, as `shared/domain/custom-fields.ts` keeps values; a contact by id, or `+Name` for a new one. */
  answers: z.record(z.string(), Value),
  /** What picked clients, contacts, employees and files are called, by kind and id. */
  names: z.record(z.string(), z.string()),
  /** Options marked so far where several may be. */
  marked: z.array(z.string()).optional(),
  page: z.number().optional(),
  /** What the amount was answered in. */
  currency: z.string().optional(),
  /** The client's version when the first of his requisites was answered. */
  clientVersion: z.number().optional(),
  /** Something else was done in between: what is written is no answer, until a button of the question goes on. */
  paused: z.boolean().optional(),
  /** The message that shows the question, where it took a card's place. */
  cardMessageId: z.number().optional(),
})
export type Filling = z.output<typeof Filling>

export const requisites: readonly string[] = ['inn', 'kpp', 'address']

/** With the answer, at the next place. Another client takes what was said of the one before along. */
export function answered(filling: Filling, key: string, value: FieldValue, name?: { of: string; is: string }): Filling {
  const { marked: _marked, page: _page, ...kept } = filling
  const before = key === 'counterparty' && filling.answers['counterparty'] !== value ? [...requisites, 'contact'] : []
  const answers = Object.fromEntries(Object.entries(filling.answers).filter(([known]) => !before.includes(known)))
  const { clientVersion, ...rest } = kept
  return {
    ...rest,
    ...(before.length > 0 || clientVersion === undefined ? {} : { clientVersion }),
    answers: { ...answers, [key]: Array.isArray(value) ? [...value] : (value as string | number | boolean | null) },
    names: name ? { ...filling.names, [name.of]: name.is } : filling.names,
    at: filling.at + 1,
  }
}

/** At another place, with nothing marked. */
export function placed(filling: Filling, at: number): Filling {
  const { marked: _marked, page: _page, ...kept } = filling
  return { ...kept, at }
}
