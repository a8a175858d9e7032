import type { Rhythm, SchedulePeriod } from '../../../../shared/domain/schedule.ts'
import type { Locale, NamedView } from '../../../../shared/views/common.ts'
import type { ReportFormatView, ScheduleView } from '../../../../shared/views/reports.ts'
import { splitAddresses, wrongAddress } from './addresses.ts'
import { t } from './messages.ts'

/** A schedule as it is being filled in: every rhythm keeps what was chosen for it. */
export type ScheduleDraft = {
  readonly name: string
  readonly query: Readonly<Record<string, unknown>>
  readonly period: SchedulePeriod
  readonly format: ReportFormatView
  readonly locale: Locale
  readonly kind: Rhythm['kind']
  readonly weekdays: readonly number[]
  readonly day: number
  readonly time: string
  readonly timeZone: string
  readonly emails: string
  readonly people: readonly NamedView[]
}

export type DraftProblem = { readonly field: 'name' | 'weekdays' | 'emails' | 'readers'; readonly text: string }

export function draftOf(schedule: ScheduleView): ScheduleDraft {
  const { name, query, period, format, locale, rhythm, time, timeZone, emails, employees } = schedule
  return {
    name,
    query,
    period,
    format,
    locale,
    kind: rhythm.kind,
    weekdays: rhythm.kind === 'weekly' ? rhythm.weekdays : [1],
    day: rhythm.kind === 'monthly' ? rhythm.day : 1,
    time,
    timeZone,
    emails: emails.join(', '),
    people: employees,
  }
}

/** On Mondays at nine, about what has been so far. @param query the question as the funnel had it, its days left out */
export function newDraft(query: ScheduleDraft['query'], period: SchedulePeriod, locale: Locale, timeZone: string): ScheduleDraft {
  return {
    name:
      query['basis'] === 'snapshot'
        ? t('schedule.nameStanding')
        : t('schedule.nameDefault', { period: t(`period.${period}`).toLowerCase() }),
    query,
    period,
    format: 'pdf',
    locale,
    kind: 'weekly',
    weekdays: [1],
    day: 1,
    time: '09:00',
    timeZone,
    emails: '',
    people: [],
  }
}

export function problemOf(draft: ScheduleDraft): DraftProblem | null {
  const addresses = splitAddresses(draft.emails)
  const wrong = wrongAddress(addresses)
  if (draft.name.trim() === '') return { field: 'name', text: t('schedule.noName') }
  if (draft.kind === 'weekly' && draft.weekdays.length === 0) return { field: 'weekdays', text: t('schedule.noDays') }
  if (wrong !== null) return { field: 'emails', text: t('mail.wrong', { address: wrong }) }
  if (addresses.length + draft.people.length === 0) return { field: 'readers', text: t('schedule.noReaders') }
  return null
}

/** What the server is sent. */
export function bodyOf({ kind, weekdays, day, emails, people, ...draft }: ScheduleDraft): object {
  const rhythm: Rhythm = kind === 'weekly' ? { kind, weekdays } : kind === 'monthly' ? { kind, day } : { kind }
  return { ...draft, name: draft.name.trim(), rhythm, emails: splitAddresses(emails), employeeIds: people.map(({ id }) => id) }
}
