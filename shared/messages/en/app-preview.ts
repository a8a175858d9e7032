import type { AppPreviewKey } from '../ru/app-preview.ts'

export const appPreviewEn: Readonly<Record<AppPreviewKey, string>> = {
  'past.title': 'What it would have done',
  'past.whatIf': 'What would this have changed?',
  'past.intro.rule': 'The past of real deals is played with this rule. Nothing is written.',
  'past.intro.process': 'The past of real deals is played by this draft. Nothing is written.',
  'past.period': 'Deals created in the last',
  'past.days': '{days, plural, one {# day} other {# days}}',
  'past.check': 'Check on the past',
  'past.again': 'Check again',
  'past.cancel': 'Stop',
  'past.running': 'Playing the past…',
  'past.progress': 'Played {done} of {total}',
  'past.changed.rule': 'The rule has changed since the check.',
  'past.changed.process': 'The draft has changed since the check.',
  'past.otherPeriod': 'Below is what was found for the last {days, plural, one {# day} other {# days}}.',
  'past.none': '{deals, plural, one {# deal would have gone} other {# deals would have gone}} exactly the same way.',
  'past.some':
    '{differing, plural, one {#} other {#}} of {deals, plural, one {# deal} other {# deals}} would have gone another way.',
  'past.noDeals': 'There are no deals in this period.',
  'past.refused': 'The draft would have held back {count, plural, one {# move} other {# moves}}.',
  'past.gone': 'Moves into stages that the draft does not have could not be played: {stages}.',
  'past.goneStage': '“{name}” — {count}',
  'past.unknown': 'What history does not know (it held no deal back, or is taken as it is now):',
  'past.unknown.fact': '{name}: earlier values are not kept, today’s are taken ({count, plural, one {# deal} other {# deals}})',
  'past.unknown.approval':
    'the decision of “{name}”: nobody was asked for it then ({count, plural, one {# deal} other {# deals}})',
  'past.unknown.tasks':
    'new tasks of the stage “{name}”: nobody was given them then ({count, plural, one {# deal} other {# deals}})',
  'past.funnel': 'Funnel: reached the status',
  'past.resolved': 'conversion {share}',
  'past.noData': 'no data',
  'past.before': 'Now',
  'past.after.rule': 'With the rule',
  'past.after.process': 'By the draft',
  'past.stage': 'Stage',
  'past.deals': 'Which deals',
  'past.first': 'The {count} with the largest sums are shown.',
  'past.publish':
    'Checked on the past: {differing, plural, one {#} other {#}} of {deals, plural, one {# deal} other {# deals}} of the last {days, plural, one {# day} other {# days}} would have gone another way.',
  'past.publishNone':
    'Checked on the past: all deals of the last {days, plural, one {# day} other {# days}} would have gone the same way.',
}
