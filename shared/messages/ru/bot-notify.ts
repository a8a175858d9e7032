import { noticesRu } from './notices.ts'

/** Texts of the bot about what it tells people unasked. HTML, as in `bot.ts`. */
export const botNotifyRu = {
  ...noticesRu,
  'notify.title': 'Уведомления',
  'notify.about': 'Пишу сюда о том, что отмечено ✓. Нажмите, чтобы включить или выключить.',
  'notify.neverQuiet': 'Тихих часов нет: пишу сразу.',
  'notify.quiet':
    'Тихие часы: с {from} до {to} ({zone}). Что случится в это время, пришлю в {to}. Ответы на ваши вопросы и отчёты по вашему расписанию приходят сразу.',
  'notify.quietTitle': 'Тихие часы',
  'notify.quietAbout': 'Когда не писать? Что случится в это время, придёт в конце тихих часов. Время: {zone}.',
  'notify.quietAsk': 'С какого часа и до какого не писать? Напишите сообщением. Например: 21:30–7.',
  'notify.quietWrong': 'Нужны два разных времени, например: 21:30–7.',
  'notify.on': 'Буду писать: {topic}',
  'notify.off': 'Больше не пишу: {topic}',
  'notify.less': 'Больше не пишу: {topic}. Вернуть: /notify',
  'key.quiet': 'Тихие часы: {span}',
  'key.otherQuiet': 'Другие часы…',
  'key.neverQuiet': 'Без тихих часов',
  'key.notify': '‹ К уведомлениям',
  'key.less': 'Не писать о таком',
} as const satisfies Record<string, string>
