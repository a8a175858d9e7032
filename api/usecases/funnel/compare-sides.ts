import { alikeInstants, instantBefore, periodBefore } from '../../../shared/domain/compared-periods.ts'
import type { CompareQuery } from '../../../shared/schemas/compare.ts'
import type { FunnelQuery } from '../../../shared/schemas/funnel.ts'
import type { Session } from '../../session.ts'
import { ask } from './ask.ts'

export type Sides = { readonly now: FunnelQuery; readonly before: FunnelQuery }

/** The two questions that a comparison asks. @throws AppError not_found, input_invalid */
export async function sidesOf(session: Session, query: CompareQuery): Promise<Sides> {
  const {
    against,
    aged,
    otherFrom,
    otherTo,
    otherAsOf,
    otherType,
    otherCounterparty,
    otherDepartment,
    otherEmployee,
    split: _,
    ...own
  } = query
  const first: FunnelQuery = own
  const asked = await ask(session, first)
  const other =
    against === 'other'
      ? {
          type: otherType ?? own.type,
          counterparty: otherCounterparty ?? own.counterparty,
          department: otherDepartment ?? own.department,
          employee: otherEmployee ?? own.employee,
        }
      : {}
  if (own.basis === 'snapshot') {
    const { asOf } = asked.span
    const moment =
      against !== 'other'
        ? instantBefore(asOf, against, session.organization.timeZone)
        : otherAsOf === undefined
          ? asOf
          : new Date(otherAsOf)
    return { now: first, before: { ...first, ...other, asOf: moment.toISOString() } }
  }
  const period =
    against === 'other'
      ? { from: otherFrom ?? asked.period.from, to: otherTo ?? asked.period.to }
      : periodBefore(asked.period, against)
  const before: FunnelQuery = { ...first, ...other, ...period }
  const now: FunnelQuery = { ...first, ...asked.period }
  if (aged === 'now') return { now, before }
  const ends = { now: asked.span.to, before: (await ask(session, before)).span.to }
  const instants = alikeInstants(ends, asked.span.asOf)
  const at = (side: 'now' | 'before') => (instants[side] < asked.span.asOf ? { asOf: instants[side].toISOString() } : {})
  return { now: { ...now, ...at('now') }, before: { ...before, ...at('before') } }
}
