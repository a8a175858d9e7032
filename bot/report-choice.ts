import { z } from 'zod'
import type { Session } from '../api/session.ts'
import { dayOf, presetPeriod } from '../shared/domain/periods.ts'
import { type FunnelQuery, ShowFunnel } from '../shared/schemas/funnel.ts'
import type { Role } from '../shared/views/common.ts'

export const bases = ['cohort', 'flow', 'snapshot'] as const
export const periods = ['month', 'quarter', 'year', 'last12'] as const
export const formats = ['png', 'pdf', 'xlsx'] as const
export const scopes = ['mine', 'department', 'all'] as const
export type ReportFormat = (typeof formats)[number]
export type ReportScope = (typeof scopes)[number]

/** What a report is about and how it comes. `type` is a deal type's code, null = all. */
export const ReportChoice = z.strictObject({
  /** Left out by keys that were sent before there was a choice. */
  basis: z.enum(bases).default('cohort'),
  period: z.enum(periods),
  type: z.string().nullable(),
  who: z.enum(scopes),
  format: z.enum(formats),
})
export type ReportChoice = z.output<typeof ReportChoice>

/** As far as each role sees; the widest last. What is asked for beyond it is cut by visibility anyway. */
const scopesOf: { readonly [R in Role]: readonly ReportScope[] } = {
  admin: scopes,
  executive: ['department', 'all'],
  head: ['mine', 'department'],
  manager: ['mine'],
  field: ['mine'],
}

export function scopesFor(session: Session): readonly ReportScope[] {
  return scopesOf[session.actor.role]
}

/** A choice that the reader may make: a narrower role gets its own widest scope. */
export function fitChoice<Choice extends Pick<ReportChoice, 'who'>>(session: Session, choice: Choice): Choice {
  const allowed = scopesFor(session)
  return allowed.includes(choice.who) ? choice : { ...choice, who: allowed.at(-1) ?? 'mine' }
}

export function firstChoice(session: Session): ReportChoice {
  return { basis: 'cohort', period: 'year', type: null, who: scopesFor(session).at(-1) ?? 'mine', format: 'png' }
}

/** The words of the question, as in the app's URL; the same instant and days give the same figures. */
export function reportWords(session: Session, choice: ReportChoice, asOf: Date): Record<string, string> {
  const { from, to } = presetPeriod(choice.period, dayOf(asOf, session.organization.timeZone))
  return { from, to, ...sliceWords(session, choice) }
}

/** The same without the days. */
export function sliceWords(session: Session, choice: Pick<ReportChoice, 'basis' | 'type' | 'who'>): Record<string, string> {
  const { actor } = session
  return {
    ...(choice.basis === 'cohort' ? {} : { basis: choice.basis }),
    ...(choice.type === null ? {} : { type: choice.type }),
    // Field staff own no deals: what they see is what is theirs.
    ...(choice.who === 'mine' && actor.role !== 'field' ? { employee: String(actor.id) } : {}),
    ...(choice.who === 'department' ? { department: String(actor.departmentId) } : {}),
  }
}

export function reportQuery(session: Session, choice: ReportChoice, asOf: Date): FunnelQuery {
  return ShowFunnel.parse({ basis: 'cohort', ...reportWords(session, choice, asOf), asOf: asOf.toISOString() })
}
