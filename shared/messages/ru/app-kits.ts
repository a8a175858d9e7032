/** Texts of the screens of starter kits. */
export const appKitsRu = {
  'kits.title': 'Готовые наборы',
  'kits.intro':
    'Тип сделок вместе с процессом, полями, документами и правилами. Ставится одним нажатием, потом всё можно изменить.',
  'kits.installed': 'Установлен',
  'kits.stages': '{count, plural, one {# этап} few {# этапа} many {# этапов} other {# этапа}}',
  'kits.rules': '{count, plural, one {# правило} few {# правила} many {# правил} other {# правила}}',
  'kits.gated':
    '{count, plural, one {# этап с условиями} few {# этапа с условиями} many {# этапов с условиями} other {# этапа с условиями}}',
  'kit.notFound': 'Такого набора нет',
  'kit.install': 'Установить',
  'kit.done': 'Набор «{name}» установлен',
  'kit.isThere': 'Набор установлен: сделки этого типа уже можно заводить.',
  'kit.openType': 'Тип сделок',
  'kit.openProcess': 'Процесс',
  'kit.openRules': 'Правила',
  'kit.newStatuses': 'В воронке появятся статусы: {names}.',
  'kit.noNewStatuses': 'Новых статусов в воронке не появится.',
  'kit.stages': 'Этапы',
  'kit.further': 'Отдельный процесс «{name}»',
  'kit.rules': 'Правила',
  'kit.limit': 'Срок {age}',
  'kit.gates': 'Чтобы войти',
  'kit.tasks': 'Задачи',
  'kit.ways': 'Дальше',
  'kit.back': 'Назад',
  'kit.wayIf': '{way}, если {condition}',
  'kit.end': 'Процесс завершается',
  'kit.fields': 'Поля сделки',
  'kit.documents': 'Документы',
} as const satisfies Record<string, string>

export type AppKitsKey = keyof typeof appKitsRu
