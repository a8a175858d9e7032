const ru = {
  people: 'Кто пишет боту: выберите',
  note: 'Демонстрация без Telegram: переписка хранится в памяти и исчезнет при остановке.',
  bot: 'бот',
  typing: 'печатает…',
  upload_document: 'отправляет файл…',
  upload_photo: 'отправляет картинку…',
  offline: 'нет связи, повторяем…',
  chatWith: (name) => `Чат: ${name}`,
  input: 'Сообщение',
  send: 'Отправить',
  attach: 'Прикрепить файл',
  menu: 'Команды',
  reply: 'Ответить',
  replyTo: (text) => `Ответить на сообщение: ${text}`,
  cancelReply: 'Не отвечать на это сообщение',
  you: 'Вы',
  edited: 'изменено',
  today: 'Сегодня',
  start: 'Начать',
  empty: 'Здесь пока пусто',
  copied: 'Скопировано',
  failed: 'Не получилось. Попробуйте ещё раз.',
  changed: 'Сообщение уже изменилось',
  slow: 'Бот не ответил',
  tooLarge: 'Файл больше 5 МБ',
  close: 'Понятно',
  photo: 'Картинка',
  file: 'Файл',
  spoiler: 'Показать скрытое',
  unread: (count) => `непрочитанных: ${count}`,
  bytes: ['Б', 'КБ', 'МБ'],
  roles: {
    admin: 'Админи\u00adстратор',
    executive: 'Руково\u00adдитель',
    head: 'Глава отдела',
    manager: 'Мене\u00adджер',
    field: 'Выезд\u00adной',
  },
}

const en = {
  people: 'Who writes to the bot: choose',
  note: 'A demo without Telegram: the chats are in memory and are gone when it stops.',
  bot: 'bot',
  typing: 'is typing…',
  upload_document: 'is sending a file…',
  upload_photo: 'is sending a picture…',
  offline: 'no connection, trying again…',
  chatWith: (name) => `Chat: ${name}`,
  input: 'Message',
  send: 'Send',
  attach: 'Attach a file',
  menu: 'Commands',
  reply: 'Reply',
  replyTo: (text) => `Reply to the message: ${text}`,
  cancelReply: 'Do not reply to this message',
  you: 'You',
  edited: 'edited',
  today: 'Today',
  start: 'Start',
  empty: 'Nothing here yet',
  copied: 'Copied',
  failed: 'That did not work. Please try again.',
  changed: 'The message has changed already',
  slow: 'The bot did not answer',
  tooLarge: 'The file is larger than 5 MB',
  close: 'OK',
  photo: 'Picture',
  file: 'File',
  spoiler: 'Show what is hidden',
  unread: (count) => `unread: ${count}`,
  bytes: ['B', 'KB', 'MB'],
  roles: { admin: 'Admin', executive: 'Executive', head: 'Team head', manager: 'Manager', field: 'Field' },
}

const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language
export const language = asked.toLowerCase().startsWith('en') ? 'en' : asked.toLowerCase().startsWith('ru') ? 'ru' : 'en'
export const texts = { ru, en }[language]

/** Hours to 23 and the day before its month, as everywhere in the product. */
const dates = { ru: 'ru', en: 'en-GB' }[language]
const time = new Intl.DateTimeFormat(dates, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(dates, { day: 'numeric', month: 'long' })
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })

export const formatTime = (at) => time.format(at)
export const formatDay = (at) => (new Date(at).toDateString() === new Date().toDateString() ? texts.today : day.format(at))

export function formatSize(bytes) {
  const power = bytes < 1024 ? 0 : bytes < 1024 * 1024 ? 1 : 2
  return `${number.format(bytes / 1024 ** power)}\u00a0${texts.bytes[power]}`
}
