/** Names of what a person is told of in Telegram, in the chat and in the app. */
export const noticesRu = {
  'topic.task': 'Новая задача мне',
  'topic.overdue': 'Срок моей задачи прошёл',
  'topic.approval': 'Ждёт моего решения',
  'topic.given': 'Мне передали сделку',
  'topic.comment': 'Комментарий к моей сделке',
  'topic.decision': 'Решение по моей сделке',
  'topic.payment': 'Оплата по моей сделке',
  'topic.moved': 'Коллега передвинул мою сделку',
  'topic.rule': 'Правила компании',
  'topic.report': 'Отчёты от коллег',
  'quiet.none': 'нет',
  'quiet.span': 'с {from} до {to}',
} as const satisfies Record<string, string>

export type NoticesKey = keyof typeof noticesRu
