import { z } from 'zod'
import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import { addDays, dayOf } from '../../shared/domain/periods.ts'
import { formatDay, formatMoney } from '../../shared/messages/format.ts'
import type { BotKey } from '../../shared/messages/ru/bot.ts'
import { defineButton } from '../buttons.ts'
import { currentYear } from '../deal-words.ts'
import { bold, escapeHtml, line } from '../html.ts'
import { inRows, type Key, pressKey } from '../keyboards.ts'
import type { LinkedTurn, Screen } from '../turn.ts'
import { isMoot, type Known, type Question } from './questions.ts'
import { sayValue } from './say-value.ts'
import type { Filling } from './state.ts'

/** Every button of a filling: which one, at which of its questions, and what it does there. */
export const fillButton = defineButton(
  'fill',
  z.strictObject({
    fill: z.string(),
    at: z.number(),
    act: z.enum(['pick', 'mark', 'marked', 'page', 'skip', 'back', 'cancel', 'save', 'resume']),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]).optional(),
    name: z.string().optional(),
    page: z.number().optional(),
  }),
)
type Press = Omit<z.input<typeof fillButton.schema>, 'fill' | 'at'>

const pageSize = 20
/** Longer names stand in a row of their own. */
const shortLabel = 18

export function fillKey(label: string, filling: Filling, press: Press, style?: Key['style']): Key {
  return pressKey(label, fillButton, { fill: filling.id, at: filling.at, ...press }, style)
}

export type Found = { readonly keys: readonly Key[]; readonly said: string }

/**
 * One question: what was just taken, where in the line it stands, what there is now, how to answer.
 * @param found answers to choose from that a search has brought. @param before what to say first; HTML
 */
export function askScreen(
  turn: LinkedTurn,
  filling: Filling,
  question: Question,
  known: Known,
  { found, before = '' }: { readonly found?: Found | undefined; readonly before?: string } = {},
): Screen {
  const { place, of } = progressOf(filling, known)
  const head = bold(escapeHtml(question.name)) + (of > 1 ? ` · ${turn.t('fill.place', { place, of })}` : '')
  const now = sayValue(turn, question, question.current, filling, known)
  const lines = [
    ...(before === '' ? [] : [before, '']),
    head,
    ...(now === '' ? [] : [turn.t('fill.now', { value: line(now, 300) })]),
    '',
    found?.said ?? howToAnswer(turn, filling, question, known),
  ]
  const keys = [...answerKeys(turn, filling, question, known, found), ...wayKeys(turn, filling, question, now)]
  return { text: lines.join('\n'), keys }
}

/** The question's place among those that are asked. */
export function progressOf(filling: Filling, known: Known): { readonly place: number; readonly of: number } {
  const asked = filling.asks.map((key, index) => ({ index, moot: isMoot(key, filling, known) })).filter(({ moot }) => !moot)
  return { place: asked.filter(({ index }) => index <= filling.at).length, of: asked.length }
}

const hints = {
  text: 'fill.ask.text',
  number: 'fill.ask.number',
  money: 'fill.ask.money',
  day: 'fill.ask.day',
  choice: 'fill.ask.choice',
  several: 'fill.ask.several',
  flag: 'fill.ask.flag',
  file: 'fill.ask.file',
  counterparty: 'new.client',
  employee: 'fill.ask.employee',
  contact: 'fill.ask.contact',
} as const satisfies Record<Exclude<Question['kind'], 'requisite'>, BotKey>

function howToAnswer(
  turn: LinkedTurn,
  { purpose }: Filling,
  { key, kind, amounts, currency: own }: Question,
  { client }: Known,
): string {
  const currency = own ?? turn.session.organization.baseCurrency
  if (kind === 'requisite') {
    const name = line(client?.counterparty.name ?? '', 100)
    return turn.t(`fill.ask.${key as 'inn' | 'kpp' | 'address'}`, { name })
  }
  if (purpose.kind === 'new' && key === 'title') return turn.t('new.title')
  if (purpose.kind === 'new' && key === 'amount') return turn.t('new.amount')
  const asked = turn.t(hints[kind], { currency, name: line(client?.counterparty.name ?? '', 100) })
  const limits = kind === 'money' ? sayAmounts(turn, amounts) : ''
  return limits === '' ? asked : `${asked}\n${limits}`
}

/** What amounts the stage takes; empty where any will do. */
export function sayAmounts(turn: LinkedTurn, amounts: Question['amounts']): string {
  const [range] = amounts
  if (!range) return turn.t('fill.amounts.none')
  const money = (minor: number) => formatMoney(minor, turn.session.organization.baseCurrency, turn.locale)
  const [from, to] = range
  if (from === 0 && to === Number.POSITIVE_INFINITY) return ''
  if (to === Number.POSITIVE_INFINITY) return turn.t('fill.amounts.from', { from: money(from) })
  return turn.t(from === 0 ? 'fill.amounts.to' : 'fill.amounts.between', { from: money(from), to: money(to) })
}

function answerKeys(turn: LinkedTurn, filling: Filling, question: Question, known: Known, found?: Found): Key[][] {
  const pick = (label: string, value: FieldValue & (string | boolean), name?: string): Key =>
    fillKey(label, filling, { act: 'pick', value, ...(name === undefined ? {} : { name }) })
  if (found && found.keys.length > 0) return found.keys.map((key) => [key])
  switch (question.kind) {
    case 'flag':
      return [[pick(turn.t('key.yes'), true), pick(turn.t('key.no'), false)]]
    case 'day':
      return [dayKeys(turn, pick)]
    case 'choice':
    case 'several':
      return optionKeys(turn, filling, question)
    case 'employee':
      return [[pick(turn.t('key.me'), String(turn.session.actor.id), turn.session.actor.name)]]
    case 'contact':
      return (known.client?.contacts ?? []).slice(0, pageSize).map(({ id, name }) => [pick(name, String(id), name)])
    default:
      return []
  }
}

function dayKeys(turn: LinkedTurn, pick: (label: string, value: string) => Key): Key[] {
  const today = dayOf(turn.now, turn.session.organization.timeZone)
  const week = addDays(today, 7)
  return [
    pick(turn.t('key.today'), today),
    pick(turn.t('key.tomorrow'), addDays(today, 1)),
    pick(turn.t('key.week', { day: formatDay(week, turn.locale, currentYear(turn)) }), week),
  ]
}

function optionKeys(turn: LinkedTurn, filling: Filling, { field, kind }: Question): Key[][] {
  const page = filling.page ?? 0
  const shown = field.options.slice(page * pageSize, (page + 1) * pageSize)
  const marked = filling.marked ?? []
  const keys = shown.map((option) => {
    const label = marked.includes(option.code) ? `✓ ${option[turn.locale]}` : option[turn.locale]
    return fillKey(label, filling, { act: kind === 'several' ? 'mark' : 'pick', value: option.code })
  })
  const width = shown.every((option) => option[turn.locale].length <= shortLabel) ? 2 : 1
  const pager = [
    ...(page > 0 ? [fillKey(turn.t('key.previous'), filling, { act: 'page', page: page - 1 })] : []),
    ...(field.options.length > (page + 1) * pageSize
      ? [fillKey(turn.t('key.next'), filling, { act: 'page', page: page + 1 })]
      : []),
  ]
  const done =
    kind === 'several' && marked.length > 0
      ? [fillKey(turn.t('key.marked', { count: marked.length }), filling, { act: 'marked' }, 'success')]
      : []
  return [...inRows(keys, width), pager, done]
}

/** On without an answer, back, out. */
function wayKeys(turn: LinkedTurn, filling: Filling, question: Question, now: string): Key[][] {
  const { key, field, isMandatory } = question
  const isOnlyOne = filling.asks.length === 1
  const isAnswered = key in filling.answers && question.current !== null
  const skip = isAnswered
    ? [fillKey(turn.t('key.keep'), filling, { act: 'skip' })]
    : isMandatory || isOnlyOne
      ? []
      : [
          fillKey(turn.t(filling.purpose.kind === 'new' && key === 'counterparty' ? 'key.noClient' : 'key.skip'), filling, {
            act: 'skip',
          }),
        ]
  const clear =
    isOnlyOne && filling.purpose.kind === 'edit' && !field.isRequired && now !== ''
      ? [fillKey(turn.t('key.clear'), filling, { act: 'pick', value: null }, 'danger')]
      : []
  const back = filling.at > 0 ? [fillKey(turn.t('key.back'), filling, { act: 'back' })] : []
  return [[...skip, ...clear, ...back], [fillKey(turn.t('key.cancel'), filling, { act: 'cancel' })]]
}
