import { offsetMs } from '../../../../shared/domain/periods.ts'
import type { Locale } from '../../../../shared/views/common.ts'

/** Cities of the zones of Russia and its neighbours in Russian; `Intl` names no cities. */
const cities: Readonly<Record<string, string>> = {
  'Europe/Kaliningrad': 'Калининград',
  'Europe/Moscow': 'Москва',
  'Europe/Simferopol': 'Симферополь',
  'Europe/Volgograd': 'Волгоград',
  'Europe/Samara': 'Самара',
  'Europe/Saratov': 'Саратов',
  'Europe/Minsk': 'Минск',
  'Asia/Yekaterinburg': 'Екатеринбург',
  'Asia/Omsk': 'Омск',
  'Asia/Novosibirsk': 'Новосибирск',
  'Asia/Krasnoyarsk': 'Красноярск',
  'Asia/Irkutsk': 'Иркутск',
  'Asia/Yakutsk': 'Якутск',
  'Asia/Vladivostok': 'Владивосток',
  'Asia/Magadan': 'Магадан',
  'Asia/Kamchatka': 'Камчатка',
  'Asia/Almaty': 'Алматы',
  'Asia/Tashkent': 'Ташкент',
  'Asia/Bishkek': 'Бишкек',
  'Asia/Yerevan': 'Ереван',
  'Asia/Baku': 'Баку',
  'Asia/Tbilisi': 'Тбилиси',
}
const minuteMs = 60_000

/** `Europe/Moscow` -> `Москва (UTC+3)`, `Moscow (UTC+3)`. @param now the offset is that of this moment */
export function nameZone(zone: string, locale: Locale, now: Date): string {
  if (zone === 'UTC') return 'UTC'
  return `${cityOf(zone, locale)} (${sayOffset(offsetMs(now, zone))})`
}

/** `America/New_York` -> `New York`. */
export function cityOf(zone: string, locale: Locale): string {
  const russian = locale === 'ru' ? cities[zone] : undefined
  return russian ?? zone.split('/').at(-1)!.replaceAll('_', ' ')
}

function sayOffset(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / minuteMs)
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`
  return `UTC${ms < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`
}

const usualZones = [
  'Europe/Kaliningrad',
  'Europe/Moscow',
  'Europe/Samara',
  'Asia/Yekaterinburg',
  'Asia/Omsk',
  'Asia/Novosibirsk',
  'Asia/Krasnoyarsk',
  'Asia/Irkutsk',
  'Asia/Yakutsk',
  'Asia/Vladivostok',
  'Asia/Magadan',
  'Asia/Kamchatka',
] as const

/**
 * The organisation's zone and the chosen one first, then Russia's from west to east, each by its city and how far it is from UTC; then all
 * others by city and id: the offsets of four hundred zones would cost a phone too much.
 */
export function timeZones(own: string, chosen: string, locale: Locale, now: Date): readonly { zone: string; name: string }[] {
  const first = new Set([own, chosen, ...usualZones])
  const others = [...Intl.supportedValuesOf('timeZone'), 'UTC'].filter(
    (zone, index, all) => !first.has(zone) && all.indexOf(zone) === index,
  )
  return [
    ...[...first].map((zone) => ({ zone, name: nameZone(zone, locale, now) })),
    ...others.map((zone) => ({ zone, name: zone === 'UTC' ? zone : `${cityOf(zone, locale)} (${zone})` })),
  ]
}
