import { addDays, type Day } from '../shared/domain/periods.ts'

const words: Readonly<Record<string, number>> = {
  сегодня: 0,
  today: 0,
  завтра: 1,
  tomorrow: 1,
  послезавтра: 2,
  вчера: -1,
  yesterday: -1,
}
/** From Monday on. */
const weekdays = [
  /^(пн|понедельник|mon|monday)$/,
  /^(вт|вторник|tue|tuesday)$/,
  /^(ср|сред[ау]|wed|wednesday)$/,
  /^(чт|четверг|thu|thursday)$/,
  /^(пт|пятниц[ау]|fri|friday)$/,
  /^(сб|суббот[ау]|sat|saturday)$/,
  /^(вс|воскресенье|sun|sunday)$/,
]
const months = [
  ['янв', 'jan'],
  ['фев', 'feb'],
  ['мар', 'mar'],
  ['апр', 'apr'],
  ['май', 'мая', 'may'],
  ['июн', 'jun'],
  ['июл', 'jul'],
  ['авг', 'aug'],
  ['сен', 'sep'],
  ['окт', 'oct'],
  ['ноя', 'nov'],
  ['дек', 'dec'],
]
const units: readonly (readonly [RegExp, number])[] = [
  [/^(д|день|дня|дней|day|days)$/, 1],
  [/^(нед|неделю|недели|недель|week|weeks)$/, 7],
]

/**
 * Reads a day as people write it in a chat: `25.12`, `25.12.2026`, `25 декабря`, `Dec 25`, `2026-12-25`, `завтра`, `пятница`,
 * `через 3 дня`, `in a week`. A day without a year is the nearest one; a weekday is the next one.
 * @returns null when it is none, also where the calendar has no such day.
 */
export function readDay(text: string, today: Day): Day | null {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)\s*(г\.?|года?)$/u, '')
    .replace(/^(в|во|к|on|by)\s+/u, '')
  if (Object.hasOwn(words, said)) return addDays(today, words[said] ?? 0)
  return readIso(said) ?? readNumbers(said, today) ?? readNamed(said, today) ?? readAhead(said, today) ?? readWeekday(said, today)
}

function readIso(said: string): Day | null {
  const [, year, month, day] = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/.exec(said) ?? []
  return year ? dayFrom(Number(year), Number(month), Number(day)) : null
}

function readNumbers(said: string, today: Day): Day | null {
  const [, day, month, year] = /^(\d{1,2})[-./](\d{1,2})(?:[-./](\d{4}|\d{2}))?\.?$/.exec(said) ?? []
  return day ? dated(Number(day), Number(month), year, today) : null
}

function readNamed(said: string, today: Day): Day | null {
  const [, day, word, year] = /^(\d{1,2})[\s.-]*(\p{L}{3,9})\.?(?:[\s,-]+(\d{4}))?$/u.exec(said) ?? []
  if (day && word) return dated(Number(day), monthOf(word), year, today)
  const [, first, after, last] = /^(\p{L}{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/u.exec(said) ?? []
  return first && after ? dated(Number(after), monthOf(first), last, today) : null
}

function readAhead(said: string, today: Day): Day | null {
  const [, count = '1', word = ''] = /^(?:через|in|\+)\s*(?:(\d{1,3}|an?)\s*)?(\p{L}+)$/u.exec(said) ?? []
  const many = Number(count) || 1
  if (/^(мес|месяц|месяца|месяцев|month|months)$/.test(word)) return addMonths(today, many)
  const size = units.find(([unit]) => unit.test(word))?.[1]
  return size === undefined ? null : addDays(today, size * many)
}

/** The same day so many months on, the month's last where it is shorter. */
function addMonths(today: Day, count: number): Day {
  const [year = 0, month = 0, day = 0] = today.split('-').map(Number)
  const last = new Date(Date.UTC(year, month + count, 0))
  return `${last.toISOString().slice(0, 8)}${String(Math.min(day, last.getUTCDate())).padStart(2, '0')}`
}

function readWeekday(said: string, today: Day): Day | null {
  const wanted = weekdays.findIndex((weekday) => weekday.test(said))
  if (wanted < 0) return null
  const present = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7
  return addDays(today, (wanted - present + 7) % 7 || 7)
}

function monthOf(word: string): number {
  return months.findIndex((starts) => starts.some((start) => word.startsWith(start))) + 1
}

function dated(day: number, month: number, year: string | undefined, today: Day): Day | null {
  if (year !== undefined) return dayFrom(year.length === 2 ? 2000 + Number(year) : Number(year), month, day)
  const present = Number(today.slice(0, 4))
  const away = (found: Day) => Math.abs(Date.parse(found) - Date.parse(today))
  const near = [present - 1, present, present + 1].map((one) => dayFrom(one, month, day)).filter((one) => one !== null)
  return near.sort((one, other) => away(one) - away(other))[0] ?? null
}

function dayFrom(year: number, month: number, day: number): Day | null {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const time = Date.parse(`${text}T00:00:00Z`)
  return month > 0 && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : null
}
