import { type IconName, icons } from '../ui/icons.ts'

/** What a deal type can be drawn with. */
export const typeIcons = [
  'box',
  'wrench',
  'layers',
  'shield',
  'deals',
  'money',
  'place',
  'calendar',
  'phone',
  'people',
  'file',
  'refresh',
] as const

export function typeIcon(name: string): IconName {
  return name in icons ? (name as IconName) : 'deals'
}
