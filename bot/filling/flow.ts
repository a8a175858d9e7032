import { randomUUID } from 'node:crypto'
import type { Message } from '@grammyjs/types'
import { findDialog } from '../../api/usecases/chat/dialogs.ts'
import type { FieldValue } from '../../shared/domain/custom-fields.ts'
import { dayOf } from '../../shared/domain/periods.ts'
import { ask, defineDialog, fillingName, placeOf } from '../dialogs.ts'
import { escapeHtml, line } from '../html.ts'
import type { LinkedTurn, Screen } from '../turn.ts'
import { say } from '../turn.ts'
import { askScreen, type Found, sayAmounts } from './ask-screen.ts'
import { finish } from './finish.ts'
import { isMoot, type Known, type Question, questionOf, readKnown } from './questions.ts'
import { readAnswer, type Wrong } from './read-answer.ts'
import { receiveFile } from './receive-file.ts'
import { sayValue } from './say-value.ts'
import { search } from './search.ts'
import { answered, Filling, type Purpose, placed, requisites } from './state.ts'

/** Long enough to look something up; each answer begins it anew. */
const minutes = 60

export const fillingDialog = defineDialog(fillingName, Filling, takeText, { onOther: takeFile, minutes })

/** Begins to ask. @returns the first question */
export async function startFilling(turn: LinkedTurn, purpose: Purpose, asks: readonly string[]): Promise<Screen> {
  const id = randomUUID()
  return goOn(turn, { id, purpose, asks: [...asks], at: 0, answers: {}, names: {}, ...cardMessage(turn) })
}

/** The filling that waits here, rested or not; null when there is none any more. */
export async function findFilling(turn: LinkedTurn): Promise<Filling | null> {
  const dialog = await findDialog(turn.em, placeOf(turn))
  return dialog?.kind === fillingName && dialog.expiresAt > turn.now ? Filling.parse(dialog.payload) : null
}

/** Keeps the filling and asks its next question; when all is answered, it is done what it is for. @param before what to say first; HTML */
export async function goOn(turn: LinkedTurn, filling: Filling, before = ''): Promise<Screen> {
  const known = await readKnown(turn, filling)
  let at = filling.at
  while (at < filling.asks.length && isPassedOver(turn, filling.asks[at] ?? '', { ...filling, at }, known)) at++
  const { paused: _paused, ...awake } = at === filling.at ? filling : placed(filling, at)
  const question = questionAt(turn, awake, known)
  if (!question) return finish(turn, awake, known, keep)
  const ready = question.kind === 'several' && !awake.marked ? { ...awake, marked: markedAtFirst(question) } : awake
  await keep(turn, ready)
  return askScreen(turn, ready, question, known, { before })
}

function keep(turn: LinkedTurn, filling: Filling): Promise<void> {
  return ask(turn, fillingDialog, { ...filling, ...cardMessage(turn) })
}

/** A question that takes a card's place keeps answers to that message for itself. */
function cardMessage({ query }: LinkedTurn): { cardMessageId?: number } {
  return query?.message ? { cardMessageId: query.message.message_id } : {}
}

/** Place of the question before this one that was really asked; this one where it is the first. */
export async function placeBefore(turn: LinkedTurn, filling: Filling): Promise<number> {
  const known = await readKnown(turn, filling)
  const places = filling.asks.keys().filter((at) => at < filling.at)
  const asked = [...places].filter((at) => !isPassedOver(turn, filling.asks[at] ?? '', { ...filling, at }, known))
  return asked.at(-1) ?? filling.at
}

/** The deal as it is now has been looked at: what is written next goes over it. */
export async function seenAnew(turn: LinkedTurn, filling: Filling): Promise<Filling> {
  const { card, client } = await readKnown(turn, filling)
  const { purpose, clientVersion } = filling
  if (purpose.kind === 'new' || !card) return filling
  return {
    ...filling,
    purpose: { ...purpose, version: card.deal.version },
    ...(clientVersion === undefined || !client ? {} : { clientVersion: client.counterparty.version }),
  }
}

function isPassedOver(turn: LinkedTurn, key: string, filling: Filling, known: Known): boolean {
  return isMoot(key, filling, known) || questionOf(turn, key, filling, known) === null
}

function questionAt(turn: LinkedTurn, filling: Filling, known: Known): Question | null {
  const key = filling.asks[filling.at]
  return key === undefined ? null : questionOf(turn, key, filling, known)
}

function markedAtFirst({ current }: Question): string[] {
  return Array.isArray(current) ? [...current] : []
}

/** Takes a value as the answer to the question at hand, says how it was understood, and goes on. */
export async function takeValue(
  turn: LinkedTurn,
  filling: Filling,
  value: FieldValue,
  { name, currency }: { readonly name?: string | undefined; readonly currency?: string | undefined } = {},
): Promise<Screen> {
  const known = await readKnown(turn, filling)
  const question = questionAt(turn, filling, known)
  if (!question) return goOn(turn, filling)
  const named = name === undefined || typeof value !== 'string' ? undefined : { of: `${question.kind} ${value}`, is: name }
  const next = answered(filling, question.key, value, named)
  const version = known.client?.counterparty.version
  const isFirst = requisites.includes(question.key) && next.clientVersion === undefined && version !== undefined
  const kept = {
    ...next,
    ...(isFirst ? { clientVersion: version } : {}),
    ...(question.key === 'amount' && currency !== undefined ? { currency } : {}),
  }
  const taking = questionOf(turn, question.key, kept, known) ?? question
  const said = sayValue(turn, taking, value, kept, known)
  const taken =
    value === null ? turn.t('fill.cleared', { name: escapeHtml(question.name) }) : `✓ ${line(`${question.name}: ${said}`, 300)}`
  return goOn(turn, kept, taken)
}

async function takeText(turn: LinkedTurn, filling: Filling, text: string): Promise<void> {
  const known = await readKnown(turn, filling)
  const question = questionAt(turn, filling, known)
  if (!question) return say(turn, await goOn(turn, filling))
  if (question.kind === 'counterparty' || question.kind === 'employee' || question.kind === 'contact')
    return askAgain(turn, filling, question, known, { found: await search(turn, filling, question, known, text) })
  const read = readAnswer(question, text, {
    today: dayOf(turn.now, turn.session.organization.timeZone),
    currency: turn.session.organization.baseCurrency,
    locale: turn.locale,
  })
  if (!read.ok) return askAgain(turn, filling, question, known, { before: sayWrong(turn, question, read.wrong) })
  await say(turn, await takeValue(turn, filling, read.value, read))
}

/** A file or a photo; anything else is no answer here. */
async function takeFile(turn: LinkedTurn, filling: Filling, message: Message): Promise<void> {
  const known = await readKnown(turn, filling)
  const question = questionAt(turn, filling, known)
  if (!question) return say(turn, await goOn(turn, filling))
  if (question.kind !== 'file') return askAgain(turn, filling, question, known, { before: turn.t('fill.wrong.notFile') })
  const file = await receiveFile(turn, message)
  if (!file.ok) return askAgain(turn, filling, question, known, { before: turn.t(file.wrong) })
  await say(turn, await takeValue(turn, filling, String(file.id), file))
}

type Again = { readonly found?: Found; readonly before?: string }

/** The same question once more, with what was found or what is wrong; the time begins anew. */
async function askAgain(turn: LinkedTurn, filling: Filling, question: Question, known: Known, more: Again): Promise<void> {
  await keep(turn, filling)
  const before = more.before === undefined ? '' : `⚠️ ${more.before}`
  await say(turn, askScreen(turn, filling, question, known, { found: more.found, before }))
}

/** Why the amount is not taken is said with the stage's own limits. */
function sayWrong(turn: LinkedTurn, { amounts }: Question, { key, values }: Wrong): string {
  const safe = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? line(value, 60) : value]),
  )
  return key === 'fill.wrong.amount' ? turn.t(key, { limits: sayAmounts(turn, amounts) }) : turn.t(key, safe)
}
