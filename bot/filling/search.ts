import { listCounterparties } from '../../api/usecases/counterparties.ts'
import { listEmployees } from '../../api/usecases/people.ts'
import type { BotKey } from '../../shared/messages/ru/bot.ts'
import { ListCounterparties, ListEmployees } from '../../shared/schemas/directory.ts'
import { line } from '../html.ts'
import type { LinkedTurn } from '../turn.ts'
import { type Found, fillKey } from './ask-screen.ts'
import type { Known, Question } from './questions.ts'
import type { Filling } from './state.ts'

const foundLimit = 6
const askedLimit = 200

type Searched = { readonly rows: readonly { readonly id: number; readonly name: string }[]; readonly total: number }

/** Clients, colleagues or contacts by a part of the name, each with a key that answers; a contact that is not there may be added. */
export async function search(turn: LinkedTurn, filling: Filling, question: Question, known: Known, text: string): Promise<Found> {
  const { rows, total } = await find(turn, question, known, text)
  const keys = rows.map(({ id, name }) => fillKey(name, filling, { act: 'pick', value: String(id), name }))
  const isNewContact = question.kind === 'contact' && text.length <= question.longest
  if (isNewContact && !rows.some(({ name }) => name.toLowerCase() === text.toLowerCase()))
    keys.push(fillKey(turn.t('key.addContact', { name: text }), filling, { act: 'pick', value: `+${text}` }, 'success'))
  const said: BotKey = total > rows.length ? 'new.clientMany' : total > 0 ? 'new.clientFound' : noneFound(question)
  return { keys, said: turn.t(said, { q: line(text, 100), count: total }) }
}

function noneFound({ kind }: Question): BotKey {
  if (kind === 'contact') return 'fill.contactNone'
  return kind === 'employee' ? 'fill.employeeNone' : 'new.clientNone'
}

async function find({ session }: LinkedTurn, { kind }: Question, { client }: Known, text: string): Promise<Searched> {
  const q = text.slice(0, askedLimit)
  if (kind === 'employee') return listEmployees(session, ListEmployees.parse({ q, active: '1', limit: foundLimit }))
  if (kind === 'counterparty') return listCounterparties(session, ListCounterparties.parse({ q, limit: foundLimit }))
  const fitting = (client?.contacts ?? []).filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
  return { rows: fitting.slice(0, foundLimit), total: fitting.length }
}
