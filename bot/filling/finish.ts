import { z } from 'zod'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { defineButton } from '../buttons.ts'
import { endDialog } from '../dialogs.ts'
import { confirmed, dealCard } from '../features/deal-card.ts'
import { bold, escapeHtml, line } from '../html.ts'
import { pressKey } from '../keyboards.ts'
import type { LinkedTurn, Screen } from '../turn.ts'
import { findLastChange } from '../who-changed.ts'
import { fillKey } from './ask-screen.ts'
import { blockedScreen, type Target } from './blocked-screen.ts'
import { type Known, ownKeys, valueNow, wayOf } from './questions.ts'
import { createFrom, isStale, saveAnswers } from './save.ts'
import { answersOf, sayValue } from './say-value.ts'
import type { Filling, Purpose } from './state.ts'

/** Asks for the fields that a deal does not have yet. */
export const fillMoreButton = defineButton('fill.more', z.strictObject({ number: z.number() }))

/** So many answers are named where somebody was faster. */
const listed = 8

type Keep = (turn: LinkedTurn, filling: Filling) => Promise<void>
type Existing = Exclude<Purpose, { kind: 'new' }>
type Written = Filling & { readonly purpose: Existing }

/** All is answered: a new deal is made; else the answers are written, if nobody has changed the deal meanwhile, and its way is gone. */
export async function finish(turn: LinkedTurn, filling: Filling, known: Known, keep: Keep): Promise<Screen> {
  const { purpose } = filling
  if (purpose.kind === 'new') {
    await endDialog(turn)
    return madeScreen(turn, await createFrom(turn, filling, purpose.type, known))
  }
  const written: Written = { ...filling, purpose }
  if (!known.card) return { text: turn.t('dialog.cancelled') }
  const said = answersOf(turn, filling, known)
  if (said.length > 0 && isStale(written, known)) {
    await keep(turn, filling)
    return staleScreen(turn, written, known, known.card)
  }
  await endDialog(turn)
  if (said.length === 0) return after(turn, known.card, purpose, '')
  const list = said.map(({ question, said: value }) => `${question.name}: ${value === '' ? '—' : value}`).join(', ')
  return after(turn, await saveAnswers(turn, written, known), purpose, `✓ ${line(turn.t('fill.saved', { list }), 600)}`)
}

/** The card of a deal that was made here; what it may have besides is asked for at a key. */
function madeScreen(turn: LinkedTurn, card: DealCard): Screen {
  const screen = dealCard(turn, card)
  const more = emptyKeys(card).length > 0 && card.actions.includes('edit')
  const key = pressKey(turn.t('key.moreFields'), fillMoreButton, { number: card.deal.number })
  return { ...screen, text: `${turn.t('new.done')}\n${screen.text}`, keys: [...(more ? [[key]] : []), ...(screen.keys ?? [])] }
}

/** The fields that a deal may have and has not. */
export function emptyKeys(card: DealCard): readonly string[] {
  const custom = card.book.of(card.deal.typeId).map(({ code }) => `field.${code}`)
  const known: Known = { card, typeId: card.deal.typeId, book: card.book, client: null }
  const keys = [...ownKeys.filter((key) => key !== 'amount' && key !== 'title'), ...custom]
  return keys.filter((key) => valueNow(key, known) === null && !(key === 'contact' && card.deal.counterpartyId === null))
}

/** After the fields: the stage, when nothing keeps the deal from it any more; else what does. */
async function after(turn: LinkedTurn, card: DealCard, purpose: Existing, before: string): Promise<Screen> {
  if (purpose.kind === 'edit') return withHead(dealCard(turn, card), before)
  const target: Target = { stage: purpose.stage, run: purpose.run }
  const blocked = await blockedScreen(turn, card, target, before)
  if (blocked) return blocked
  const way = wayOf(card, target)
  if (!way || !card.actions.includes('move'))
    return withHead(dealCard(turn, card), [before, turn.t('blocked.noWay')].filter(Boolean).join('\n'))
  const { number, version } = card.deal
  const run = purpose.run === undefined ? {} : { run: purpose.run }
  const moved = await moveDeal(turn.session, { number, version, stage: purpose.stage, ...run })
  const name = escapeHtml(way.stage.names[turn.locale])
  return withHead(
    confirmed(turn, moved, 'stage'),
    [before, turn.t('blocked.moved', { stage: bold(name) })].filter(Boolean).join('\n'),
  )
}

function withHead(screen: Screen, head: string): Screen {
  return head === '' ? screen : { ...screen, text: `${head}\n\n${screen.text}` }
}

/** Somebody was faster: who and what, the deal as it is, and the answers that are still to be written. */
async function staleScreen(turn: LinkedTurn, filling: Written, known: Known, card: DealCard): Promise<Screen> {
  const { purpose } = filling
  const change = card.deal.version === purpose.version ? null : await findLastChange(turn, purpose.number)
  const why = change
    ? turn.t('fill.changedBy', { person: line(change.person, 100), at: change.at, what: line(change.what, 200) })
    : turn.t('fill.changed')
  const rows = answersOf(turn, filling, known).map(({ question, said }) => {
    const now = sayValue(turn, question, valueNow(question.key, known), filling, known)
    const isOther = now !== '' && now !== said
    const text = line(`${question.name}: ${said === '' ? '—' : said}`, 120)
    return `• ${text}${isOther ? ` (${turn.t('fill.nowInline', { value: line(now, 60) })})` : ''}`
  })
  const more = rows.length > listed ? [turn.t('card.documentsMore', { count: rows.length - listed })] : []
  const lines = [`⚠️ ${why}`, '', dealCard(turn, card).text, '', turn.t('fill.unsaved'), ...rows.slice(0, listed), ...more]
  return {
    text: lines.join('\n'),
    keys: [
      [fillKey(turn.t('key.saveAnyway'), filling, { act: 'save' }, 'primary')],
      [fillKey(turn.t('key.back'), filling, { act: 'back' }), fillKey(turn.t('key.cancel'), filling, { act: 'cancel' })],
    ],
  }
}
