import type { FunnelMessage } from '../../domain/funnel-sentence.ts'

export const funnelEn: Readonly<Record<FunnelMessage, string>> = {
  step: '{from} → {to}',
  bottleneck: 'Bottleneck: {place}: {clauses}.',
  passing: '{share} of the resolved pass',
  passing_target_before: '{share} of the resolved pass, {target} in the preceding 12 months',
  passing_target_set: '{share} of the resolved pass, the target is {target}',
  shortfall: ', about {money} short',
  median_limit: 'median {age}, the limit is {limit}',
  median_before: 'median {age}, {limit} in the preceding 12 months',
  days: '{number}\u00a0{count, plural, one {day} other {days}}',
  hours: '{number}\u00a0{count, plural, one {hour} other {hours}}',
  working_hours: '{number}\u00a0working {count, plural, one {hour} other {hours}}',
  over: '{age} so far and growing',
  queue: 'more deals arrive than leave, three weeks running',
  waiting: '{count, plural, one {{number} deal is waiting} other {{number} deals are waiting}}',
  none_narrowest: 'No bottlenecks; the lowest is {place}: {share} of the resolved pass.',
  none_too_few:
    'No bottleneck to be seen; the lowest is {place}: {share} of the resolved pass, but too few deals: {count, plural, one {{number} resolved} other {{number} resolved}}.',
  none_resolved:
    'No resolved deals yet, so a bottleneck cannot be named; {count, plural, one {{number} deal is in the funnel} other {{number} deals are in the funnel}}.',
  no_deals: 'No deals in this period and slice.',
  connector: '→ {share}',
  unchanged: 'no change',
  joined: '+ {count, plural, one {{number} began here} other {{number} began here}}',
  skipped: '{count, plural, one {{number} went past} other {{number} went past}}',
  bottleneck_mark: 'Bottleneck',
  too_few_mark: 'too few deals',
}
