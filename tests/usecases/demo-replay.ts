import type { Door, Session } from '../../api/session.ts'
import { commentDeal } from '../../api/usecases/deals/comment-deal.ts'
import { createDeal } from '../../api/usecases/deals/create-deal.ts'
import { editDeal } from '../../api/usecases/deals/edit-deal.ts'
import { loseDeal, reopenDeal } from '../../api/usecases/deals/lose-deal.ts'
import { moveDeal } from '../../api/usecases/deals/move-deal.ts'
import { reassignDeal, setParticipants } from '../../api/usecases/deals/reassign-deal.ts'
import { liftHold, setStatus } from '../../api/usecases/deals/set-status.ts'
import type { DealCard } from '../../api/usecases/deals/show-deal.ts'
import { undoChange } from '../../api/usecases/deals/undo-change.ts'
import type { Em, Orm } from '../../db/orm.ts'
import { personSeeds } from '../../db/seeds/demo-people.ts'
import type { DealScript, DemoVerb } from '../../db/seeds/demo-verbs.ts'
import { selectRows, sql } from '../../db/sql.ts'
import * as schemas from '../../shared/schemas/deals.ts'

const organization = { name: 'АО «Волга-Пак»', timeZone: 'Europe/Moscow', baseCurrency: 'RUB', isDemo: true }

/** Does a script to a new deal through the use-cases, each deed by its person at its time. @returns the deal's number. */
export async function replay(orm: Orm, script: DealScript): Promise<number> {
  let card: DealCard | null = null
  for (const verb of script) card = await perform(sessionOf(orm.em.fork(), verb.actorId, verb.at, verb.door), verb, card)
  return card!.deal.number
}

/** A session of one of the demo company's people. */
export function sessionOf(em: Em, actorId: number, now: Date, door: Door = 'web'): Session {
  const { id, name, role, departmentId } = personSeeds.find((seed) => seed.id === actorId)!
  return { em, actor: { id, name, role, departmentId }, now, locale: 'ru', door, organization }
}

function perform(session: Session, verb: DemoVerb, card: DealCard | null): Promise<DealCard> {
  if (verb.verb === 'create') {
    const { title, typeCode, description, counterpartyId, contactId, ownerId, expectedCloseOn } = verb
    const amount = { amountMinor: verb.amountMinor, currency: organization.baseCurrency }
    return createDeal(
      session,
      schemas.CreateDeal.parse({
        title,
        type: typeCode,
        amount,
        description,
        counterpartyId,
        contactId,
        ownerId,
        expectedCloseOn,
      }),
    )
  }
  const seen = { number: card!.deal.number, version: card!.deal.version }
  switch (verb.verb) {
    case 'move':
      return moveDeal(session, schemas.MoveDeal.parse({ ...seen, stage: verb.stage, comment: verb.comment }))
    case 'setStatus':
      return setStatus(session, schemas.SetStatus.parse({ ...seen, status: verb.status, reason: verb.reason, hold: verb.hold }))
    case 'liftHold':
      return liftHold(session, schemas.LiftHold.parse(seen))
    case 'lose':
      return loseDeal(session, schemas.LoseDeal.parse({ ...seen, status: verb.status, reason: verb.reason }))
    case 'reopen':
      return reopenDeal(session, schemas.ReopenDeal.parse({ ...seen, reason: verb.reason }))
    case 'reassign':
      return reassignDeal(session, schemas.ReassignDeal.parse({ ...seen, employeeId: verb.employeeId, comment: verb.comment }))
    case 'participants':
      return setParticipants(session, schemas.SetParticipants.parse({ ...seen, employeeIds: verb.employeeIds }))
    case 'edit': {
      const amount =
        verb.amountMinor === undefined ? undefined : { amountMinor: verb.amountMinor, currency: organization.baseCurrency }
      const { expectedCloseOn, probabilityPct } = verb
      return editDeal(session, schemas.EditDeal.parse({ ...seen, amount, expectedCloseOn, probabilityPct }))
    }
    case 'undo':
      return undoChange(session, schemas.UndoChange.parse({ ...seen, eventId: card!.undo?.eventId }))
    case 'comment':
      return commentDeal(session, schemas.CommentDeal.parse({ number: seen.number, text: verb.text }))
  }
}

/** All that the database holds of a deal, without the ids that depend on the order of loading. */
export async function traceOf(em: Em, number: number): Promise<unknown> {
  const [deal] = await selectRows<Record<string, unknown>>(
    em,
    sql`select deal.*, expected_close_on::text from deal where number = ${number}`,
  )
  const { id, number: _number, ...fields } = deal!
  const runs = await selectRows<Record<string, unknown>>(em, sql`select * from process_run where deal_id = ${id} order by id`)
  const visits = await selectRows<Record<string, unknown>>(em, sql`select * from status_visit where deal_id = ${id} order by id`)
  const events = await selectRows<Record<string, unknown>>(em, sql`select * from deal_event where deal_id = ${id} order by id`)
  const participants = await selectRows(
    em,
    sql`select employee_id from deal_participant where deal_id = ${id} order by employee_id`,
  )
  const runPlaces = new Map(runs.map((run, place) => [run['id'], place]))
  const eventPlaces = new Map(events.map((event, place) => [event['id'], place]))
  return {
    deal: fields,
    runs: runs.map(({ id: _id, deal_id: _deal, ...run }) => run),
    visits: visits.map(({ id: _id, deal_id: _deal, ...visit }) => visit),
    events: events.map(({ id: _id, deal_id: _deal, undo_state: _undo, ...event }) => {
      const body = event['body'] as Record<string, unknown>
      if ('runId' in body) return { ...event, body: { ...body, runId: runPlaces.get(body['runId']) } }
      return { ...event, body: 'eventId' in body ? { ...body, eventId: eventPlaces.get(body['eventId']) } : body }
    }),
    participants,
  }
}
