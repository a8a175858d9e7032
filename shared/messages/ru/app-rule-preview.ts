/** Texts of the check of a rule on the past. */
export const appRulePreviewRu = {
  'past.title': 'Что было бы',
  'past.intro': 'Прошлое настоящих сделок проигрывается с этим правилом. Ничего не записывается.',
  'past.period': 'Сделки, созданные',
  'past.month': 'в этом месяце',
  'past.quarter': 'в этом квартале',
  'past.year': 'с начала года',
  'past.check': 'Проверить на прошлом',
  'past.again': 'Проверить ещё раз',
  'past.changed': 'Правило изменилось после проверки.',
  'past.none':
    '{deals, plural, one {# сделка прошла бы} few {# сделки прошли бы} many {# сделок прошли бы} other {# сделки прошли бы}} точно так же.',
  'past.some':
    'По-другому пошли бы {differing} из {deals, plural, one {# сделки} few {# сделок} many {# сделок} other {# сделки}}.',
  'past.noDeals': 'В этом периоде сделок нет.',
  'past.funnel': 'Воронка: дошли до статуса',
  'past.before': 'сейчас',
  'past.after': 'с правилом',
  'past.deals': 'Какие сделки',
  'past.first': 'Показаны {count} с самыми большими суммами.',
} as const satisfies Record<string, string>

export type AppRulePreviewKey = keyof typeof appRulePreviewRu
