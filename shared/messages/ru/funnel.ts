import type { FunnelMessage } from '../../domain/funnel-sentence.ts'

export const funnelRu: Readonly<Record<FunnelMessage, string>> = {
  step: '{from} → {to}',
  bottleneck: 'Узкое место: {place}: {clauses}.',
  passing: 'проходят {share} решённых',
  passing_target_before: 'проходят {share} решённых, в предыдущие 12\u00a0мес. {target}',
  passing_target_set: 'проходят {share} решённых, цель {target}',
  shortfall: ', недобор ≈\u00a0{money}',
  median_limit: 'медиана {age}, норма {limit}',
  median_before: 'медиана {age}, в предыдущие 12\u00a0мес. {limit}',
  days: '{number}\u00a0{count, plural, one {день} few {дня} many {дней} other {дня}}',
  hours: '{number}\u00a0{count, plural, one {час} few {часа} many {часов} other {часа}}',
  working_hours: '{number}\u00a0{count, plural, one {рабочий час} few {рабочих часа} many {рабочих часов} other {рабочего часа}}',
  over: 'пока {age} и растёт',
  queue: 'три недели подряд приходит больше сделок, чем уходит',
  waiting:
    '{count, plural, one {ждёт {number} сделка} few {ждут {number} сделки} many {ждут {number} сделок} other {ждут {number} сделки}}',
  none_narrowest: 'Узких мест нет; ниже всего {place}: проходят {share} решённых.',
  none_too_few:
    'Узких мест не видно; ниже всего {place}: проходят {share} решённых, но сделок мало: {count, plural, one {решена {number}} few {решены {number}} many {решено {number}} other {решено {number}}}.',
  none_resolved:
    'Решённых сделок пока нет, узкое место назвать нельзя; {count, plural, one {в воронке {number} сделка} few {в воронке {number} сделки} many {в воронке {number} сделок} other {в воронке {number} сделки}}.',
  no_deals: 'За этот период по этому срезу сделок нет.',
  connector: '→ {share}',
  unchanged: 'без изменений',
  joined:
    '+ {count, plural, one {{number} начала здесь} few {{number} начали здесь} many {{number} начали здесь} other {{number} начали здесь}}',
  skipped:
    '{count, plural, one {{number} прошла мимо} few {{number} прошли мимо} many {{number} прошли мимо} other {{number} прошли мимо}}',
  bottleneck_mark: 'Узкое место',
  too_few_mark: 'мало сделок',
}
