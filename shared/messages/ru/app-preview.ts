/** Texts of the play of past deals with a changed rule or process. */
export const appPreviewRu = {
  'past.title': 'Что было бы',
  'past.whatIf': 'Что бы изменилось?',
  'past.intro.rule': 'Прошлое настоящих сделок проигрывается с этим правилом. Ничего не записывается.',
  'past.intro.process': 'Прошлое настоящих сделок проигрывается по этому черновику. Ничего не записывается.',
  'past.period': 'Сделки, созданные за последние',
  'past.days': '{days, plural, one {# день} few {# дня} many {# дней} other {# дня}}',
  'past.check': 'Проверить на прошлом',
  'past.again': 'Проверить ещё раз',
  'past.cancel': 'Остановить',
  'past.running': 'Проигрываем прошлое…',
  'past.progress': 'Проиграно {done} из {total}',
  'past.changed.rule': 'Правило изменилось после проверки.',
  'past.changed.process': 'Черновик изменился после проверки.',
  'past.otherPeriod': 'Ниже — итог за последние {days, plural, one {# день} few {# дня} many {# дней} other {# дня}}.',
  'past.none':
    '{deals, plural, one {# сделка прошла бы} few {# сделки прошли бы} many {# сделок прошли бы} other {# сделки прошли бы}} точно так же.',
  'past.some':
    '{differing, plural, one {По-другому пошла бы #} few {По-другому пошли бы #} many {По-другому пошли бы #} other {По-другому пошли бы #}} из {deals, plural, one {# сделки} few {# сделок} many {# сделок} other {# сделки}}.',
  'past.noDeals': 'В этом периоде сделок нет.',
  'past.refused':
    'Черновик не пропустил бы {count, plural, one {# переход} few {# перехода} many {# переходов} other {# перехода}}.',
  'past.gone': 'Не проиграны переходы в этапы, которых в черновике нет: {stages}.',
  'past.goneStage': '«{name}» — {count}',
  'past.unknown': 'Чего история не знает (это не мешало сделкам идти дальше или взято как сейчас):',
  'past.unknown.fact':
    '{name}: прежние значения не хранятся, взяты нынешние ({count, plural, one {# сделка} few {# сделки} many {# сделок} other {# сделки}})',
  'past.unknown.approval':
    'решение роли «{name}»: тогда его не спрашивали ({count, plural, one {# сделка} few {# сделки} many {# сделок} other {# сделки}})',
  'past.unknown.tasks':
    'новые задачи этапа «{name}»: тогда их не давали ({count, plural, one {# сделка} few {# сделки} many {# сделок} other {# сделки}})',
  'past.funnel': 'Воронка: дошли до статуса',
  'past.resolved': 'конверсия {share}',
  'past.noData': 'нет данных',
  'past.before': 'Сейчас',
  'past.after.rule': 'С правилом',
  'past.after.process': 'По черновику',
  'past.stage': 'Этап',
  'past.deals': 'Какие сделки',
  'past.first': 'Показаны {count} с самыми большими суммами.',
  'past.publish':
    'Проверка на прошлом: за {days, plural, one {# день} few {# дня} many {# дней} other {# дня}} по-другому {differing, plural, one {пошла бы #} few {пошли бы #} many {пошли бы #} other {пошли бы #}} из {deals, plural, one {# сделки} few {# сделок} many {# сделок} other {# сделки}}.',
  'past.publishNone':
    'Проверка на прошлом: за {days, plural, one {# день} few {# дня} many {# дней} other {# дня}} все сделки прошли бы так же.',
} as const satisfies Record<string, string>

export type AppPreviewKey = keyof typeof appPreviewRu
