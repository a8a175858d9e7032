import type { AppRulePreviewKey } from '../ru/app-rule-preview.ts'

export const appRulePreviewEn: Readonly<Record<AppRulePreviewKey, string>> = {
  'past.title': 'What it would have done',
  'past.intro': 'The past of real deals is played with this rule. Nothing is written.',
  'past.period': 'Deals created',
  'past.month': 'this month',
  'past.quarter': 'this quarter',
  'past.year': 'this year',
  'past.check': 'Check on the past',
  'past.again': 'Check again',
  'past.changed': 'The rule has changed since the check.',
  'past.none': '{deals, plural, one {# deal would have gone} other {# deals would have gone}} exactly the same way.',
  'past.some': '{differing} of {deals, plural, one {# deal} other {# deals}} would have gone another way.',
  'past.noDeals': 'There are no deals in this period.',
  'past.funnel': 'Funnel: reached the status',
  'past.before': 'now',
  'past.after': 'with the rule',
  'past.deals': 'Which deals',
  'past.first': 'The {count} with the largest sums are shown.',
}
